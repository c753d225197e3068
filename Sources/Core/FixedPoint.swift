extension Double {
    /// The value with exactly `places` (0 to 12) decimals, rounded half away from zero; independent of any locale.
    ///
    /// The standard library prints the shortest text that reads back, which is the wrong thing for a table, and
    /// Foundation's formatter would link Foundation for one function. Values beyond ±9.2e18 / 10^places print as
    /// the standard library prints them.
    package func fixed(_ places: Int) -> String {
        precondition((0...12).contains(places), "a fixed-point number has 0 to 12 decimals, not \(places)")
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (magnitude * scale).rounded()
        guard scaled.isFinite, scaled < 9.2e18 else { return description }
        var digits = String(Int64(scaled))
        if places > 0 {
            if digits.count <= places { digits = String(repeating: "0", count: places + 1 - digits.count) + digits }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
        }
        return (sign == .minus && scaled > 0 ? "-" : "") + digits
    }

    /// The value with at most `places` (0 to 9) decimals, without zeros at the end: `12.5`, `500`.
    package func trimmed(_ places: Int) -> String {
        var text = fixed(places)
        guard places > 0, text.contains("."), !text.contains("e") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// The shortest text that reads back as the same value; a whole number below 1e15 without a point: `12`, `340.5`.
    package var shortest: String {
        self == rounded() && magnitude < 1e15 ? String(Int64(self)) : description
    }
}
