/// The lines of one of a bundle's tables, of which a killed run may have left the last one half written.
enum BundleLines {
    /// Hands on each whole line, without its end.
    /// - Parameters:
    ///   - path: for messages.
    ///   - tolerant: drop a half line at the end, which is otherwise damage. What has no newline was not written to its end,
    ///     even if it looks whole: `reset=3` may have been 31.
    ///   - body: throws what is wrong with a line.
    /// - Returns: whether the file ends in the middle of a line.
    /// - Throws: `BundleError.damagedLine`.
    static func read<Damage: Error & CustomStringConvertible>(
        _ bytes: [UInt8], path: String, tolerant: Bool, _ body: (ArraySlice<UInt8>) throws(Damage) -> Void
    ) throws(BundleError) -> Bool {
        var start = 0
        var number = 0
        while start < bytes.count {
            number += 1
            guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) else {
                if tolerant { return true }
                throw .damagedLine(path: path, line: number, what: "the line is cut off")
            }
            do throws(Damage) {
                try body(bytes[start..<end])
            } catch {
                throw .damagedLine(path: path, line: number, what: error.description)
            }
            start = end + 1
        }
        return false
    }
}
