import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Test reports")
struct JUnitTests {
    private static let schema: String = {
        let file = #filePath
        return file.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" } + "/Inputs/junit.xsd"
    }()
    private static let hasLint = Tool.exists(["xmllint", "--version"])

    private static func cases(_ text: String) throws -> [XMLTree.Element] {
        try XMLTree(text).root.all("testsuite").flatMap { $0.all("testcase") }
    }

    /// What came of a case, by the name of its only element.
    private static func outcome(_ testcase: XMLTree.Element) -> String {
        testcase.children.first.map { "\($0.name) \($0["type"] ?? "")" } ?? "passed"
    }

    // MARK: Form

    @Test(
        "follow the schema", .enabled(if: hasLint, "xmllint is not installed: Scripts/prepare.sh tests"),
        arguments: Summaries.kinds)
    func schema(kind: String) throws {
        let text = JUnitReport.text([try Summaries.of(kind), try Summaries.of(kind)])
        let outcome = try Tool.run(["xmllint", "--noout", "--schema", Self.schema], on: text)
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    @Test("are well-formed, count right, call no two cases the same, and lack none", arguments: Summaries.kinds)
    func form(kind: String) throws {
        let root = try XMLTree(JUnitReport.text([try Summaries.of(kind), try Summaries.of(kind)])).root
        #expect(root.name == "testsuites")
        #expect(root.all("testsuite").count == 2)
        var names: Set<String> = []
        var totals = (tests: 0, failures: 0, errors: 0)
        for suite in root.all("testsuite") {
            let cases = suite.all("testcase")
            #expect(cases.count >= 2)
            func count(_ element: String) -> Int { cases.count { !$0.all(element).isEmpty } }
            #expect(suite["tests"] == String(cases.count))
            #expect(suite["failures"] == String(count("failure")))
            #expect(suite["errors"] == String(count("error")))
            #expect(suite["skipped"] == String(count("skipped")))
            totals.tests += cases.count
            totals.failures += count("failure")
            totals.errors += count("error")
            for testcase in cases {
                #expect(testcase["classname"] == suite["name"])
                #expect(names.insert("\(testcase["classname"] ?? "")\n\(testcase["name"] ?? "")").inserted)
                #expect(testcase.children.count <= 1)
            }
        }
        #expect(root["tests"] == String(totals.tests))
        #expect(root["failures"] == String(totals.failures))
        #expect(root["errors"] == String(totals.errors))
    }

    @Test("No attribute stands where the strictest reader knows none", arguments: Summaries.kinds)
    func attributes(kind: String) throws {
        // junit-10.xsd of the xUnit plugin for Jenkins.
        let known = [
            "testsuites": ["name", "time", "tests", "failures", "errors"],
            "testsuite": [
                "name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp", "hostname", "id",
                "package", "file", "log", "url",
            ],
            "testcase": ["name", "time", "classname", "group"], "failure": ["type", "message"],
            "error": ["type", "message"], "skipped": ["type", "message"], "properties": [], "system-out": [],
            "property": ["name", "value"],
        ]
        func look(_ element: XMLTree.Element) {
            let allowed = Set(known[element.name] ?? [])
            #expect(known[element.name] != nil, "\(element.name)")
            #expect(allowed.isSuperset(of: element.attributes.keys), "\(element.name): \(element.attributes)")
            element.children.forEach(look)
        }
        look(try XMLTree(JUnitReport.text(try Summaries.of(kind))).root)
    }

    // MARK: Verdicts

    @Test(
        "What becomes of a budget",
        arguments: [
            (Verdict.met, false, "passed"), (.met, true, "passed"), (.broken, false, "failure broken"),
            (.broken, true, "skipped warning"), (.undecided, false, "skipped undecided"),
            (.undecided, true, "skipped undecided"),
        ])
    func budget(verdict: Verdict, warnsOnly: Bool, expected: String) throws {
        let summary = try Summaries.of("one-step", [Summaries.result(verdict, warnsOnly: warnsOnly)])
        let cases = try Self.cases(JUnitReport.text(summary))
        #expect(cases.last?["name"] == "p99 < 250ms")
        #expect(cases.last.map(Self.outcome) == expected)
    }

    @Test(
        "What becomes of the run itself",
        arguments: [
            ("one-step", "passed"), ("broken", "passed"), ("empty", "passed"), ("killed", "error killed"),
            ("interrupted", "error interrupted"), ("invalid", "error invalid"), ("aborted", "failure aborted"),
        ])
    func run(kind: String, expected: String) throws {
        let cases = try Self.cases(JUnitReport.text(try Summaries.of(kind)))
        #expect(cases.first?["name"] == "the run is valid and complete")
        #expect(cases.first.map(Self.outcome) == expected)
    }

    @Test("A run that is only undecided does not look green")
    func undecided() throws {
        let summary = try Summaries.of(
            "one-step", [Summaries.result(.met), Summaries.result(.undecided, "p99.9 < 1s")])
        #expect(summary.verdict.exitStatus == 75)
        let cases = try Self.cases(JUnitReport.text(summary))
        #expect(cases.map(Self.outcome) == ["error undecided", "passed", "skipped undecided"])
    }

    @Test("A run without budgets is judged by its calls")
    func noBudgets() throws {
        for (kind, expected) in [("one-step", "passed"), ("empty", "failure broken"), ("killed", "passed")] {
            let cases = try Self.cases(JUnitReport.text(try Summaries.of(kind, [])))
            #expect(cases.map { $0["name"] ?? "" } == ["the run is valid and complete", "a call succeeded"])
            #expect(Self.outcome(cases[1]) == expected, "\(kind)")
        }
        let warning = try Summaries.of("one-step", [Summaries.result(.broken, warnsOnly: true)])
        #expect(try Self.cases(JUnitReport.text(warning)).count == 3)
    }

    @Test("A report is green exactly when the exit status is 0", arguments: Kinds.names)
    func green(kind: String) throws {
        var summaries = [RunSummary(try Kinds.bundle(kind))]
        for verdict in [Verdict.met, .broken, .undecided] {
            for warnsOnly in [false, true] {
                summaries.append(try Summaries.of(kind, [Summaries.result(verdict, warnsOnly: warnsOnly)]))
            }
        }
        for summary in summaries {
            let root = try XMLTree(JUnitReport.text(summary)).root
            let isGreen = root["failures"] == "0" && root["errors"] == "0"
            #expect(isGreen == (summary.verdict.exitStatus == 0), "\(summary.verdict)")
        }
    }

    // MARK: Names and sizes

    @Test("Budgets of one text are told apart")
    func sameText() throws {
        let results = ["p99 < 1s", "p99 < 1s", "p99 < 1s (2)", "p99 < 1s"].map { Summaries.result(.met, $0) }
        let cases = try Self.cases(JUnitReport.text(try Summaries.of("one-step", results)))
        #expect(
            cases.dropFirst().map { $0["name"] ?? "" } == [
                "p99 < 1s", "p99 < 1s (2)", "p99 < 1s (2) (2)", "p99 < 1s (3)",
            ])
    }

    @Test("Budgets without end are counted in a last case, which is red when one of them is broken")
    func size() throws {
        let results = (0..<400).map {
            Summaries.result($0 == 399 ? .broken : .met, "p99 < \($0)ms " + String(repeating: "\"&\u{301}", count: 500))
        }
        let summary = try Summaries.of("one-step", results)
        let text = JUnitReport.text([summary, summary], most: 100_000)
        #expect(text.utf8.count < 150_000)
        let suites = try XMLTree(text).root.all("testsuite")
        for suite in suites {
            let last = try #require(suite.all("testcase").last)
            #expect(last["name"]?.hasSuffix(" more budgets") == true)
            #expect(Self.outcome(last) == "failure broken")
        }
        // There was no room left for the second: what it has is the run and the rest.
        #expect(suites[1].all("testcase").count == 2)
    }

    @Test(
        "The time of the start is one, or is left out",
        arguments: [
            ("2026-03-01T12:00:00.000Z", "2026-03-01T12:00:00"), ("2026-03-01T12:00:00+01:00", "2026-03-01T12:00:00"),
            ("", nil), ("yesterday, at twelve", nil), ("2026-03-01 12:00:00", nil),
        ] as [(String, String?)])
    func timestamp(started: String, expected: String?) throws {
        var summary = try Summaries.of("one-step")
        summary.started = started
        #expect(try XMLTree(JUnitReport.text(summary)).root.all("testsuite")[0]["timestamp"] == expected)
    }

    @Test("A length that is no number is none", arguments: [Double.nan, .infinity, -1, 1e300])
    func seconds(value: Double) throws {
        var summary = try Summaries.of("one-step")
        summary.run.totalSeconds = value
        let time = try XMLTree(JUnitReport.text(summary)).root.all("testsuite")[0]["time"]
        #expect(time == (value == 1e300 ? "1000000000.000" : "0.000"))
    }
}
