import Core
import Glibc
import Testing

@Suite("Elementary functions")
struct PortableMathTests {
    @Test("−ln u agrees with the C library to 3 units in the last place")
    func logarithm() {
        var random = SeededRandom(seed: 1)
        var inputs = (0..<100_000).map { _ in random.nextUnit() }
        inputs += (0...53).map { scalbn(1, -$0) }
        for step in 1...100 {
            // Next to 1, where the result vanishes, and next to √½, where the exponent changes.
            inputs.append(1 - Double(step) * 0x1p-53)
            inputs.append(0.5.squareRoot() + Double(step - 50) * 0x1p-53)
        }
        let wrong = inputs.filter { u in
            let expected = -log(u)
            return abs(-PortableMath.logarithm(u) - expected) > 3 * expected.ulp
        }
        #expect(wrong == [])
        #expect(PortableMath.logarithm(1) == 0)
    }

    @Test("sin πx agrees with the C library to 3 units in the last place of 1")
    func sine() {
        let wrong = (0...100_000).map { Double($0) / 100_000 }.filter { x in
            abs(PortableMath.sine(halfTurns: x) - sin(Double.pi * x)) > 3 * 0x1p-52
        }
        #expect(wrong == [])
        #expect(PortableMath.sine(halfTurns: 0) == 0)
        #expect(PortableMath.sine(halfTurns: 1) == 0)
        #expect(PortableMath.sine(halfTurns: 0.5) == 1)
    }

    @Test("both give the same bits on every machine")
    func golden() {
        #expect(-PortableMath.logarithm(0x1p-53) == 0x1.25e4f7b2737fap5)
        let logarithms = (UInt64(0)..<1_000).reduce(0.0) { sum, k in
            sum - PortableMath.logarithm(SeededRandom.unit(SeededRandom.value(seed: 1, stream: 0, at: k)))
        }
        #expect(logarithms.bitPattern == 0x408E_175C_A034_9ED6)
        let sines = (0...1_000).reduce(0.0) { $0 + PortableMath.sine(halfTurns: Double($1) / 1_000) }
        #expect(sines.bitPattern == 0x4083_E4F4_38B2_CDEA)
    }

    @Test("logarithm and exponential are the C library's, to 4 units in the last place")
    func elementary() {
        var random = SeededRandom(seed: 4)
        for _ in 0..<5000 {
            let x = (random.nextUnit() - 0.5) * 1400
            let y = exp((random.nextUnit() - 0.5) * 1000)
            let small = exp(-random.nextUnit() * 40) * (random.next() & 1 == 0 ? 1 : -1)
            #expect(close(PortableMath.exponential(x), exp(x), 4), "e^\(x)")
            #expect(close(PortableMath.logarithm(y), log(y), 4), "ln \(y)")
            #expect(close(PortableMath.exponentialRatio(small), expm1(small) / small, 8), "\(small)")
            #expect(close(PortableMath.logarithmRatio(small), log1p(small) / small, 8), "\(small)")
        }
        for (x, expected) in [
            (0.0, 1.0), (-1000, 0), (1000, .infinity), (-.infinity, 0), (-708, exp(-708)), (709, exp(709)),
        ] {
            #expect(close(PortableMath.exponential(x), expected, 4))
        }
        #expect(PortableMath.logarithm(1) == 0)
        #expect(PortableMath.exponentialRatio(0) == 1)
        #expect(PortableMath.logarithmRatio(0) == 1)
    }

    private func close(_ a: Double, _ b: Double, _ units: Double) -> Bool { a == b || abs(a - b) <= units * b.ulp }
}
