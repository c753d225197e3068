package import Core

/// Values to texts, in the words of a plan: what these write, the parsers read back to the same value.
extension Units {
    /// `2m`, `1m30s`, `250ms`: exact.
    package static func text(_ span: Span) -> String { span.plain }

    /// `500/s`, `0.5/s`: the shortest text that reads back as the same rate.
    package static func text(_ rate: Rate) -> String { "\(number(rate.perSecond))/s" }

    /// `5%`.
    package static func text(share: Double) -> String { "\(number(share * 100))%" }

    /// `64B`, `2kB`, `1MiB`: exact, in the largest unit that divides the size.
    package static func text(bytes: Int) -> String {
        let unit = sizeUnits.filter { bytes > 0 && bytes % Int($0.bytes) == 0 }.max { $0.bytes < $1.bytes }
        guard let unit else { return "\(bytes)B" }
        return "\(bytes / Int(unit.bytes))\(unit.name)"
    }

    /// Without the `.0` that the standard library gives to whole numbers, and never with an exponent.
    static func number(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 9e15 { return String(Int64(value)) }
        let shortest = value.description
        guard shortest.contains("e") else { return shortest }
        var text = value.fixed(9)
        while text.last == "0" { text.removeLast() }
        return text
    }
}

extension Int {
    /// `1_000_000`: digits in groups of three, as a plan may write them.
    var grouped: String {
        var text = ""
        for (offset, digit) in String(magnitude).reversed().enumerated() {
            if offset > 0, offset % 3 == 0 { text.append("_") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }
}
