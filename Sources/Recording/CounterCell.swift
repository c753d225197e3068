import Core

/// The counters of a row of `timeline.csv`: `orders=12;orders{kind=red}=5;revenue=340.5`.
///
/// What would end a name, a cell or a line, or begin a formula, is written as `%` and two hexadecimal digits for each of
/// its bytes (RFC 3986 §2.1), so that the cell is never quoted, whatever a tag holds.
enum CounterCell {
    /// The sums in the order of their names.
    static func text(of sums: [CounterKey: Double]) -> String {
        sums.sorted { $0.key < $1.key }.map { key, sum in
            let tags = key.tags.isEmpty ? "" : "{\(escaped(key.tags, keeping: "="))}"
            return "\(escaped(key.name))\(tags)=\(sum.shortest)"
        }.joined(separator: ";")
    }

    static func sums(_ cell: ArraySlice<UInt8>) throws(TimelineError) -> [CounterKey: Double] {
        var sums: [CounterKey: Double] = [:]
        for part in cell.split(separator: UInt8(ascii: ";")) {
            let (key, sum) = try entry(part)
            sums[key] = CounterTable.sum(sums[key] ?? 0, sum)
        }
        return sums
    }

    /// `orders{kind=red}=5`
    private static func entry(_ part: ArraySlice<UInt8>) throws(TimelineError) -> (CounterKey, Double) {
        let opening = part.firstIndex(of: UInt8(ascii: "{"))
        let closing = part.firstIndex(of: UInt8(ascii: "}"))
        let equals = part[(closing ?? part.startIndex)...].firstIndex(of: UInt8(ascii: "="))
        var tags = ""
        var nameEnd = equals
        if let opening, let closing, opening < closing, equals == closing + 1 {
            tags = try unescaped(part[(opening + 1)..<closing])
            nameEnd = opening
        } else if opening != nil || closing != nil {
            nameEnd = nil
        }
        guard let nameEnd, let equals, nameEnd > part.startIndex,
            let sum = Double(String(decoding: part[(equals + 1)...], as: UTF8.self)),
            sum.magnitude <= CounterTable.largest
        else { throw .badCell(String(decoding: part, as: UTF8.self), rule: "name=sum or name{tags}=sum") }
        return (CounterKey(name: try unescaped(part[..<nameEnd]), tags: tags), sum)
    }

    // MARK: Escapes

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func escaped(_ text: String, keeping kept: Character? = nil) -> String {
        var bytes: [UInt8] = []
        for (index, byte) in text.utf8.enumerated() {
            let isSpecial: Bool
            switch byte {
            case UInt8(ascii: "="): isSpecial = kept != "="
            case 0..<0x20, 0x7F: isSpecial = true
            case UInt8(ascii: "%"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "{"),
                UInt8(ascii: "}"):
                isSpecial = true
            // A cell that begins with one of these is a formula to a spreadsheet.
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): isSpecial = index == 0
            default: isSpecial = false
            }
            if isSpecial {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) throws(TimelineError) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard text.endIndex - index > 2, let high = digits.firstIndex(of: text[index + 1]),
                    let low = digits.firstIndex(of: text[index + 2])
                else {
                    throw .badCell(
                        String(decoding: text, as: UTF8.self),
                        rule: "a text in which % is followed by two digits 0 to F")
                }
                bytes.append(UInt8(high << 4 | low))
                index += 3
            } else {
                bytes.append(text[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
