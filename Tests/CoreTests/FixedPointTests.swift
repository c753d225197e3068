import Core
import Testing

@Suite("A number in fixed point")
struct FixedPointTests {
    @Test(
        "has exactly the decimals asked for",
        arguments: [
            (0.0, 0, "0"),
            (0.0, 2, "0.00"),
            (1.0, 3, "1.000"),
            (0.5, 0, "1"),
            (1.5, 0, "2"),
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (0.125, 2, "0.13"),
            (-0.125, 2, "-0.13"),
            (0.0049, 2, "0.00"),
            (0.005, 2, "0.01"),
            (0.07, 2, "0.07"),
            (99.995, 1, "100.0"),
            (12.3456789, 4, "12.3457"),
            (1.0 / 3, 9, "0.333333333"),
            (123_456_789.5, 1, "123456789.5"),
            (-0.004, 2, "0.00"),
            (-0.0, 1, "0.0"),
        ])
    func text(of value: Double, with places: Int, is text: String) {
        #expect(value.fixed(places) == text)
    }

    @Test(
        "that does not fit in 64 bits prints as the standard library prints it",
        arguments: [Double.infinity, -.infinity, .nan, 1e19, -1e300, 9.3e9])
    func beyond(value: Double) {
        #expect(value.fixed(9) == value.description)
    }

    @Test(
        "loses its closing zeros when trimmed",
        arguments: [
            (500.0, 2, "500"), (12.5, 2, "12.5"), (12.25, 2, "12.25"), (0.0, 6, "0"), (100.0, 0, "100"),
            (-1.50, 3, "-1.5"), (1e30, 9, "1e+30"), (1e20, 9, "1e+20"), (.infinity, 2, "inf"),
        ])
    func trimmed(value: Double, places: Int, text: String) {
        #expect(value.trimmed(places) == text)
    }

    @Test("reads back to within half a unit of its last decimal")
    func readsBack() throws {
        var random = SeededRandom(seed: 1)
        for _ in 0..<2_000 {
            let places = Int.random(in: 0...9, using: &random)
            let value = Double.random(in: -1e6...1e6, using: &random)
            let unit = (0..<places).reduce(1.0) { unit, _ in unit / 10 }
            let back = try #require(Double(value.fixed(places)))
            #expect(abs(back - value) <= unit / 2 + 1e-9)
        }
    }
}

@Suite("A rate")
struct RateTests {
    @Test(
        "prints as a person would write it",
        arguments: [
            (0.0, "0/s"), (500, "500/s"), (12.5, "12.5/s"), (12.25, "12.25/s"), (1.0 / 3, "0.333333/s"),
            (0.001, "0.001/s"), (1_999.996, "2000/s"), (1e6, "1000000/s"),
        ])
    func description(of perSecond: Double, is text: String) {
        #expect(Rate(perSecond: perSecond).description == text)
    }

    @Test("is ordered by its size")
    func order() {
        #expect(Rate(perSecond: 1) < Rate(perSecond: 2))
    }

    @Test("is never negative, infinite or no number", arguments: [-1, Double.infinity, .nan])
    func refuses(perSecond: Double) async {
        switch perSecond {
        case -1:
            await #expect(processExitsWith: .failure) { _ = Rate(perSecond: -1) }
        case .infinity:
            await #expect(processExitsWith: .failure) { _ = Rate(perSecond: .infinity) }
        default:
            await #expect(processExitsWith: .failure) { _ = Rate(perSecond: .nan) }
        }
    }
}
