/// Base64 as RFC 4648 §4 has it, padded: how a log carries histograms.
enum Base64 {
    private static let alphabet = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")

    /// The six bits of each character; 0xff for what is not in the alphabet.
    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: 0xff, count: 256)
        for (value, character) in alphabet.enumerated() { table[Int(character)] = UInt8(value) }
        return table
    }()

    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        alphabet.withUnsafeBufferPointer { alphabet in
            var index = 0
            while index < bytes.count {
                let left = bytes.count - index
                var group = UInt32(bytes[index]) << 16
                if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
                if left > 2 { group |= UInt32(bytes[index + 2]) }
                text.append(alphabet[Int(group >> 18)])
                text.append(alphabet[Int(group >> 12 & 63)])
                text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : padding)
                text.append(left > 2 ? alphabet[Int(group & 63)] : padding)
                index += 3
            }
        }
    }

    /// Replaces `bytes` by what `text` says.
    /// - Throws: `HistogramError.notBase64` at the first byte that is out of place, which may be the missing one at the
    ///   end. Bits that padding leaves over are not looked at.
    static func decode(_ text: [UInt8], into bytes: inout [UInt8]) throws(HistogramError) {
        bytes.removeAll(keepingCapacity: true)
        var length = text.count
        guard length % 4 == 0 else { throw .notBase64(offset: length) }
        while length > text.count - 2, length > 0, text[length - 1] == padding { length -= 1 }
        bytes.reserveCapacity(length / 4 * 3 + 2)
        try sextets.withUnsafeBufferPointer { (sextets) throws(HistogramError) in
            var group: UInt32 = 0
            for index in 0..<length {
                let sextet = sextets[Int(text[index])]
                guard sextet != 0xff else { throw .notBase64(offset: index) }
                group = group << 6 | UInt32(sextet)
                if index % 4 == 3 {
                    bytes.append(UInt8(truncatingIfNeeded: group >> 16))
                    bytes.append(UInt8(truncatingIfNeeded: group >> 8))
                    bytes.append(UInt8(truncatingIfNeeded: group))
                }
            }
            // Two characters left over are one byte, three are two.
            guard length % 4 >= 2 else { return }
            group <<= length % 4 == 2 ? 12 : 6
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if length % 4 == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
        }
    }
}
