/// Reads JSON (RFC 8259) where it stands: no tree and no copy.
///
/// What it reads comes from the target, so nothing here trusts it: beyond the end there is NUL, which no rule of the
/// grammar accepts, and nesting is bounded. Bytes of strings are passed on as they are, also where they are no UTF-8.
struct JSONScanner {
    /// Arrays and objects within each other; deeper documents are no JSON to us.
    static let depthLimit = 256

    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The byte there; NUL beyond the ends.
    @inline(__always)
    subscript(index: Int) -> UInt8 {
        UInt(bitPattern: index) < UInt(bitPattern: bytes.count) ? bytes[index] : 0
    }

    /// What kind of value begins at `index`, judged by its first byte; nil when none does.
    func kind(at index: Int) -> Value.Kind? {
        switch self[index] {
        case UInt8(ascii: "\""): .text
        case UInt8(ascii: "{"), UInt8(ascii: "["): .json
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .boolean
        case UInt8(ascii: "n"): .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number
        default: nil
        }
    }

    /// The first byte from `index` on that is no blank.
    func skipBlanks(from index: Int) -> Int {
        var index = index
        while self[index].isBlank { index += 1 }
        return index
    }

    /// Where the value that begins at `index` ends.
    /// - Parameter depth: arrays and objects around it.
    /// - Returns: nil when there is no valid value.
    func end(at index: Int, depth: Int = 0) -> Int? {
        switch kind(at: index) {
        case .text: return endOfString(at: index)
        case .number: return endOfNumber(at: index)
        case .boolean: return endOfWord(self[index] == UInt8(ascii: "t") ? "true" : "false", at: index)
        case .null: return endOfWord("null", at: index)
        case .json:
            guard depth < Self.depthLimit, var children = JSONChildren(self, at: index) else { return nil }
            while let child = children.next() {
                guard let end = end(at: child.start, depth: depth + 1) else { return nil }
                children.index = end
            }
            return children.end
        case .missing, nil: return nil
        }
    }

    /// Where the string whose opening quote stands at `index` ends, after its closing quote.
    func endOfString(at index: Int) -> Int? {
        guard self[index] == UInt8(ascii: "\"") else { return nil }
        var index = index + 1
        while true {
            switch self[index] {
            case UInt8(ascii: "\""): return index + 1
            case UInt8(ascii: "\\"):
                switch self[index + 1] {
                case UInt8(ascii: "u"):
                    guard hexadecimal(at: index + 2) != nil else { return nil }
                    index += 6
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
                    UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
                    index += 2
                default: return nil
                }
            case ..<0x20: return nil
            default: index += 1
            }
        }
    }

    /// The four hexadecimal digits from `index` on.
    func hexadecimal(at index: Int) -> UInt32? {
        var result: UInt32 = 0
        for offset in 0..<4 {
            guard let digit = self[index + offset].hexadecimalDigit else { return nil }
            result = result << 4 | UInt32(digit)
        }
        return result
    }

    /// RFC 8259, 6.
    private func endOfNumber(at index: Int) -> Int? {
        var index = index
        if self[index] == UInt8(ascii: "-") { index += 1 }
        if self[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            guard let end = endOfDigits(at: index) else { return nil }
            index = end
        }
        if self[index] == UInt8(ascii: ".") {
            guard let end = endOfDigits(at: index + 1) else { return nil }
            index = end
        }
        if self[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if self[index] == UInt8(ascii: "+") || self[index] == UInt8(ascii: "-") { index += 1 }
            guard let end = endOfDigits(at: index) else { return nil }
            index = end
        }
        return index
    }

    private func endOfDigits(at index: Int) -> Int? {
        guard self[index].isDigit else { return nil }
        var index = index
        while self[index].isDigit { index += 1 }
        return index
    }

    private func endOfWord(_ word: StaticString, at index: Int) -> Int? {
        for offset in 0..<word.utf8CodeUnitCount where self[index + offset] != word.utf8Start[offset] { return nil }
        return index + word.utf8CodeUnitCount
    }
}

/// Walks over the members of an object or the elements of an array. Whoever walks says where each child ended, by
/// setting `index`.
struct JSONChildren {
    struct Child {
        /// The opening quote of the member's name; -1 in an array.
        let name: Int
        /// The first byte of its value.
        let start: Int
    }

    private let scanner: JSONScanner
    let isObject: Bool
    private var isFirst = true
    var index: Int
    /// Behind the closing bracket, once the walk came there; nil while it goes on, and when the text is no JSON.
    private(set) var end: Int?

    /// Nil when neither an object nor an array begins at `start`.
    init?(_ scanner: JSONScanner, at start: Int) {
        guard scanner[start] == UInt8(ascii: "{") || scanner[start] == UInt8(ascii: "[") else { return nil }
        self.scanner = scanner
        isObject = scanner[start] == UInt8(ascii: "{")
        index = start + 1
    }

    /// The next child; nil after the last one, and where the text is no JSON (`end` is nil then).
    mutating func next() -> Child? {
        index = scanner.skipBlanks(from: index)
        if scanner[index] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            end = index + 1
            return nil
        }
        if isFirst {
            isFirst = false
        } else {
            guard scanner[index] == UInt8(ascii: ",") else { return nil }
            index = scanner.skipBlanks(from: index + 1)
        }
        guard isObject else { return Child(name: -1, start: index) }
        let name = index
        guard let endOfName = scanner.endOfString(at: index) else { return nil }
        index = scanner.skipBlanks(from: endOfName)
        guard scanner[index] == UInt8(ascii: ":") else { return nil }
        index = scanner.skipBlanks(from: index + 1)
        return Child(name: name, start: index)
    }
}

extension UInt8 {
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - 55
        default: nil
        }
    }
}
