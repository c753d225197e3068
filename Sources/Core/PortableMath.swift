/// Logarithm, exponential and sine in IEEE 754 additions, multiplications and divisions only.
///
/// A C library's may differ in the last bit between two machines (its version, and whether the processor fuses
/// multiplication and addition, choose between implementations). A sum of a million logarithms shows that, and one seed
/// would then give two schedules. Basic operations are exactly rounded everywhere, and Swift never fuses them by itself,
/// so these give the same bits on every machine. All are within a few units in the last place.
package enum PortableMath {
    /// ln x for a positive normal number.
    ///
    /// With x = 2^k · m, m in [√½, √2), and s = (m − 1) / (m + 1): ln x = k · ln 2 + 2 · artanh s, and
    /// artanh s = s · (1 + s²/3 + s⁴/5 + …), of which ten terms reach 2^-55 since s² < 0.0295.
    @inlinable
    package static func logarithm(_ x: Double) -> Double {
        // The bits above those of √½ decide the exponent, so that m falls around 1 and ln 1 is exactly 0.
        let shifted = x.bitPattern &- rootHalfBits
        let k = Double(Int64(bitPattern: shifted) >> 52)
        let m = Double(bitPattern: (shifted & 0x000F_FFFF_FFFF_FFFF) &+ rootHalfBits)
        let s = (m - 1) / (m + 1)
        let z = s * s
        let z2 = z * z
        let z4 = z2 * z2
        // Estrin's order: four short sums side by side rather than nine steps in a row.
        let low = (1.0 / 3 + z * (1.0 / 5)) + z2 * (1.0 / 7 + z * (1.0 / 9))
        let high = (1.0 / 11 + z * (1.0 / 13)) + z2 * (1.0 / 15 + z * (1.0 / 17))
        let tail = z * (low + z4 * (high + z4 * (1.0 / 19)))
        return k * ln2High + ((s + s) + ((s + s) * tail + k * ln2Low))
    }

    /// e^x; 0 below −708, infinite above 709.
    ///
    /// With x = k · ln 2 + r, |r| ≤ ½ ln 2: e^x = 2^k · e^r, and Taylor's series of e^r reaches 2^-57 with 13 terms.
    package static func exponential(_ x: Double) -> Double {
        if x < -708 { return 0 }
        if x > 709 { return .infinity }
        let k = (x * 0x1.71547652b82fep0).rounded()
        let r = (x - k * ln2High) - k * ln2Low
        var sum = 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        sum = sum * r + 1.0 / 2
        sum = (sum * r + 1) * r + 1
        // k lies in −1021...1023.
        return sum * Double(bitPattern: UInt64(bitPattern: Int64(k) + 1023) << 52)
    }

    /// ln(1 + x) / x for x > −1, which is 1 at 0. What rounding does to 1 + x is divided out again (Kahan; Higham 2002,
    /// "Accuracy and Stability of Numerical Algorithms", 1.14.1).
    package static func logarithmRatio(_ x: Double) -> Double {
        let u = 1 + x
        return u == 1 ? 1 : logarithm(u) / (u - 1)
    }

    /// (e^x − 1) / x, which is 1 at 0; by the same device.
    package static func exponentialRatio(_ x: Double) -> Double {
        let u = exponential(x)
        if u == 1 { return 1 }
        if abs(x) > 1 { return (u - 1) / x }
        return (u - 1) / logarithm(u)
    }

    /// sin(πx) for x in [0, 1]; exactly 0 at both ends.
    ///
    /// Half turns as the unit make the reduction of the argument exact. By symmetry x ≤ ½, where Taylor's series
    /// reaches 2^-59 with eleven terms.
    package static func sine(halfTurns x: Double) -> Double {
        let y = (x <= 0.5 ? x : 1 - x) * Double.pi
        let z = y * y
        var sum = 1.0 / 51_090_942_171_709_440_000
        sum = sum * z - 1.0 / 121_645_100_408_832_000
        sum = sum * z + 1.0 / 355_687_428_096_000
        sum = sum * z - 1.0 / 1_307_674_368_000
        sum = sum * z + 1.0 / 6_227_020_800
        sum = sum * z - 1.0 / 39_916_800
        sum = sum * z + 1.0 / 362_880
        sum = sum * z - 1.0 / 5_040
        sum = sum * z + 1.0 / 120
        sum = sum * z - 1.0 / 6
        return y + y * z * sum
    }

    /// ln 2 in two parts: a small whole number times the first is exact.
    @usableFromInline static let ln2High = 0x1.62e42fefa38p-1
    @usableFromInline static let ln2Low = 0x1.ef35793c7673p-45

    /// The bit pattern of √½.
    @usableFromInline static let rootHalfBits: UInt64 = 0x3FE6_A09E_667F_3BCD
}
