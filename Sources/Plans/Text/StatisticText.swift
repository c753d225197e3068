import Core

/// What a budget speaks of: `p99`, `errors(5xx)`, `send-lag(p99.9)`, the name of a counter.
enum StatisticText {
    /// - Parameters:
    ///   - word: without blanks at its ends.
    ///   - text: the whole budget, for messages.
    ///   - counters: names that are counters; a figure of the run goes before a counter of the same name. A counter is per
    ///     second only when its limit is.
    static func parse(
        _ word: String, of text: String, counters: Set<String>
    ) throws(BudgetText.Misread) -> Statistic {
        switch word {
        case "median": return .percentile(50)
        case "mean": return .mean
        case "max": return .maximum
        case "errors": return .errors
        case "rate": return .rate
        case "goodput": return .goodput
        case "requests": return .requests
        case "dropped": return .dropped
        case "rejected": return .rejected
        case "fallbacks": return .fallbacks
        case "amplification": return .amplification
        case "send-lag": return .sendLag(99)
        default: break
        }
        if let percent = percentile(word) { return .percentile(percent) }
        if let part = argument(of: word, "errors") { return .errorsOf(try ending(part)) }
        if let part = argument(of: word, "send-lag") {
            guard let percent = percentile(part) ?? percentile("p\(part)") else {
                throw BudgetText.Misread(
                    part.isEmpty ? word : part, .budget,
                    "`\(part.printable)` is no percentile, and `send-lag` has one in its parentheses",
                    remedy: "write it like `send-lag(p99.9)`")
            }
            return .sendLag(percent)
        }
        if counters.contains(word) { return .counter(name: word, perSecond: false) }
        if planned.contains(word) {
            throw BudgetText.Misread(
                word, .unsupported, "`\(word)` in a budget is not supported yet", remedy: "use another figure")
        }
        let near = NearestWord.find(word, in: figures + counters.sorted())
        throw BudgetText.Misread(
            word.isEmpty ? text : word, .budget,
            "`\(word.printable)` is no figure of a run, which are p50 to p(99.99), "
                + figures.dropLast().joined(separator: ", ") + " and \(figures[figures.count - 1])",
            remedy: near.map { "did you mean `\($0)`?" } ?? "write one of them")
    }

    static let figures = [
        "median", "mean", "max", "errors", "rate", "goodput", "requests", "dropped", "rejected", "fallbacks",
        "amplification", "send-lag",
    ]
    private static let planned = ["burn", "service", "connect", "first-byte", "transfer"]

    /// `p99`, `p99.9`, `p(99.9)`: above 0 and below 100.
    static func percentile(_ word: String) -> Double? {
        guard word.first == "p" else { return nil }
        var digits = word.dropFirst()
        if digits.first == "(", digits.last == ")", digits.count > 2 { digits = digits.dropFirst().dropLast() }
        guard digits.first?.isNumber == true, digits.last?.isNumber == true, digits.utf8.count <= 10,
            digits.allSatisfy({ ($0.isASCII && $0.isNumber) || $0 == "." }), let percent = Double(digits),
            percent > 0, percent < 100
        else { return nil }
        return percent
    }

    /// What stands in the parentheses behind `name`; nil for another word.
    private static func argument(of word: String, _ name: String) -> String? {
        guard word.hasPrefix("\(name)("), word.hasSuffix(")") else { return nil }
        return String(word.dropFirst(name.count + 1).dropLast()).trimmed
    }

    /// The name of a kind of failure, or statuses.
    private static func ending(_ part: String) throws(BudgetText.Misread) -> CallEnding {
        if let ending = CallEnding(part) { return ending }
        let kinds = FailureKind.allCases.map(\.name)
        let folded = part.lowercased().replacing("-", with: "_")
        // `timeout` is a part of three names, and near none of them.
        let holding = kinds.filter { folded.utf8.count >= 3 && $0.contains(folded) }
        let near = NearestWord.find(part, in: kinds).map { [$0] } ?? holding
        let remedy =
            near.isEmpty
            ? "write a status such as `503` or `5xx`, or a kind such as `\(FailureKind.reset.name)`"
            : "did you mean \(near.map { "`errors(\($0))`" }.joined(separator: ", "))?"
        throw BudgetText.Misread(
            part.isEmpty ? "()" : part, .budget,
            "`\(part.printable)` is no kind of failure and no status, and `errors` has one in its parentheses",
            remedy: remedy)
    }
}
