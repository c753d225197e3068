/// The header lines of a response as they were received, each ended by CR LF (RFC 9112, 5).
struct HeaderLines {
    let bytes: UnsafeBufferPointer<UInt8>

    /// Calls `body` with the value of each line of that name, without blanks around it, until `body` returns false.
    /// - Parameter name: letters of either case.
    func forEach(_ name: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Bool) {
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            if let value = value(start..<end, name) {
                guard body(UnsafeBufferPointer(rebasing: bytes[value])) else { return }
            }
            start = end + 1
        }
    }

    /// The value of the first line of that name.
    func first(_ name: [UInt8]) -> UnsafeBufferPointer<UInt8>? {
        var result: UnsafeBufferPointer<UInt8>?
        forEach(name) { value in
            result = value
            return false
        }
        return result
    }

    private func value(_ line: Range<Int>, _ name: [UInt8]) -> Range<Int>? {
        guard line.count > name.count, bytes[line.lowerBound + name.count] == UInt8(ascii: ":") else { return nil }
        for offset in 0..<name.count where bytes[line.lowerBound + offset].lowercased != name[offset].lowercased {
            return nil
        }
        return bytes.trimmed((line.lowerBound + name.count + 1)..<line.upperBound)
    }
}

extension UInt8 {
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension UnsafeBufferPointer<UInt8> {
    /// The range without blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower].isBlank { lower += 1 }
        while lower < upper, self[upper - 1].isBlank { upper -= 1 }
        return lower..<upper
    }

    /// Where `byte` first stands in the range; its end when it does not.
    func first(_ byte: UInt8, in range: Range<Int>) -> Int {
        var index = range.lowerBound
        while index < range.upperBound, self[index] != byte { index += 1 }
        return index
    }

    func equals(_ text: [UInt8]) -> Bool {
        guard count == text.count else { return false }
        for index in 0..<count where self[index] != text[index] { return false }
        return true
    }

    /// Where `text` stands from `start` on; an empty text stands everywhere.
    func find(_ text: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        guard let initial = text.first else { return start <= count ? start : nil }
        var index = start
        while index <= count - text.count {
            if self[index] == initial {
                var length = 1
                while length < text.count, self[index + length] == text[length] { length += 1 }
                if length == text.count { return index }
            }
            index += 1
        }
        return nil
    }

    func find(_ text: [UInt8], from start: Int = 0) -> Int? {
        text.withUnsafeBufferPointer { find($0, from: start) }
    }
}
