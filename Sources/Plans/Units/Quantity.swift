/// The text of one quantity while it is read, and the sentences about what is wrong with it.
struct Quantity {
    /// The whole text, for messages.
    let text: String
    /// `a duration`.
    let noun: String
    /// `ns, us, ms, s, m, h or d`; empty for a quantity without units.
    let units: String
    /// A right one, in backquotes.
    let example: String

    /// Takes a decimal number off the front of `rest`: digits with `_` between them, and at most one point with a digit
    /// on both sides. No sign and no exponent; never infinite, never NaN.
    func number(_ rest: inout Substring) throws(UnitProblem) -> Double {
        guard rest.first != "-" else {
            throw UnitProblem(.range, "`\(text.printable)` is negative, and \(noun) is not", remedy: "drop the `-`")
        }
        let literal = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_") }
        guard let first = literal.first, let last = literal.last, first.isNumber, last.isNumber,
            !literal.contains("__"), !literal.contains("_."), !literal.contains("._"),
            let value = Double(literal.filter { $0 != "_" }), value.isFinite
        else {
            throw UnitProblem(
                .number, "`\(text.printable)` is not \(noun), which begins with a number",
                remedy: "write it like \(example)")
        }
        rest = rest[literal.endIndex...]
        return value
    }

    func noUnit(suggestion: String) -> UnitProblem {
        UnitProblem(
            .noUnit, "`\(text.printable)` has no unit, and \(noun) needs one (\(units))",
            remedy: "write `\(suggestion.printable)`, if that is what you mean")
    }

    /// - Parameter aliases: what other tools call our units.
    func unknown(_ unit: Substring, aliases: [String: String]) -> UnitProblem {
        let trimmed = String(unit.drop { $0 == " " })
        let known = aliases[trimmed] ?? (trimmed == unit ? nil : trimmed)
        let number = text.dropLast(unit.count)
        let remedy = known.map { "write `\((number + $0).printable)`" } ?? "write it like \(example)"
        return UnitProblem(
            .unit, "`\(text.printable)` is not \(noun), `\(unit.printable)` is none of \(units)", remedy: remedy)
    }
}
