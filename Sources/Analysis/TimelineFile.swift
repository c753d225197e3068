package import Recording

/// `timeline.csv` as a whole.
package struct TimelineFile: Sendable {
    package private(set) var rows: [TimelineRow] = []
    /// True when the file ends in the middle of a line, as it does when a run is killed while it writes.
    package private(set) var endsInHalfLine = false

    /// Most rows: a month of seconds.
    private static let mostRows = 2_600_000
    /// All counts of the file together stay below: no sum further on can overflow.
    private static let mostCounted = 1e18

    /// Reads the bytes of the file; none are a file without rows.
    /// - Parameters:
    ///   - path: for messages.
    ///   - tolerant: drop a half line at the end, which is otherwise damage.
    package init(_ bytes: [UInt8], path: String, tolerant: Bool) throws(BundleError) {
        var reader: TimelineReader?
        var counted = 0.0
        endsInHalfLine = try BundleLines.read(bytes, path: path, tolerant: tolerant) { (line) throws(TimelineError) in
            guard let known = reader else {
                reader = try TimelineReader(header: line)
                return
            }
            let row = try known.row(line)
            counted += row.counted
            guard counted <= Self.mostCounted else { throw .tooMuch("all counts together are above 1e18") }
            guard rows.count < Self.mostRows else { throw .tooMuch("there are more rows than a month has seconds") }
            rows.append(row)
        }
    }
}

extension TimelineRow {
    /// All its counts together.
    fileprivate var counted: Double {
        var sum = Ledger.counted(ledger)
        for count in statuses.values { sum += Double(count) }
        for count in failures.values { sum += Double(count) }
        for counts in checks.values { sum += Double(counts.passed) + Double(counts.failed) }
        if !policies.isEmpty { for entry in policies.named { sum += Double(entry.count) } }
        return sum
    }
}

extension Ledger {
    fileprivate static func counted(_ ledger: Ledger) -> Double {
        fields.reduce(0) { $0 + Double(ledger[keyPath: $1.path]) }
    }
}
