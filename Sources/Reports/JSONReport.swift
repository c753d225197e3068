package import Analysis
import Recording

/// `summary.json`, and what `--summary json` prints: the whole summary. Keys are in snake case and sorted, numbers are
/// numbers, and names with `_ms` are milliseconds.
package enum JSONReport {
    /// - Throws: `ReportError.unwritable` for a value that JSON cannot hold, which only a damaged record can bring in.
    package static func bytes(_ summary: RunSummary) throws(ReportError) -> [UInt8] { try encoded(summary) }

    /// The same of several runs: a list.
    package static func bytes(_ summaries: [RunSummary]) throws(ReportError) -> [UInt8] { try encoded(summaries) }

    /// The bytes of any value that is written as JSON.
    static func encoded(_ value: some Encodable) throws(ReportError) -> [UInt8] {
        do {
            return try GaleJSON.encode(value)
        } catch {
            throw .unwritable("\(error)")
        }
    }
}
