import Arrivals
import Core
import Testing

/// Rows to be read aloud.
struct Expectation: Sendable, CustomTestStringConvertible {
    var sentence: String
    var curve: RateCurve
    var duration: Span
    var n: Int
    var offset: Span?

    var testDescription: String { sentence }

    init(_ sentence: String, _ curve: RateCurve, for duration: Span, _ n: Int, _ offset: Span?) {
        self.sentence = sentence
        self.curve = curve
        self.duration = duration
        self.n = n
        self.offset = offset
    }
}

@Suite("Regular arrivals")
struct RegularArrivalTests {
    @Test(
        "are due when the integral reaches their number",
        arguments: [
            Expectation("1/s: arrival 0 is due at once", .constant(1), for: .seconds(10), 0, .zero),
            Expectation("1/s: arrival 2 is due after 2 s", .constant(1), for: .seconds(10), 2, .seconds(2)),
            Expectation("1/s for 10 s: arrival 9 is the last", .constant(1), for: .seconds(10), 9, .seconds(9)),
            Expectation("1/s for 10 s: there is no arrival 10", .constant(1), for: .seconds(10), 10, nil),
            Expectation("0.1/s for 30 s: there are three", .constant(0.1), for: .seconds(30), 3, nil),
            Expectation("0.3/s for 1 s: there is one", .constant(0.3), for: .seconds(1), 1, nil),
            Expectation(
                "4.4/s for 12.5 s: there are 55, though the product is 55.00000000000001", .constant(4.4),
                for: .milliseconds(12_500), 55, nil),
            Expectation("0/s: there is none", .constant(0), for: .seconds(30), 0, nil),
            Expectation(
                "3/s: a third of a second is rounded", .constant(3), for: .seconds(1), 1, .nanoseconds(333_333_333)),
            Expectation("3/s: and two thirds", .constant(3), for: .seconds(1), 2, .nanoseconds(666_666_667)),
            Expectation(
                "2 in 999,999,998.7 ns: the next would round to the end, and stays just before it",
                .constant(Rate(perSecond: 2 / 0.999_999_998_7)), for: .nanoseconds(999_999_999), 2,
                .nanoseconds(999_999_998)),
            Expectation(
                "0/s to 100/s over 50 s: arrival 1 after 1 s", .ramp(from: 0, to: 100), for: .seconds(50), 1,
                .seconds(1)),
            Expectation(
                "0/s to 100/s over 50 s: arrival 4 after 2 s", .ramp(from: 0, to: 100), for: .seconds(50), 4,
                .seconds(2)),
            Expectation(
                "0/s to 100/s over 50 s: arrival 2499, 1/100 s short of the end", .ramp(from: 0, to: 100),
                for: .seconds(50), 2_499, .nanoseconds(49_989_999_000)),
            Expectation(
                "100/s to 0/s over 50 s: arrival 2499, 1 s before the end", .ramp(from: 100, to: 0),
                for: .seconds(50), 2_499, .seconds(49)),
            Expectation(
                "100/s to 0/s over 50 s: there is no arrival 2500", .ramp(from: 100, to: 0), for: .seconds(50),
                2_500, nil),
            Expectation(
                "0.6/s to 0/s over 10 s: there are three", .ramp(from: 0.6, to: 0), for: .seconds(10), 3, nil),
            Expectation(
                "10/s to 30/s, step 10/s every 1 s: arrival 10 opens the second step",
                .steps(from: 10, to: 30, by: 10, every: .seconds(1)), for: .seconds(10), 10, .seconds(1)),
            Expectation(
                "10/s to 30/s, step 10/s every 1 s: arrival 11 comes 50 ms later",
                .steps(from: 10, to: 30, by: 10, every: .seconds(1)), for: .seconds(10), 11,
                .milliseconds(1_050)),
            Expectation(
                "10/s to 30/s, step 10/s every 1 s: arrival 60 after 3 s, and so on at 30/s",
                .steps(from: 10, to: 30, by: 10, every: .seconds(1)), for: .seconds(10), 60, .seconds(3)),
            Expectation(
                "30/s to 10/s, step 10/s every 1 s: arrival 55 in the middle of the third second",
                .steps(from: 30, to: 10, by: 10, every: .seconds(1)), for: .seconds(10), 55,
                .milliseconds(2_500)),
            Expectation(
                "0/s to 20/s, step 10/s every 1 s: arrival 0 waits for the first step",
                .steps(from: 0, to: 20, by: 10, every: .seconds(1)), for: .seconds(10), 0, .seconds(1)),
            Expectation(
                "100/s, wave 100/s, period 1 s: each period has its 100",
                .wave(mean: 100, amplitude: 100, period: .seconds(1)), for: .seconds(10), 700, .seconds(7)),
            Expectation(
                "10/s, spike 100/s at 1 s: arrival 10 opens it",
                .spike(base: 10, peak: 100, at: .seconds(1), lasts: .seconds(1)), for: .seconds(3), 10,
                .seconds(1)),
            Expectation(
                "10/s, spike 100/s at 1 s: arrival 11 comes 10 ms later",
                .spike(base: 10, peak: 100, at: .seconds(1), lasts: .seconds(1)), for: .seconds(3), 11,
                .milliseconds(1_010)),
            Expectation(
                "10/s, spike 100/s at 1 s for 1 s: arrival 111 comes 100 ms after it",
                .spike(base: 10, peak: 100, at: .seconds(1), lasts: .seconds(1)), for: .seconds(3), 111,
                .milliseconds(2_100)),
            Expectation(
                "10/s, gap from 1 s to 2 s: arrival 10 comes at its end",
                .spike(base: 10, peak: 0, at: .seconds(1), lasts: .seconds(1)), for: .seconds(3), 10,
                .seconds(2)),
            Expectation(
                "100/s in bursts of 50: arrival 49 belongs to the first", .bursts(100, size: 50), for: .seconds(2),
                49, .zero),
            Expectation(
                "100/s in bursts of 50: arrival 50 opens the second, after 500 ms", .bursts(100, size: 50),
                for: .seconds(2), 50, .milliseconds(500)),
            Expectation(
                "100/s in bursts of 50 for 2 s: arrival 199 is the last", .bursts(100, size: 50), for: .seconds(2),
                199, .milliseconds(1_500)),
            Expectation(
                "100/s in bursts of 50 for 2 s: there is no arrival 200", .bursts(100, size: 50), for: .seconds(2),
                200, nil),
            Expectation(
                "999,999/s for an hour: arrival 10⁹ has not drifted by a nanosecond", .constant(999_999),
                for: .seconds(3_600), 1_000_000_000, .nanoseconds(1_000_001_000_001)),
        ])
    func due(_ expected: Expectation) {
        let schedule = OpenSchedule(expected.curve, .regular, for: expected.duration, seed: 0)
        #expect(schedule.offset(of: expected.n) == expected.offset)
    }

    @Test(
        "do not drift: arrival n is n/rate in exact arithmetic, rounded, for days",
        arguments: [
            1, 3, 7, 999, 1_000, 65_537, 999_999, 1_000_000,
        ])
    func noDrift(perSecond: Int) throws {
        let schedule = OpenSchedule(
            .constant(Rate(perSecond: Double(perSecond))), .regular, for: .seconds(86_400 * 2), seed: 0)
        var random = SeededRandom(seed: 3)
        for _ in 0..<2_000 {
            let n = Int.random(in: 0..<schedule.count, using: &random)
            let offset = try #require(schedule.offset(of: n))
            // |offset − n·10⁹/rate| in units of 1/rate ns; a half is the rounding, and two days cost 0.06 ns of a Double.
            let (high, low) = n.multipliedFullWidth(by: 1_000_000_000)
            let (exact, rest) = perSecond.dividingFullWidth((high, low))
            let error = Double(offset.nanoseconds - Int64(exact)) - Double(rest) / Double(perSecond)
            #expect(abs(error) <= 0.56, "arrival \(n)")
        }
    }

    @Test("do not depend on the seed")
    func seedless() {
        let curve = RateCurve.ramp(from: 5, to: 50)
        let first = OpenSchedule(curve, .regular, for: .seconds(9), seed: 1)
        let second = OpenSchedule(curve, .regular, for: .seconds(9), seed: 2)
        #expect(Array(first.cursor()) == Array(second.cursor()))
    }

    @Test("can be more than anyone could send without a trap")
    func absurd() {
        let schedule = OpenSchedule(.constant(1e300), .regular, for: .seconds(10), seed: 0)
        #expect(schedule.count == .max)
        #expect(schedule.offset(of: 1_000) == .zero)
    }
}
