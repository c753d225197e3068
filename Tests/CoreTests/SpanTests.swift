import Core
import Testing

@Suite("A span")
struct SpanTests {
    /// Left, right, their sum, their difference.
    static let sums: [(Int64, Int64, Int64, Int64)] = [
        (3, 4, 7, -1),
        (-3, 4, 1, -7),
        (Int64.max, 1, Int64.max, Int64.max - 1),
        (Int64.max, -1, Int64.max - 1, Int64.max),
        (Int64.min, 1, Int64.min + 1, Int64.min),
        (Int64.min, -1, Int64.min, Int64.min + 1),
        (Int64.max, Int64.max, Int64.max, 0),
        (0, Int64.min, Int64.min, Int64.max),
    ]

    static let seconds: [(Double, Int64)] = [
        (0.0, 0), (1.5, 1_500_000_000), (-1.5, -1_500_000_000), (1e-9, 1), (0.4e-9, 0), (0.6e-9, 1), (-0.6e-9, -1),
        (0.1, 100_000_000), (9.21e9, 9_210_000_000_000_000_000), (9.3e9, Int64.max), (-9.3e9, Int64.min),
        (Double.infinity, Int64.max), (-Double.infinity, Int64.min), (Double.nan, 0),
        (9.223_372_036_854_775_8e9, Int64.max),
    ]

    @Test(
        "prints three digits in the unit a person would choose",
        arguments: [
            (Span.zero, "0 ns"),
            (.nanoseconds(812), "812 ns"),
            (.nanoseconds(999), "999 ns"),
            (.nanoseconds(1_000), "1.00 µs"),
            (.nanoseconds(9_994), "9.99 µs"),
            (.nanoseconds(9_995), "10.0 µs"),
            (.nanoseconds(73_400), "73.4 µs"),
            (.nanoseconds(99_950), "100 µs"),
            (.nanoseconds(999_499), "999 µs"),
            (.nanoseconds(999_500), "1.00 ms"),
            (.microseconds(1_250), "1.25 ms"),
            (.nanoseconds(999_499_999), "999 ms"),
            (.nanoseconds(999_500_000), "1.00 s"),
            (.seconds(12), "12.0 s"),
            (.seconds(119), "119 s"),
            (.seconds(120), "2m"),
            (.seconds(125), "2m 5s"),
            (.seconds(3_600), "1h 0m"),
            (.seconds(3_725), "1h 2m 5s"),
            (.nanoseconds(-812), "-812 ns"),
            (.milliseconds(-1_500), "-1.50 s"),
            (.nanoseconds(.max), "2562047h 47m 17s"),
            (.nanoseconds(.min), "-2562047h 47m 17s"),
        ])
    func description(of span: Span, is text: String) {
        #expect(span.description == text)
    }

    @Test("is made from seconds: rounded to the nearest nanosecond, saturated, never a trap", arguments: seconds)
    func nanoseconds(of seconds: Double, are nanoseconds: Int64) {
        #expect(Span(seconds: seconds).nanoseconds == nanoseconds)
    }

    @Test("says the same in every unit")
    func units() {
        #expect(Span.seconds(2) == .milliseconds(2_000))
        #expect(Span.milliseconds(2) == .microseconds(2_000))
        #expect(Span.microseconds(2) == .nanoseconds(2_000))
        #expect(Span.milliseconds(1_500).seconds == 1.5)
        #expect(Span.microseconds(1_500).milliseconds == 1.5)
        #expect(Span.nanoseconds(-1) < .zero)
    }

    @Test("adds and subtracts, and saturates at its ends", arguments: sums)
    func arithmetic(left: Int64, right: Int64, sum: Int64, difference: Int64) {
        #expect((Span(nanoseconds: left) + Span(nanoseconds: right)).nanoseconds == sum)
        #expect((Span(nanoseconds: left) - Span(nanoseconds: right)).nanoseconds == difference)
    }
}

@Suite("An instant")
struct InstantTests {
    @Test("differs from another by a span")
    func difference() {
        let start = Instant(nanoseconds: 1_000)
        let end = Instant(nanoseconds: 4_500)
        #expect(end - start == .nanoseconds(3_500))
        #expect(start - end == .nanoseconds(-3_500))
        #expect(start + (end - start) == end)
        #expect(end + .nanoseconds(-3_500) == start)
        #expect(start < end)
    }

    @Test("plus a very long time-out never comes")
    func never() {
        #expect(Instant(nanoseconds: 1) + .nanoseconds(.max) == .never)
        #expect(Instant.never + .seconds(1) == .never)
        #expect(Instant(nanoseconds: .max - 1) < .never)
    }

    @Test("that was not stamped comes before all others")
    func unset() {
        #expect(Instant.unset < Instant(nanoseconds: 1))
        #expect(Instant.unset < .never)
    }
}
