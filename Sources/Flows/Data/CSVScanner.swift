/// Walks over the fields of comma-separated values. Doubled quotes are undone in place: a value is never longer than the
/// text it stands for, and what was read is not read again.
struct CSVScanner {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var index: Int
    /// The line that is read now, and the one where the row began; from 1.
    private var line = 1
    private(set) var rowLine = 1

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>, start: Int) {
        self.bytes = bytes
        index = start
    }

    /// Skips empty lines.
    /// - Returns: false at the end of the file.
    mutating func startRow() -> Bool {
        while index < bytes.count {
            if bytes[index] == Self.lineFeed {
                index += 1
            } else if bytes[index] == Self.carriageReturn, index + 1 < bytes.count, bytes[index + 1] == Self.lineFeed {
                index += 2
            } else {
                break
            }
            line += 1
        }
        rowLine = line
        return index < bytes.count
    }

    /// Reads one value and what parts it from the next.
    mutating func field() throws(DataError) -> (cell: DataCell, isLast: Bool) {
        if index < bytes.count, bytes[index] == Self.quote { return try quoted() }
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            // All that means something here is below a comma.
            if byte > Self.comma {
                index += 1
                continue
            }
            if byte == Self.comma || byte == Self.lineFeed || byte == Self.carriageReturn { break }
            if byte == Self.quote {
                throw DataError(
                    "a quote stands inside `\(DataText.excerpt(text(start..<(index + 1))))`, a value without quotes around it",
                    remedy: "put the whole value in quotes and double those inside: `\"5\"\" disk\"`", line: line)
            }
            index += 1
        }
        let cell = DataCell(.text, start: start, length: index - start)
        return (cell, try end(of: cell))
    }

    private mutating func quoted() throws(DataError) -> (cell: DataCell, isLast: Bool) {
        let openLine = line
        let start = index + 1
        var write = start
        index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Self.quote {
                if index + 1 < bytes.count, bytes[index + 1] == Self.quote {
                    index += 1
                } else {
                    index += 1
                    let cell = DataCell(.text, start: start, length: write - start)
                    return (cell, try end(of: cell))
                }
            } else if byte == Self.lineFeed {
                line += 1
            }
            if write != index { bytes[write] = byte }
            write += 1
            index += 1
        }
        throw DataError(
            "the quote before `\(DataText.excerpt(text(start..<write)))` is not closed",
            remedy: "end the value with a quote, and double quotes inside it", line: openLine)
    }

    /// Steps over the comma, the end of the line or of the file.
    private mutating func end(of cell: DataCell) throws(DataError) -> Bool {
        guard index < bytes.count else { return true }
        switch bytes[index] {
        case Self.comma:
            index += 1
            return false
        case Self.lineFeed:
            index += 1
        case Self.carriageReturn where index + 1 == bytes.count:
            index += 1
        case Self.carriageReturn where bytes[index + 1] == Self.lineFeed:
            index += 2
        case Self.carriageReturn:
            throw DataError(
                "after `\(DataText.excerpt(text(cell)))` stands a carriage return without a line feed",
                remedy: "end lines with LF or CRLF; a value with a carriage return needs quotes around it", line: line)
        default:
            throw DataError(
                "after the closing quote of `\(DataText.excerpt(text(cell)))` the value goes on",
                remedy: "put a comma after the quote, or double the quote if it belongs to the value", line: line)
        }
        line += 1
        return true
    }

    func text(_ cell: DataCell) -> String { text(cell.range) }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: UnsafeBufferPointer(bytes)[range]), as: UTF8.self)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed: UInt8 = 0x0A
    private static let carriageReturn: UInt8 = 0x0D
}
