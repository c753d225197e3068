import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

@Suite("Events are read as they were written")
struct EventTests {
    private static let reader = Result { try EventReader(header: ArraySlice(EventRow.header.utf8)) }

    private func read(_ line: String) throws -> RunEvent { try Self.reader.get().event(ArraySlice(line.utf8)) }

    @Test("Whatever an event says, it is one line and comes back", arguments: 0..<100 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let parts = ["a", "'", "=", "+", "-", "@", ",", "\"", "\"\"", " ", "é", "🙂", ";", "10.0.0.1:80"]
        func text() -> String {
            (0..<Int(random.next() % 7)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }.joined()
        }
        let kinds = RunEvent.Kind.allCases
        let event = RunEvent(
            time: .milliseconds(Int64(random.next() % 10_000_000)),
            client: random.next() % 2 == 0 ? nil : Int(random.next() % 100),
            kind: kinds[Int(random.next() % UInt64(kinds.count))], subject: text(), what: text(), detail: text())
        let line = EventRow.line(event)
        #expect(!line.contains("\n"))
        #expect(try read(line) == event)
    }

    @Test("A cell is one line without controls, and cut where it is too long")
    func hostileText() throws {
        let event = RunEvent(
            time: .seconds(1), client: nil, kind: .breaker, subject: "a\r\nb\tc\u{0}d",
            what: "\n=1", detail: String(repeating: "x", count: 2_000))
        let found = try read(EventRow.line(event))
        #expect(found.subject == "a b c\u{FFFD}d")
        #expect(found.what == " =1")
        #expect(found.detail.utf8.count == EventRow.longestDetail)
        #expect(EventRow.line(event).utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test("What a spreadsheet would run is not the first character of a cell", arguments: ["=", "+", "-", "@", "'"])
    func formula(sign: String) throws {
        let event = RunEvent(time: .zero, client: nil, kind: .alert, subject: sign + "1", what: "begin")
        #expect(EventRow.line(event) == "0.000,,alert,'\(sign)1,begin,")
        #expect(try read(EventRow.line(event)).subject == sign + "1")
    }

    @Test(
        "A damaged line is named with the rule it breaks",
        arguments: [
            ("", "1 cells where the header has 6"), ("1,0,breaker,a,open", "5 cells"),
            ("1,0,breaker,a,open,,", "7 cells"),
            ("x,0,breaker,a,open,", "'x' is not a time"), ("-1,0,breaker,a,open,", "not a time"),
            ("nan,0,breaker,a,open,", "not a time"), ("1e300,0,breaker,a,open,", "not a time"),
            ("1,-1,breaker,a,open,", "the number of a client"), ("1,x,breaker,a,open,", "the number of a client"),
            ("1,99999999999999999999,breaker,a,open,", "the number of a client"),
            ("1,0,party,a,open,", "'party' is not one of breaker, ejection"),
            ("1,0,breaker,\"a,open,", "a quote"), ("1,0,breaker,a\"b,open,", "a quote"),
            ("1,0,breaker,\"a\"b,open,", "a quote"),
        ])
    func damaged(line: String, rule: String) {
        let error = #expect(throws: EventError.self) { try read(line) }
        #expect(error?.description.contains(rule) == true, "\(String(describing: error))")
    }

    @Test func columnsOfALaterVersionArePassedOver() throws {
        let reader = try EventReader(header: ArraySlice("later,what,detail,time,client,kind,subject".utf8))
        let event = try reader.event(ArraySlice("x,open,why,2.5,,breaker,a".utf8))
        #expect(
            event
                == RunEvent(
                    time: .milliseconds(2_500), client: nil, kind: .breaker, subject: "a", what: "open", detail: "why"))
    }

    @Test("A missing column is named", arguments: EventRow.columns)
    func missingColumn(name: String) {
        let header = EventRow.columns.filter { $0 != name }.joined(separator: ",")
        #expect(throws: EventError.missingColumn(name)) { try EventReader(header: ArraySlice(header.utf8)) }
    }

    @Test("Damage is an error, never a trap", arguments: 0..<200 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var text = EventRow.header + "\n"
        for event in Kinds.hostilePolicies.events + Kinds.policies.events { text += EventRow.line(event) + "\n" }
        var bytes = Array(text.utf8)
        for _ in 0..<6 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
        do throws(BundleError) {
            let file = try EventFile(bytes, path: "events.csv", tolerant: seed % 2 == 0)
            #expect(file.summary.total <= 20)
        } catch {
            #expect(error.description.hasPrefix("events.csv:"))
        }
    }

    @Test("Memory is bounded, whatever there is: lines and kinds beyond the bound are counted")
    func bounded() {
        var summary = EventSummary()
        for index in 0..<(EventSummary.mostGroups + 50) {
            summary.add(
                RunEvent(time: .seconds(Int64(index)), client: 0, kind: .health, subject: "s\(index)", what: "healthy"))
        }
        #expect(summary.total == EventSummary.mostGroups + 50)
        #expect(summary.lines.count == EventSummary.mostLines)
        #expect(summary.groups.count == EventSummary.mostGroups + 1)
        #expect(summary.groups.last?.subject == "other")
        #expect(summary.groups.last?.count == 50)
        #expect(summary.count(.health) == summary.total)
    }

    @Test(
        "Up to 40 events are shown one by one, more are grouped, and the rest of the groups is counted",
        arguments: [40, 41, 90])
    func table(count: Int) {
        var run = Measurement()
        for index in 0..<count {
            run.events.add(
                RunEvent(
                    time: .milliseconds(Int64(count - index) * 100), client: nil, kind: .health, subject: "s\(index)",
                    what: "healthy", detail: "d\(index)"))
        }
        var summary = RunSummary.ofNothing
        summary.run = run
        let report = MarkdownReport.text(summary)
        let rows = report.split(separator: "\n").filter { $0.contains("| health healthy |") }
        #expect(rows.count == 40)
        #expect(rows.first?.contains(count == 40 ? "d39" : "s0") == true, "one by one in the order of time")
        #expect(report.contains("… and \(count - 40) more event") == (count > 40))
    }

    @Test("In a finished run damage of events.csv is named by its line", arguments: [("x", 3), ("cut", 7)])
    func damagedFile(change: String, line: Int) throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        try Kinds.run("policies").write(to: folder)
        let path = BundleFile.events.path(in: folder)
        var text = try #require(Golden.read(path))
        if change == "cut" {
            text.removeLast(3)
        } else {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            lines[2] = "x" + lines[2]
            text = lines.joined(separator: "\n")
        }
        try AtomicFile.write(text, to: path)
        let error = #expect(throws: BundleError.self) { try Bundle.open(folder) }
        #expect(error?.description.hasPrefix("\(path):\(line): ") == true, "\(String(describing: error))")
    }
}

extension RunSummary {
    /// A summary to put figures into.
    static var ofNothing: RunSummary {
        do {
            return RunSummary(try Kinds.bundle("empty"))
        } catch {
            preconditionFailure("the empty run cannot be read: \(error)")
        }
    }
}
