import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Metrics of a run")
struct MetricsTests {
    /// As much of the OpenMetrics format, 1.0, as the text may use; what breaks it is an error.
    private struct Reader {
        struct Flaw: Error {
            var what: String
            var line: String
        }

        /// Values by name and labels.
        private(set) var values: [String: Double] = [:]
        private var kinds: [String: String] = [:]

        init(_ text: String) throws {
            var family = ""
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            guard lines.suffix(2) == ["# EOF", ""] else { throw Flaw(what: "no end", line: lines.last ?? "") }
            for line in lines.dropLast(2) {
                func flaw(_ what: String) -> Flaw { Flaw(what: what, line: line) }
                let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
                if line.hasPrefix("# ") {
                    guard words.count == 4 else { throw flaw("not four words") }
                    switch words[1] {
                    case "TYPE":
                        family = words[2]
                        guard kinds.updateValue(words[3], forKey: family) == nil else { throw flaw("the family twice") }
                    case "UNIT":
                        guard family.hasSuffix("_" + words[3]) else { throw flaw("the unit is not in the name") }
                    case "HELP": break
                    default: throw flaw("an unknown word")
                    }
                    guard words[2] == family else { throw flaw("another family") }
                } else {
                    try read(line, family: family)
                }
            }
        }

        private mutating func read(_ line: String, family: String) throws {
            func flaw(_ what: String) -> Flaw { Flaw(what: what, line: line) }
            let scalars = Array(line.unicodeScalars)
            guard let open = scalars.firstIndex(of: "{") else { throw flaw("no labels") }
            let name = String(String.UnicodeScalarView(scalars[..<open]))
            let suffixes = [
                "gauge": [""], "stateset": [""], "counter": ["_total"], "summary": ["", "_count", "_sum"],
            ]
            guard (suffixes[kinds[family] ?? ""] ?? []).contains(where: { family + $0 == name }) else {
                throw flaw("not of its family")
            }
            var place = open + 1
            var labels: Set<String> = []
            while true {
                let start = place
                while place < scalars.count, scalars[place].isASCII,
                    scalars[place].properties.isAlphabetic || scalars[place] == "_"
                {
                    place += 1
                }
                guard place > start, labels.insert(String(String.UnicodeScalarView(scalars[start..<place]))).inserted
                else {
                    throw flaw("no label, or one twice")
                }
                guard scalars[place...].starts(with: "=\"".unicodeScalars) else { throw flaw("no value") }
                place += 2
                while place < scalars.count, scalars[place] != "\"" {
                    if scalars[place] == "\\" {
                        place += 1
                        guard place < scalars.count, "\\\"n".unicodeScalars.contains(scalars[place]) else {
                            throw flaw("an escape")
                        }
                    }
                    place += 1
                }
                place += 1
                guard place < scalars.count else { throw flaw("no end") }
                if scalars[place] == "}" { break }
                guard scalars[place] == "," else { throw flaw("no comma") }
                place += 1
            }
            guard scalars[(place + 1)...].first == " ", place + 2 < scalars.count,
                let value = Double(String(String.UnicodeScalarView(scalars[(place + 2)...])))
            else { throw flaw("no number") }
            if kinds[family] == "counter", value < 0 { throw flaw("a counter below 0") }
            let key = String(String.UnicodeScalarView(scalars[...place]))
            guard values.updateValue(value, forKey: key) == nil else { throw flaw("twice") }
        }
    }

    @Test("are OpenMetrics", arguments: Summaries.kinds)
    func form(kind: String) throws {
        let summary = try Summaries.of(kind)
        #expect(try Reader(MetricsReport.text(summary)).values.count > 10)
        #expect(try Reader(MetricsReport.text([summary, summary, summary])).values.count > 30)
    }

    @Test("are OpenMetrics whatever the names", arguments: HostileText.all)
    func hostile(text: String) throws {
        let summary = try HostileText.summary(text)
        #expect(try Reader(MetricsReport.text([summary, summary])).values.count > 20)
    }

    private static let hasReader = Tool.exists(["python3", "-c", "import prometheus_client.openmetrics.parser"])

    @Test(
        "The reader of the Prometheus project takes them",
        .enabled(if: hasReader, "the Python package prometheus-client is not installed"), arguments: Summaries.kinds)
    func reader(kind: String) throws {
        let program = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            assert len(list(text_string_to_metric_families(open(sys.argv[1]).read()))) > 5
            """
        let summary = try Summaries.of(kind)
        let outcome = try Tool.run(["python3", "-c", program], on: MetricsReport.text([summary, summary]))
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("The figures are those of the summary, in base units")
    func values() throws {
        let summary = try Summaries.of("broken")
        let values = try Reader(MetricsReport.text(summary)).values
        let run = summary.run
        #expect(values[#"gale_response_seconds{plan="checkout",quantile="0.99"}"#] == run.response.p99.seconds)
        #expect(values[#"gale_response_seconds_count{plan="checkout"}"#] == Double(run.response.count))
        #expect(values[#"gale_calls_total{plan="checkout",outcome="failed"}"#] == Double(run.ledger.failed))
        #expect(
            values[#"gale_dropped_total{plan="checkout",reason="in_flight"}"#] == Double(run.ledger.droppedInFlight))
        #expect(values[#"gale_failures_total{plan="checkout",kind="reset"}"#] == Double(run.failures["reset"]))
        #expect(values[#"gale_verdict{plan="checkout",gale_verdict="broken"}"#] == 1)
        #expect(values[#"gale_verdict{plan="checkout",gale_verdict="met"}"#] == 0)
        #expect(
            values[#"gale_budget_value{plan="checkout",budget="p99 < 250ms"}"#] == (summary.budgets[0].value ?? 0) / 1e9
        )
        #expect(values[#"gale_budget_value{plan="checkout",budget="errors < 1%"}"#] == 0.05)
        let states = values.filter { $0.key.hasPrefix("gale_budget_verdict") }
        #expect(states.count == 4 * summary.budgets.count)
        #expect(states.values.reduce(0, +) == Double(summary.budgets.count))
    }

    @Test("No label tells runs of one plan apart, so that builds can be compared")
    func labels() throws {
        var other = try Summaries.of("one-step")
        let first = MetricsReport.text(other)
        other.seed = 7
        other.started = "2027-01-01T00:00:00.000Z"
        other.plan.hash = "another"
        other.target = "https://other.example"
        #expect(MetricsReport.text(other) == first)
    }
}
