import Core
import Testing

@Suite("A seeded stream of random numbers")
struct SeededRandomTests {
    /// The first outputs of the authors' reference program (splitmix64.c) for the state 1234567.
    static let reference: [UInt64] = [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]

    @Test("is SplitMix64: its numbers are the published ones")
    func reference() {
        // The seed is scrambled before use; unscrambling the state wanted gives the seed that leads to it.
        let seed = unmix(1_234_567) &- mix(1)
        var random = SeededRandom(seed: seed)
        #expect((0..<5).map { _ in random.next() } == Self.reference)
    }

    @Test("is the same for the same seed and stream, and another for another")
    func repeatable() {
        let numbers = first(16, seed: 7, stream: 3)
        #expect(first(16, seed: 7, stream: 3) == numbers)
        #expect(Set(first(16, seed: 8, stream: 3)).isDisjoint(with: numbers))
        #expect(Set(first(16, seed: 7, stream: 4)).isDisjoint(with: numbers))
    }

    @Test("never changes from one version to the next: old seeds keep their schedules")
    func golden() {
        #expect(
            first(3, seed: 0, stream: 0) == [0x4181_B152_FB77_616F, 0x169C_646D_5226_9D62, 0x4A5D_E8D8_D53B_7280])
        #expect(
            first(3, seed: 42, stream: 1) == [0x33AA_906D_7B87_BF0E, 0xDF30_7A5B_580B_BDC1, 0x90B9_D877_9818_7A7E])
    }

    @Test("gives its nth number without the ones before it", arguments: [UInt64(0), 1, 42, .max])
    func randomAccess(seed: UInt64) {
        for stream in [UInt64(0), 1, 0x6761_7073 << 32, .max] {
            let numbers = first(100, seed: seed, stream: stream)
            let direct = (0..<100).map { SeededRandom.value(seed: seed, stream: stream, at: $0) }
            #expect(direct == numbers)
        }
    }

    @Test(
        "has units in (0, 1]: never zero, in 53 bits",
        arguments: [
            (UInt64(0), 0x1p-53), (.max, 1.0), (1 << 63, 0.5 + 0x1p-53), (0x7FF, 0x1p-53), (0x800, 0x1p-52),
        ])
    func unit(of bits: UInt64, is unit: Double) {
        #expect(SeededRandom.unit(bits) == unit)
    }

    @Test(
        "spreads its units evenly: χ² over 256 cells, 255 degrees of freedom, below the 99.99 % point", arguments: 0..<8
    )
    func uniform(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 9)
        var cells = [Double](repeating: 0, count: 256)
        let draws = 256_000
        for _ in 0..<draws { cells[min(255, Int(random.nextUnit() * 256))] += 1 }
        let expected = Double(draws) / 256
        let chiSquare = cells.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
        #expect(chiSquare < 346)
        // Too even would be as wrong as too uneven.
        #expect(chiSquare > 176)
    }

    @Test("is independent of its neighbours: streams, seeds and numbers next to each other are uncorrelated")
    func independent() {
        let n = 20_000
        let base = units(n + 1, seed: 5, stream: 0)
        let pairs: [(String, [Double])] = [
            ("the next stream", units(n, seed: 5, stream: 1)),
            ("the next seed", units(n, seed: 6, stream: 0)),
            ("the next number", Array(base.dropFirst())),
        ]
        for (name, other) in pairs {
            // The correlation of independent samples has a standard deviation of 1/√n.
            let correlation = zip(base, other).reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) } / Double(n) * 12
            #expect(abs(correlation) < 4 / Double(n).squareRoot(), "with \(name)")
        }
    }

    private func first(_ count: Int, seed: UInt64, stream: UInt64) -> [UInt64] {
        var random = SeededRandom(seed: seed, stream: stream)
        return (0..<count).map { _ in random.next() }
    }

    private func units(_ count: Int, seed: UInt64, stream: UInt64) -> [Double] {
        first(count, seed: seed, stream: stream).map(SeededRandom.unit)
    }

    /// The output function of SplitMix64.
    private func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Its inverse: each xorshift undone by repeating it, each product by the multiplier's inverse modulo 2^64.
    private func unmix(_ value: UInt64) -> UInt64 {
        func unshift(_ z: UInt64, _ bits: UInt64) -> UInt64 { z ^ (z >> bits) ^ (z >> (2 * bits)) }
        var z = unshift(value, 31)
        z = unshift(z &* 0x3196_42B2_D24D_8EC3, 27)
        return unshift(z &* 0x96DE_1B17_3F11_9089, 30)
    }
}
