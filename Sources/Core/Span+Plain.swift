extension Span {
    private static let units: [(name: String, size: UInt64)] = [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ]

    /// The exact value in the words of a plan, `2m`, `1m30s`, `1.5s`, `250ms`: at most two neighbouring units where that is
    /// exact, else the shortest exact form.
    package var plain: String {
        var left = nanoseconds.magnitude
        guard left > 0 else { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        var parts = ""
        for (name, size) in Self.units where size <= left {
            // `1.5s` reads better than `1s500ms`: below a minute one unit with decimals, when they are few.
            if left < 60_000_000_000, left % size != 0 {
                let decimals = Self.decimals(left, size)
                if decimals.count <= 6 { return sign + parts + decimals + name }
            }
            parts += "\(left / size)\(name)"
            left %= size
            if left == 0 { break }
        }
        return sign + parts
    }

    /// `value / size` as an exact decimal; `size` is a power of ten.
    private static func decimals(_ value: UInt64, _ size: UInt64) -> String {
        var digits = String(value % size + size).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(value / size).\(digits)"
    }
}
