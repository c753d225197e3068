package import Core

/// Numbers as people read them; independent of any locale. Never rounds something to nothing, nor nearly all to all.
package enum Figures {
    /// `29,998`
    package static func count(_ value: Int) -> String {
        var digits = String(value.magnitude)
        var index = digits.count - 3
        while index > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: index))
            index -= 3
        }
        return (value < 0 ? "-" : "") + digits
    }

    /// The nearest whole number, as far as one is kept: within ±1e18, 0 for what is no number.
    package static func whole(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(Swift.min(1e18, Swift.max(-1e18, value.rounded())))
    }

    /// `1 call`, `29,998 calls`
    package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// A share between 0 and 1 as `0 %`, `0.12 %`, `1.5 %`, `37 %`; `<0.01 %` and `>99.99 %` where rounding would lie.
    package static func share(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let percent = value * 100
        switch percent {
        case 0: return "0 %"
        case ..<0: return "-" + share(-value)
        case ..<0.005: return "<0.01 %"
        case 99.995..<100: return ">99.99 %"
        case ..<10, 99.5..<100: return trimmed(percent.fixed(2)) + " %"
        default: return trimmed(percent.fixed(1)) + " %"
        }
    }

    /// `0 of 10` as a share, 0 where there is nothing to share.
    package static func ratio(_ part: Int, of whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }

    /// Milliseconds with three significant digits, at most three decimals: `0.412`, `1.25`, `12.5`, `1,250`.
    package static func milliseconds(_ span: Span) -> String {
        let value = span.milliseconds
        switch value.magnitude {
        case ..<0.9995: return value.fixed(3)
        case ..<9.995: return value.fixed(2)
        case ..<99.95: return value.fixed(1)
        default: return count(Int(value.rounded()))
        }
    }

    /// `0.5/s`, `12.5/s`, `1,998/s`
    package static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond.magnitude < 1e15 else { return "–" }
        switch perSecond.magnitude {
        case ..<9.995: return trimmed(perSecond.fixed(2)) + "/s"
        case ..<99.95: return trimmed(perSecond.fixed(1)) + "/s"
        default: return count(Int(perSecond.rounded())) + "/s"
        }
    }

    /// What a counter has: `12`, `340.5`, `-3`, `1,234.57`; at most two decimals from 100, six below 1.
    package static func amount(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        guard value.magnitude < 1e15 else { return value.description }
        if value != 0, value.magnitude < 0.000_000_5 { return value.description }
        let places = value.magnitude < 0.999_999_5 ? 6 : value.magnitude < 99.9995 ? 3 : 2
        let parts = trimmed(value.magnitude.fixed(places)).split(separator: ".")
        let whole = count(Int(parts[0]) ?? 0)
        return (value < 0 ? "-" : "") + whole + (parts.count > 1 ? ".\(parts[1])" : "")
    }

    /// The same per second: `12.5/s`, `0.001/s`.
    package static func amountRate(_ perSecond: Double) -> String {
        // A rate of arrivals has two decimals; an amount may be of any size.
        guard perSecond != 0, perSecond.magnitude < 0.05 || perSecond.magnitude >= 1e15 else { return rate(perSecond) }
        return amount(perSecond) + "/s"
    }

    /// `812 B`, `1.25 kB`, `38.2 MB`: powers of 1,000.
    package static func bytes(_ value: Int) -> String {
        guard value.magnitude >= 1_000 else { return "\(value) B" }
        var scaled = Double(value) / 1_000
        var unit = 0
        let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
        while scaled.magnitude >= 999.5, unit < units.count - 1 {
            scaled /= 1_000
            unit += 1
        }
        let places = scaled.magnitude < 9.995 ? 2 : scaled.magnitude < 99.95 ? 1 : 0
        return "\(scaled.fixed(places)) \(units[unit])"
    }

    /// A span of seconds in the unit a person would choose: `0 s`, `1.25 ms`, `20 s`, `12.5 s`, `2m 5s`.
    package static func seconds(_ value: Double) -> String {
        let isWhole = value >= 0 && value < 120 && value == value.rounded()
        return isWhole ? "\(Int(value)) s" : Span(seconds: value).description
    }

    /// `12.50` → `12.5`, `3.00` → `3`
    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
