/// What the readers of files of data have in common.
enum DataText {
    /// A file of data is UTF-8.
    static func check(_ bytes: [UInt8]) throws(DataError) {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw DataError("the file is UTF-16", remedy: "save it as UTF-8")
        }
        let fault: Int
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
            return
        } catch {
            fault = error.byteOffsets.lowerBound
        }
        let line = bytes[..<fault].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        let start = bytes[..<fault].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let before = String(decoding: bytes[max(start, fault - 20)..<fault], as: UTF8.self)
        throw DataError(
            "the byte \(bytes[fault]) after `\(excerpt(before))` is not UTF-8", remedy: "save the file as UTF-8",
            line: line)
    }

    /// The length of a byte order mark: 3 or 0.
    static func markLength(_ bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }

    /// The beginning of a text for a message: at most 40 characters, on one line.
    static func excerpt(_ text: String) -> String {
        var excerpt = ""
        for scalar in text.unicodeScalars.prefix(40) {
            excerpt.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return excerpt.unicodeScalars.count < text.unicodeScalars.count ? excerpt + "…" : excerpt
    }
}
