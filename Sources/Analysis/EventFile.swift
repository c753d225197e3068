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
        var start = 0
        var number = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            number += 1
            guard let end else {
                guard tolerant else {
                    throw .damagedLine(path: path, line: number, what: "the line is cut off")
                }
                endsInHalfLine = true
                return
            }
            let line = bytes[start..<end]
            do {
                if let reader { summary.add(try reader.event(line)) } else { reader = try EventReader(header: line) }
            } catch {
                throw .damagedLine(path: path, line: number, what: error.description)
            }
            start = end + 1
        }
    }
}
