package import Analysis
import Core

/// The verdict of runs as JUnit XML, which GitLab, Jenkins and most others show: a suite per run, in it a case for the run
/// and one for each budget.
///
/// The form is that of the Jenkins xUnit plugin's schema (junit-10), the strictest in use. GitLab names a case by `classname` and
/// `name` and drops the second of the same, so that no two are called the same; Jenkins drops a suite without a case.
package enum JUnitReport {
    /// Bytes of cases in all; GitLab takes less than 30 MB. What is beyond is counted in one last case.
    package static let most = 16 << 20

    package static func text(_ summary: RunSummary) -> String { text([summary]) }

    /// - Parameter most: bytes of cases.
    package static func text(_ summaries: [RunSummary], most: Int = most) -> String {
        var names = UniqueNames()
        var room = most
        var total = Suite.Counts()
        var seconds = 0.0
        var body = ""
        for summary in summaries {
            let suite = Suite(
                summary, name: names.name(RunLabel.text(name: summary.name, variant: summary.plan.variant)), &room)
            body += suite.xml
            total.add(suite.counts)
            seconds += summary.run.totalSeconds
        }
        let root = XML.tag(
            "testsuites",
            [
                ("name", "gale"), ("tests", String(total.tests)), ("failures", String(total.failures)),
                ("errors", String(total.errors)), ("time", XML.seconds(seconds)),
            ])
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\(root)>\n\(body)</testsuites>\n"
    }

    private struct Suite {
        struct Counts {
            var tests = 0
            var failures = 0
            var errors = 0
            var skipped = 0

            mutating func add(_ other: Counts) {
                tests += other.tests
                failures += other.failures
                errors += other.errors
                skipped += other.skipped
            }

            mutating func add(_ outcome: JUnitCase.Outcome) {
                tests += 1
                switch outcome {
                case .passed: break
                case .failure: failures += 1
                case .error: errors += 1
                case .skipped: skipped += 1
                }
            }
        }

        private(set) var counts = Counts()
        private(set) var xml = ""

        /// - Parameter room: bytes that are left for cases.
        init(_ summary: RunSummary, name: String, _ room: inout Int) {
            var names = UniqueNames()
            var cases = ""
            func add(_ found: JUnitCase, _ counts: inout Counts) {
                var found = found
                found.name = names.name(found.name)
                counts.add(found.outcome)
                let text = found.xml(classname: name)
                room -= text.utf8.count
                cases += text
            }
            add(.run(summary), &counts)
            if !summary.budgets.contains(where: { !$0.budget.warnsOnly }) { add(.success(summary), &counts) }
            for (index, result) in summary.budgets.enumerated() {
                guard room > 0 else {
                    add(Self.rest(summary.budgets[index...]), &counts)
                    break
                }
                add(.budget(result, file: summary.plan.file), &counts)
            }
            let tag = XML.tag(
                "testsuite",
                [
                    ("name", name), ("tests", String(counts.tests)), ("failures", String(counts.failures)),
                    ("errors", String(counts.errors)), ("skipped", String(counts.skipped)),
                    ("time", XML.seconds(summary.run.totalSeconds)), ("timestamp", Self.timestamp(summary.started)),
                    ("file", summary.plan.file),
                ])
            let output = TerminalReport.text(summary, colour: false).split(separator: "\n").map(String.init)
            xml = "  \(tag)>\n\(Self.properties(summary))\(cases)"
            xml += "    <system-out>\(XML.lines(output))</system-out>\n  </testsuite>\n"
        }

        /// The budgets that there is no room for, judged together.
        private static func rest(_ results: ArraySlice<BudgetResult>) -> JUnitCase {
            let broken = results.count { $0.verdict == .broken && !$0.budget.warnsOnly }
            let message = "\(Figures.count(broken)) of them are broken; the report of the run has them all"
            return JUnitCase(
                name: "\(Figures.count(results.count, "more budget"))",
                outcome: broken > 0
                    ? .failure(type: "broken", message: message) : .skipped(type: "left out", message: message))
        }

        private static func properties(_ summary: RunSummary) -> String {
            let plan = summary.plan
            let pairs: [(String, String?)] = [
                ("verdict", summary.verdict.verdict.rawValue), ("exit status", String(summary.verdict.exitStatus)),
                ("seed", String(summary.seed)), ("plan", plan.file), ("plan hash", plan.hash),
                ("variant", plan.variant),
                ("settings", plan.settings.isEmpty ? nil : plan.settings.joined(separator: " ")),
                ("overrides", plan.overrides.isEmpty ? nil : plan.overrides.joined(separator: " ")),
                ("target", summary.target), ("gale", summary.gale),
            ]
            let lines = pairs.filter { $0.1 != nil }.map { name, value in
                "      \(XML.tag("property", [("name", name), ("value", value)]))/>\n"
            }
            return "    <properties>\n\(lines.joined())    </properties>\n"
        }

        /// `2026-03-01T12:00:00`, as Ant wrote it: UTC, without a zone. Nil for what does not begin like that.
        private static func timestamp(_ started: String) -> String? {
            let text = started.prefix(19)
            let form = "0000-00-00T00:00:00"
            guard text.utf8.count == form.utf8.count else { return nil }
            let fits = zip(text.utf8, form.utf8).allSatisfy { found, wanted in
                wanted == UInt8(ascii: "0")
                    ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(found) : found == wanted
            }
            return fits ? String(text) : nil
        }
    }
}
