import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

@Suite("Reports of searches")
struct SearchReportTests {
    static let names = ["searched", "searched-generator", "searched-broken", "searched-empty", "searched-hostile"]

    private static func record(_ name: String) -> SearchRecord {
        switch name {
        case "searched": queue()
        case "searched-generator": scripted { $0.rate <= 700 ? .good : .late }
        case "searched-broken": scripted(SearchSettings(start: 100, lowest: 30)) { $0.number % 2 == 0 ? .slow : .bad }
        case "searched-empty": scripted { _ in .interrupted }
        default: hostile()
        }
    }

    private static func finished(_ search: CapacitySearch, name: String = "checkout", isSimulated: Bool) -> SearchRecord
    {
        SearchRecord(
            search, gale: "0.0.0", name: name, target: isSimulated ? "lab shop" : "https://shop.staging.example",
            command: "gale search checkout.yaml --seed 7", isSimulated: isSimulated, seed: 7,
            started: isSimulated ? nil : "2026-01-31T12:00:00Z", budgets: ["p99 < 250ms", "rate > 90/s"],
            notes: ProbeBudget.notes([
                Budget(statistic: .rate, comparison: .above, limit: 90, text: "rate > 90/s")
            ]),
            environment: isSimulated
                ? nil
                : EnvironmentRecord(
                    kernel: "Linux 6", cpu: "a CPU", cores: 2, memoryBytes: 8_000_000_000, libcurl: "8", tls: "TLS",
                    build: "release", insecure: false))
    }

    /// A queue with one worker of 200/s, simulated.
    private static func queue() -> SearchRecord {
        let settings = SearchSettings(start: 30)
        var search = CapacitySearch(settings)
        let queue = SimulatedQueue(serviceRate: 200, limit: 0.25)
        while let probe = search.next() { search.take(queue.run(probe, seed: 7, settings: settings)) }
        return finished(search, isSimulated: true)
    }

    private static func scripted(
        _ settings: SearchSettings = SearchSettings(start: 100), _ answer: (SearchProbe) -> ScriptedAnswer
    ) -> SearchRecord {
        var scripted = ScriptedSearch(settings)
        scripted.run(answer)
        return finished(scripted.search, isSimulated: false)
    }

    /// Names and budgets that want to be markup or formulas, many rates, and a run without a call.
    private static func hostile() -> SearchRecord {
        var search = CapacitySearch(SearchSettings(start: 1))
        while let probe = search.next() {
            var result = ProbeResult(probe, probe.rate < 900 ? .good : .bad)
            for place in result.budgets.indices { result.budgets[place].text = "=<b>|\u{1B}[31m: p99 < 1ms" }
            if probe.number == 3 { result.calls = 0 }
            search.take(result)
        }
        var record = finished(search, name: "<script>|\u{1B}]0;x\u{07}", isSimulated: false)
        record.budgets = ["=<b>|\u{1B}[31m: p99 < 1ms"]
        record.notes.append("*not* | <i>")
        return record
    }

    @Test("every format equals its golden", arguments: names)
    func goldens(name: String) throws {
        let record = Self.record(name)
        try Golden.check(SearchReport.markdown(record), "\(name).md")
        try Golden.check(SearchReport.csv(record), "\(name).csv")
        try Golden.check(String(decoding: try SearchReport.json(record), as: UTF8.self), "\(name).json")
        if let chart = SearchReport.chart(record) {
            try Golden.check(String(decoding: chart, as: UTF8.self), "\(name).svg")
            _ = try MarkupReader.read(String(decoding: chart, as: UTF8.self))
        }
        #expect((SearchReport.chart(record) == nil) == record.curve.isEmpty)
        let path = "Reports/checkout/search-simulated-7/search.md"
        try Golden.check(SearchReport.terminal(record, colour: false, path: path), "\(name).txt")
    }

    @Test("what was written as JSON is read as the same value", arguments: names)
    func roundTrip(name: String) throws {
        let record = Self.record(name)
        #expect(try GaleJSON.decode(SearchRecord.self, from: try SearchReport.json(record)) == record)
    }

    @Test("the terminal gets at most 30 lines, and no escape without colour", arguments: names)
    func lines(name: String) {
        let text = SearchReport.terminal(Self.record(name), colour: false, path: "search.md")
        #expect(text.split(separator: "\n").count <= 30)
        #expect(!text.contains("\u{1B}"))
        #expect(SearchReport.terminal(Self.record(name), colour: true).contains("\u{1B}["))
    }

    @Test("the curve is in the order of rates, without void runs", arguments: names)
    func curve(name: String) {
        let record = Self.record(name)
        let rates = record.curve.map(\.rate)
        #expect(rates == rates.sorted())
        #expect(rates.count == record.probes.filter { !$0.isVoid && $0.calls > 0 }.count)
    }

    @Test("every row of the CSV has every column, and none is a formula", arguments: names)
    func csv(name: String) {
        let text = SearchReport.csv(Self.record(name))
        for line in text.split(separator: "\n") where !line.contains("\"") {
            #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == SearchReport.columns.count)
        }
        #expect(!text.contains(",="))
    }

    @Test("the files are written whole")
    func files() throws {
        let folder = SyntheticRun.makeFolder()
        defer { SyntheticRun.remove(folder) }
        let record = Self.record("searched-broken")
        try SearchReport.write(record, in: folder)
        for name in [SearchReport.report, SearchReport.table, SearchReport.data] {
            #expect(Golden.read("\(folder)/\(name)")?.isEmpty == false)
            remove(folder, name)
        }
    }

    private func remove(_ folder: String, _ name: String) { unlink("\(folder)/\(name)") }
}
