import Analysis
import Core

/// Every count that must add up, written as the equation it must satisfy.
enum HTMLLedgers {
    static func contents(_ summary: RunSummary) -> [Element?] {
        let parts = MarkdownLedgers.parts(summary)
        return [HTML.list(parts.run)]
            + (parts.warmUp.isEmpty ? [] : [Element("h3") { "In warm-up" }, HTML.list(parts.warmUp)])
            + [parts.lab.map { text in Element("p") { text } }]
    }
}
