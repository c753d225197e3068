import Core

/// Texts of random characters.
package struct RandomText: Hashable, Sendable {
    /// Which characters there are.
    package enum Alphabet: String, Hashable, Sendable, CaseIterable {
        case alphanumeric, letters, digits, hex, lowercase

        var characters: StaticString {
            switch self {
            case .alphanumeric: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            case .letters: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            case .digits: "0123456789"
            case .hex: "0123456789abcdef"
            case .lowercase: "abcdefghijklmnopqrstuvwxyz"
            }
        }
    }

    /// In characters.
    package let length: Int
    package let alphabet: Alphabet

    /// - Parameter length: in characters, 1 to 1,048,576.
    /// - Throws: a length beyond that.
    package init(length: Int, of alphabet: Alphabet = .alphanumeric) throws(DataError) {
        guard (1...1 << 20).contains(length) else {
            throw DataError(
                "a text of `\(length)` characters cannot be drawn", remedy: "it has 1 to 1,048,576 characters")
        }
        self.length = length
        self.alphabet = alphabet
    }

    /// Appends the text. Six bits at a time pick a character, or are thrown away when they pick none, so that all
    /// characters are equally likely; a power of two needs fewer bits.
    func write(_ random: inout SeededRandom, into output: inout [UInt8]) {
        let characters = alphabet.characters
        let size = UInt64(characters.utf8CodeUnitCount)
        let width = UInt64.bitWidth - (size - 1).leadingZeroBitCount
        let mask: UInt64 = (1 << UInt64(width)) - 1
        var bits: UInt64 = 0
        var left = 0
        var count = 0
        while count < length {
            if left < width {
                bits = random.next()
                left = UInt64.bitWidth
            }
            let index = bits & mask
            bits >>= UInt64(width)
            left -= width
            guard index < size else { continue }
            output.append(characters.utf8Start[Int(index)])
            count += 1
        }
    }
}
