package import Recording

/// `timeline.csv` as a whole.
package struct TimelineFile: Sendable {
    package private(set) var rows: [TimelineRow] = []
    /// True when the file ends in the middle of a line, as it does when a run is killed while it writes.
    package private(set) var endsInHalfLine = false

    /// Reads the bytes of the file; none are a file without rows.
    /// - Parameters:
    ///   - path: for messages.
    ///   - tolerant: drop a half line at the end, which is otherwise damage.
    package init(_ bytes: [UInt8], path: String, tolerant: Bool) throws(BundleError) {
        var reader: TimelineReader?
        endsInHalfLine = try BundleLines.read(bytes, path: path, tolerant: tolerant) { (line) throws(TimelineError) in
            if let reader { rows.append(try reader.row(line)) } else { reader = try TimelineReader(header: line) }
        }
    }
}
