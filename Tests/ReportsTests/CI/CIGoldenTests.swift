import Analysis
import Reports
import Testing

@Suite("Reports for CI equal their golden files")
struct CIGoldenTests {
    @Test("Every format of a kind of run", arguments: Summaries.kinds)
    func formats(kind: String) throws {
        let summary = try Summaries.of(kind)
        try Golden.check(JUnitReport.text(summary), "\(kind).junit.xml")
        try Golden.check(CommentReport.text(summary), "\(kind).comment.md")
        try Golden.check(MetricsReport.text(summary), "\(kind).metrics")
        let lines = GitHubAnnotations.lines(summary).map { $0 + "\n" }
        try Golden.check(lines.joined(), "\(kind).annotations")
    }

    @Test("Several runs are one report")
    func several() throws {
        let summaries = try ["one-step", "broken", "one-step"].map(Summaries.of)
        try Golden.check(JUnitReport.text(summaries), "three-runs.junit.xml")
        try Golden.check(CommentReport.text(summaries), "three-runs.comment.md")
    }
}
