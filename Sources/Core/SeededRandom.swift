/// A seeded stream of random numbers: SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
/// generators"). Same seed and stream, same numbers, on every machine.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - stream: what the numbers are for; two streams of one seed are independent.
    package init(seed: UInt64, stream: UInt64 = 0) {
        state = Self.mix(seed &+ Self.mix(stream &* Self.golden &+ 1))
    }

    /// A stream that is known by a name, such as `lab/shop/time`.
    package init(seed: UInt64, named name: String) {
        // FNV-1a, 64 bits: the same on every machine and in every process.
        self.init(
            seed: seed, stream: name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }

    package mutating func next() -> UInt64 {
        state &+= Self.golden
        return Self.mix(state)
    }

    /// A uniform number in (0, 1]: never zero, so its logarithm is finite.
    package mutating func nextUnit() -> Double { Self.unit(next()) }

    /// The `n`th number of a stream without the ones before it: a pure function, for choices that belong to
    /// arrival `n` whoever makes them and in whatever order.
    package static func value(seed: UInt64, stream: UInt64, at n: UInt64) -> UInt64 {
        mix(mix(seed &+ mix(stream &* golden &+ 1)) &+ (n &+ 1) &* golden)
    }

    /// Maps 64 random bits to a uniform number in (0, 1].
    package static func unit(_ bits: UInt64) -> Double { Double((bits >> 11) + 1) * 0x1p-53 }

    private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
