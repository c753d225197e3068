/// Factors: how many times as much.
extension Units {
    /// `3x`, `1.5x`: a number of times, 1 to a million.
    package static func factor(_ text: String) throws(UnitProblem) -> Double {
        let quantity = Quantity(text: text, noun: "a factor", units: "x", example: "`3x`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard !rest.isEmpty else { throw quantity.noUnit(suggestion: "\(text)x") }
        guard rest == "x" else {
            throw UnitProblem(
                .unit, "`\(text.printable)` is not a factor, which is a number and `x`", remedy: "write it like `3x`")
        }
        guard (1...1_000_000).contains(number) else {
            throw UnitProblem(
                .range, "`\(text.printable)` is out of range, a factor lies between 1x and 1_000_000x",
                remedy: "write one within these bounds")
        }
        return number
    }

    /// `3x`.
    package static func text(factor: Double) -> String { "\(number(factor))x" }
}
