import Analysis
import Reports
import Testing

@Suite("Reports equal their golden files")
struct GoldenTests {
    @Test("Every format of a kind of run", arguments: Kinds.names)
    func reports(kind: String) throws {
        let summary = RunSummary(try Kinds.bundle(kind))
        try Golden.check(MarkdownReport.text(summary), "\(kind).md")
        try Golden.check(CSVReport.text(summary), "\(kind).csv")
        try Golden.check(String(decoding: try JSONReport.bytes(summary), as: UTF8.self), "\(kind).json")
        let terminal = TerminalReport.text(summary, colour: false, path: "Reports/checkout/1-42")
        try Golden.check(terminal, "\(kind).txt")
    }
}
