import Core
import Testing

@testable import Plans

struct UnitsTests {
    @Test(
        arguments: [
            ("250ms", 250_000_000), ("1.5s", 1_500_000_000), ("1m30s", 90_000_000_000), ("2d", 172_800_000_000_000),
            ("30d", 2_592_000_000_000_000), ("800us", 800_000), ("800µs", 800_000), ("7ns", 7), ("0s", 0),
            ("0.1s", 100_000_000),
            ("1h1m1s1ms1us1ns", 3_661_001_001_001), ("1_000ms", 1_000_000_000), ("0.5ns", 1),
        ] as [(String, Int64)])
    func aDurationIsItsNanoseconds(text: String, nanoseconds: Int64) throws {
        #expect(try Units.duration(text) == Span(nanoseconds: nanoseconds))
    }

    @Test(
        arguments: [
            ("30", .noUnit, "write `30s`, if that is what you mean"),
            ("30sec", .unit, "write `30s`"),
            ("5 min", .unit, "write `5m`"),
            ("1s1m", .unit, "write it like `1m30s`"),
            ("1s1s", .unit, "write it like `1m30s`"),
            ("-1s", .range, "drop the `-`"),
            ("31d", .range, "write a shorter one"),
            ("999999999999999999999999d", .range, "write a shorter one"),
            ("0.1ns", .range, "write `1ns` or `0s`"),
            ("", .number, "write it like `250ms` or `1m30s`"),
            ("soon", .number, "write it like `250ms` or `1m30s`"),
            (".5s", .number, "write it like `250ms` or `1m30s`"),
            ("1.2.3s", .number, "write it like `250ms` or `1m30s`"),
            ("1__0s", .number, "write it like `250ms` or `1m30s`"),
            ("1e3s", .unit, "write it like `250ms` or `1m30s`"),
            ("infs", .number, "write it like `250ms` or `1m30s`"),
            ("nan", .number, "write it like `250ms` or `1m30s`"),
        ] as [(String, UnitProblem.Kind, String)])
    func aWrongDurationIsAnsweredWithARemedy(text: String, kind: UnitProblem.Kind, remedy: String) {
        let problem = #expect(throws: UnitProblem.self) { try Units.duration(text) }
        #expect(problem?.kind == kind)
        #expect(problem?.remedy == remedy)
    }

    @Test(
        arguments: [
            ("500/s", 500), ("30/m", 0.5), ("1_800/h", 0.5), ("0/s", 0), ("0.25/s", 0.25), ("10_000_000/s", 1e7),
        ] as [(String, Double)])
    func aRateIsPerSecond(text: String, perSecond: Double) throws {
        #expect(try Units.rate(text).perSecond == perSecond)
    }

    @Test(
        arguments: [
            ("500", .noUnit, "write `500/s`, if that is what you mean"), ("500rps", .unit, "write `500/s`"),
            ("500 rps", .unit, "write `500/s`"), ("500/min", .unit, "write `500/m`"),
            ("500/day", .unit, "write it like `500/s`"),
            ("10_000_001/s", .range, "write a lower one"), ("-1/s", .range, "drop the `-`"),
            ("/s", .number, "write it like `500/s`"),
            ("1e9/s", .unit, "write it like `500/s`"),
        ] as [(String, UnitProblem.Kind, String)])
    func aWrongRateIsAnsweredWithARemedy(text: String, kind: UnitProblem.Kind, remedy: String) {
        let problem = #expect(throws: UnitProblem.self) { try Units.rate(text) }
        #expect(problem?.kind == kind)
        #expect(problem?.remedy == remedy)
    }

    @Test(arguments: [
        ("0B", 0), ("64B", 64), ("2kB", 2_000), ("2KiB", 2_048), ("1.5MB", 1_500_000), ("1GiB", 1_073_741_824),
        ("1024GiB", 1 << 40),
    ])
    func aSizeIsItsBytes(text: String, bytes: Int) throws {
        #expect(try Units.size(text) == bytes)
    }

    @Test(
        arguments: [
            ("64", .noUnit, "write `64B`, if that is what you mean"), ("2KB", .unit, "write `2kB`"),
            ("2k", .unit, "write `2kB`"),
            ("0.5B", .range, "write it in a smaller unit"), ("1025GiB", .range, "write a smaller one"),
        ] as [(String, UnitProblem.Kind, String)])
    func aWrongSizeIsAnsweredWithARemedy(text: String, kind: UnitProblem.Kind, remedy: String) {
        let problem = #expect(throws: UnitProblem.self) { try Units.size(text) }
        #expect(problem?.kind == kind)
        #expect(problem?.remedy == remedy)
    }

    @Test func aShareIsAPartOfOne() throws {
        #expect(try Units.share("5%") == 0.05)
        #expect(try Units.share("0%") == 0)
        #expect(try Units.share("100%") == 1)
        #expect(throws: UnitProblem.self) { try Units.share("100.1%") }
        #expect(throws: UnitProblem.self) { try Units.share("0.05") }
        #expect(throws: UnitProblem.self) { try Units.share("5 percent") }
    }

    @Test func aCountIsAWholeNumberWithinItsRange() throws {
        func count(_ text: String) throws(UnitProblem) -> Int {
            try Units.count(text, in: 1...1_000, noun: "a number of users")
        }
        #expect(try count("1_000") == 1_000)
        for wrong in ["0", "1001", "1.5", "10s", "", "1,000", "99999999999999999999999", "-1"] {
            #expect(throws: UnitProblem.self) { try count(wrong) }
        }
    }

    @Test func everyDurationReadsBackFromItsText() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            // All magnitudes alike, and many round ones.
            let size = Int64(random.next() % 16)
            var nanoseconds = Int64(random.next() % 2_592_000)
            for _ in 0..<size where nanoseconds < 259_200_000_000_000 { nanoseconds *= 10 }
            let span = Span(nanoseconds: nanoseconds)
            #expect(try Units.duration(Units.text(span)) == span)
        }
    }

    @Test func everyRateReadsBackFromItsText() throws {
        var random = SeededRandom(seed: 8)
        for _ in 0..<5_000 {
            let rate = Rate(perSecond: random.nextUnit() * 10_000)
            #expect(try Units.rate(Units.text(rate)) == rate)
            let whole = Rate(perSecond: Double(random.next() % 10_000_000))
            #expect(try Units.rate(Units.text(whole)) == whole)
        }
    }

    @Test func everySizeReadsBackFromItsText() throws {
        var random = SeededRandom(seed: 9)
        for _ in 0..<5_000 {
            let bytes = Int(random.next() % (1 << 40))
            #expect(try Units.size(Units.text(bytes: bytes)) == bytes)
        }
        #expect(Units.text(bytes: 2_000) == "2kB")
        #expect(Units.text(bytes: 1 << 20) == "1MiB")
        #expect(Units.text(bytes: 0) == "0B")
    }

    @Test(arguments: [
        (Span.zero, "0s"), (.milliseconds(250), "250ms"), (.milliseconds(1_500), "1.5s"), (.seconds(90), "1m30s"),
        (.seconds(120), "2m"), (.seconds(3_600), "1h"), (.microseconds(1_500), "1.5ms"), (.seconds(86_400), "1d"),
        (.nanoseconds(1_000_000_001), "1s1ns"),
    ])
    func aDurationIsWrittenInItsShortestExactForm(span: Span, text: String) {
        #expect(Units.text(span) == text)
    }

    /// Digits, units and rubbish in all orders: an answer or a problem, never a trap.
    @Test func noTextIsTooStrange() {
        let alphabet = Array("0123456789._-+eE smhdnuµ/%kKMGiBto\n\0\u{301}٣𝟛")
        var random = SeededRandom(seed: 10)
        var right = 0
        for _ in 0..<20_000 {
            let length = Int(random.next() % 12)
            let text = String((0..<length).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
            if let span = try? Units.duration(text) {
                right += 1
                #expect(span >= .zero && span <= Units.maximumDuration)
            }
            if let rate = try? Units.rate(text) { #expect(rate <= Units.maximumRate) }
            if let size = try? Units.size(text) { #expect((0...Units.maximumSize).contains(size)) }
            if let share = try? Units.share(text) { #expect((0...1).contains(share)) }
            _ = Units.ends(of: text)
        }
        #expect(right > 0)
    }

    @Test func bothSidesOfARangeAreTrimmed() {
        #expect(Units.ends(of: "1/s to 2/s") == ("1/s", "2/s"))
        #expect(Units.ends(of: "1/s   to  2/s") == ("1/s", "2/s"))
        #expect(Units.ends(of: "1/s") == ("1/s", nil))
        #expect(Units.ends(of: "tomato") == ("tomato", nil))
    }
}
