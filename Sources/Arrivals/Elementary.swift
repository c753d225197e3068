/// The two elementary functions a schedule needs, in IEEE 754 additions, multiplications and divisions only.
///
/// A C library's `log` and `sin` may differ in the last bit between two machines (its version, and whether the processor
/// fuses multiplication and addition, choose between implementations). A sum of a million logarithms shows that, and
/// one seed would then give two schedules. Basic operations are exactly rounded everywhere, and Swift never fuses them
/// by itself, so these give the same bits on every machine. Both are within 3 units in the last place.
enum Elementary {
    /// −ln u for u in [2^-53, 1]: the gap of a unit Poisson process that a uniform number u stands for.
    ///
    /// With u = 2^k · m, m in [√½, √2), and s = (m − 1) / (m + 1): ln u = k · ln 2 + 2 · artanh s, and
    /// artanh s = s · (1 + s²/3 + s⁴/5 + …), of which ten terms reach 2^-55 since s² < 0.0295.
    @inline(__always)
    static func negativeLogarithm(_ u: Double) -> Double {
        let bits = u.bitPattern
        // The bits above those of √½ decide the exponent, so that m falls around 1 and ln 1 is exactly 0.
        let shifted = bits &- rootHalfBits
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
        // ln 2 in two parts: k times the first is exact.
        return -(k * 0x1.62e42fefa38p-1 + ((s + s) + ((s + s) * tail + k * 0x1.ef35793c7673p-45)))
    }

    /// sin(πx) for x in [0, 1]; exactly 0 at both ends.
    ///
    /// Half turns as the unit make the reduction of the argument exact. By symmetry x ≤ ½, where Taylor's series
    /// reaches 2^-59 with eleven terms.
    static func sine(halfTurns x: Double) -> Double {
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

    /// The bit pattern of √½.
    private static let rootHalfBits: UInt64 = 0x3FE6_A09E_667F_3BCD
}
