package import Analysis
import Core

/// What a step adds to `$GITHUB_STEP_SUMMARY`: the report, on the page of the workflow's run.
package enum GitHubSummary {
    /// Bytes that GitHub takes of all that one step writes there; with a byte more it shows nothing.
    package static let most = 1 << 20

    /// - Parameter limit: bytes; a longer report is cut at a line, with a sentence that says so.
    package static func text(_ summary: RunSummary, limit: Int = most) -> String { text([summary], limit: limit) }

    package static func text(_ summaries: [RunSummary], limit: Int = most) -> String {
        fit(summaries.map(report).joined(separator: "\n"), limit: limit)
    }

    /// The report without its charts: they are files of the bundle, and the page has no files beside it.
    private static func report(_ summary: RunSummary) -> String {
        var lines: [Substring] = []
        for line in MarkdownReport.text(summary).split(separator: "\n", omittingEmptySubsequences: false)
        where !line.hasPrefix("![") && !(line.isEmpty && lines.last?.isEmpty == true) {
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }

    /// Any report, cut to what there is room for.
    package static func fit(_ report: String, limit: Int = most) -> String {
        TextLimit.cut(
            report, toBytes: limit,
            note: "*Cut here: a step's summary may have \(Figures.count(most)) bytes. report.md in the bundle has all.*"
        )
    }
}
