import Recording

/// `events.csv` as a whole.
package struct EventFile: Sendable {
    package private(set) var summary = EventSummary()
    /// True when the file ends in the middle of a line, as it does when a run is killed while it writes.
    package private(set) var endsInHalfLine = false

    /// Reads the bytes of the file; none are a file without events.
    /// - Parameters:
    ///   - path: for messages.
    ///   - tolerant: drop a half line at the end, which is otherwise damage.
    package init(_ bytes: [UInt8], path: String, tolerant: Bool) throws(BundleError) {
        var reader: EventReader?
        endsInHalfLine = try BundleLines.read(bytes, path: path, tolerant: tolerant) { (line) throws(EventError) in
            if let reader { summary.add(try reader.event(line)) } else { reader = try EventReader(header: line) }
        }
    }
}
