import Arrivals
import Core
import Flows
import Testing

@testable import Plans

/// Phases with `replay`: the file of times, what the phase makes of it, and what is refused.
struct ReplayTests {
    private static func file(_ text: String) throws(DataError) -> ReplayFile {
        try ReplayFile(Array(text.utf8), label: "access.csv")
    }

    // MARK: Times

    @Test(
        arguments: [
            ("0", 0), ("12", 12_000_000_000), ("0.25", 250_000_000), ("1.333333333", 1_333_333_333),
            ("007.5", 7_500_000_000), ("0.0000000004", 0), ("0.0000000005", 1), ("1.99999999951", 2_000_000_000),
            ("1.9999999994999", 1_999_999_999), ("0.000000001", 1), ("1700000000.123456789", 1_700_000_000_123_456_789),
            ("9223372036.854775807", .max), ("9223372036.8547758079", .max), ("9223372036.854775808", .max),
            ("99999999999999999999999999999", .max),
        ] as [(String, Int64)])
    func aTimeIsReadToTheNanosecond(text: String, nanoseconds: Int64) {
        #expect(DecimalSeconds.nanoseconds(Array(text.utf8)[...]) == nanoseconds)
    }

    @Test(arguments: ["", ".", "1.", ".5", "1.2.3", "1,5", "-1", "+1", "1e3", " 1", "1 ", "0x1", "1_000", "nan", "١"])
    func whatIsNoTimeIsNone(text: String) {
        #expect(DecimalSeconds.nanoseconds(Array(text.utf8)[...]) == nil)
    }

    @Test func otherColumnsAndTheirOrderDoNotMatter() throws {
        #expect(try Self.file("at\n0\n0.5\n0.5\n").times == [0, 500_000_000, 500_000_000])
        #expect(
            try Self.file("path,at,method\r\n\"/a,b\",1,GET\r\n/,\"2.5\",GET").times == [1_000_000_000, 2_500_000_000])
    }

    @Test func manyTimesAreRead() throws {
        var text = "at,method,path\n"
        for n in 0..<100_000 { text += "\(n / 1_000).\(String(1_000 + n % 1_000).dropFirst()),GET,/p/\(n)\n" }
        let times = try Self.file(text).times
        #expect(times == (0..<100_000).map { Int64($0) * 1_000_000 })
    }

    @Test(
        arguments: [
            ("", nil, "no line with the names"), ("at\n", nil, "no row"),
            ("time,path\n0,/\n", 1, "there is no column `at` with the times of the arrivals, only `time`, `path`"),
            ("at\n0\n1s\n", 3, "`1s` is no time in seconds"), ("at,path\n\n0,/\n,/\n", 4, "the time is empty"),
            ("at\n-1\n", 2, "`-1` is negative, and a replay begins at 0"),
            ("at\n0\n5\n4.9\n", 4, "`4.9` comes after `5`, and the times of a replay must ascend"),
            ("at,at\n0,0\n", 1, "two columns are named `at`"), ("at,path\n0\n", 2, "has 1 value"),
            ("at\n0\n\"1\n", 3, "is not closed"),
        ] as [(String, Int?, String)])
    func aBrokenFileIsRefusedWithItsLine(text: String, line: Int?, message: String) {
        do throws(DataError) {
            _ = try Self.file(text)
            Issue.record("it was read")
        } catch {
            #expect(error.line == line)
            #expect(error.message.contains(message), "\(error.message)")
            #expect(!error.remedy.isEmpty)
        }
    }

    @Test func hostileBytesNeverTrap() {
        var random = SeededRandom(seed: 6)
        let pieces = Array("0123456789.,-\"\n\re at\u{0}é".utf8)
        for _ in 0..<3_000 {
            let noise = (0..<(random.next() % 40)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
            guard let file = try? ReplayFile(Array("at\n".utf8) + noise, label: "x") else { continue }
            #expect(zip(file.times, file.times.dropFirst()).allSatisfy { $0 <= $1 })
        }
    }

    // MARK: Phases

    /// access.csv of the tests: 0, 0.5, 0.5, 1.25 and 4 seconds.
    @Test(
        arguments: [
            ("{ replay: access.csv }", 1, 5, 4_000, "replay of access.csv for 4s"),
            ("{ replay: access.csv, speed: 2 }", 2, 5, 2_000, "replay of access.csv at speed 2 for 2s"),
            ("{ replay: access.csv, speed: 0.5, for: 1m }", 0.5, 5, 60_000, "replay of access.csv at speed 0.5 for 1m"),
            ("{ replay: access.csv, for: 1s }", 1, 3, 1_000, "replay of access.csv for 1s"),
            (
                "{ replay: access.csv, for: 1250ms, warm-up: true }", 1, 4, 1_250,
                "replay of access.csv for 1.25s, warm-up"
            ),
        ] as [(String, Double, Int, Int64, String)])
    func aPhaseIsReadAndSaid(yaml: String, speed: Double, count: Int, milliseconds: Int64, text: String) throws {
        let phase = try PlanInputs.plan("load: [\(yaml), { rate: 1/s, for: 1s }]").load[0]
        guard case .replay(let schedule, let length) = phase.shape else {
            Issue.record("\(phase)")
            return
        }
        #expect(schedule.speed == speed && schedule.count == count)
        #expect(length == .milliseconds(milliseconds) && phase.length == length)
        #expect(phase.text == text)
        #expect(phase.isOpen)
        let recorded: [Int64] = [0, 500, 500, 1_250, 4_000]
        #expect(
            schedule.cursor().map(\.offset) == recorded.prefix(count).map { Span(seconds: Double($0) / speed / 1_000) })
    }

    @Test func theArrivalsOfAReplayAreExpectedCalls() throws {
        let text = "load: [{ replay: access.csv, warm-up: true }, { replay: access.csv }, { rate: 10/s, for: 1s }]"
        #expect(try PlanInputs.plan(text).expectedArrivals == 15)
    }

    @Test func aReplayStandsInThePicture() throws {
        let load = try PlanInputs.plan("load: [{ replay: access.csv, for: 8s }]").load
        let lines = RatePicture.text(load).split(separator: "\n")
        // The most in a second are those at 0.5, 0.5 and 1.25 s; after 4 s there is nothing.
        #expect(lines[0].hasPrefix("  3/s |"))
        #expect(lines[7].contains("#    "))
        #expect(lines[9].hasSuffix("8s"))
        #expect(RatePicture.text([LoadPhase(.replay(ReplaySchedule([0, 0], source: "x"), for: .zero))]).isEmpty)
    }

    // MARK: Changes from the command line

    private static func changed(_ overrides: Overrides) throws(OptionProblem) -> LoadPhase {
        let phase = LoadPhase(
            .replay(ReplaySchedule([2_000_000_000, 5_000_000_000], source: "a.csv"), for: .seconds(5)))
        let plan = Plan(name: "x", target: .url("http://t"), load: [phase], scenarios: [])
        return try overrides.apply(to: plan).load[0]
    }

    @Test func aDurationCutsOrLengthensAReplay() throws {
        #expect(try Self.changed(Overrides(duration: .seconds(3))).text == "replay of a.csv for 3s")
        guard case .replay(let cut, _) = try Self.changed(Overrides(duration: .seconds(3))).shape else { return }
        #expect(cut.count == 1)
        guard case .replay(let whole, _) = try Self.changed(Overrides(duration: .seconds(9))).shape else { return }
        #expect(whole.count == 2)
    }

    @Test func aRateNeverChangesAReplay() {
        let rate = #expect(throws: OptionProblem.self) { try Self.changed(Overrides(rate: Rate(perSecond: 5))) }
        #expect(rate?.description.contains("the phase is `replay of a.csv for 5s`") == true)
        let short = #expect(throws: OptionProblem.self) { try Self.changed(Overrides(duration: .seconds(1))) }
        #expect(short?.description.contains("only after 2s") == true)
        #expect(throws: OptionProblem.self) { try Self.changed(Overrides(users: 5)) }
    }
}
