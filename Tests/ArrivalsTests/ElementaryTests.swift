import Core
import Glibc
import Testing

@testable import Arrivals

@Suite("Elementary functions")
struct ElementaryTests {
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
            return abs(Elementary.negativeLogarithm(u) - expected) > 3 * expected.ulp
        }
        #expect(wrong == [])
        #expect(Elementary.negativeLogarithm(1) == 0)
    }

    @Test("sin πx agrees with the C library to 3 units in the last place of 1")
    func sine() {
        let wrong = (0...100_000).map { Double($0) / 100_000 }.filter { x in
            abs(Elementary.sine(halfTurns: x) - sin(Double.pi * x)) > 3 * 0x1p-52
        }
        #expect(wrong == [])
        #expect(Elementary.sine(halfTurns: 0) == 0)
        #expect(Elementary.sine(halfTurns: 1) == 0)
        #expect(Elementary.sine(halfTurns: 0.5) == 1)
    }

    @Test("both give the same bits on every machine")
    func golden() {
        #expect(Elementary.negativeLogarithm(0x1p-53) == 0x1.25e4f7b2737fap5)
        let logarithms = (UInt64(0)..<1_000).reduce(0.0) { sum, k in
            sum + Elementary.negativeLogarithm(SeededRandom.unit(SeededRandom.value(seed: 1, stream: 0, at: k)))
        }
        #expect(logarithms.bitPattern == 0x408E_175C_A034_9ED6)
        let sines = (0...1_000).reduce(0.0) { $0 + Elementary.sine(halfTurns: Double($1) / 1_000) }
        #expect(sines.bitPattern == 0x4083_E4F4_38B2_CDEA)
    }
}
