import Core

/// `[scope:] stat op limit [warn]`, such as `buy: p95 < 400ms`; a counter is a stat, too: `orders >= 100`, `orders > 10/s`.
enum BudgetText {
    /// - Parameter counters: names that are counters; a figure of the run goes before a counter of the same name.
    /// - Throws: a complaint with the part of `text` that it is about.
    static func parse(_ text: String, counters: Set<String> = []) throws(Misread) -> Budget {
        // The scope is everything before the last colon: a step's name may itself contain one.
        let colon = text.lastIndex(of: ":")
        let scope = colon.map { String(text[..<$0]).trimmed }
        let rest = colon.map { text[text.index(after: $0)...] } ?? text[...]
        if let scope, scope.isEmpty {
            throw Misread(
                text, .scope, "`\(text.printable)` has a `:` without a scope",
                remedy: "name a scenario before it, or remove it")
        }
        guard let mark = rest.firstIndex(where: { $0 == "<" || $0 == ">" || $0 == "=" || $0 == "!" }) else {
            throw Misread(
                rest, .budget, "`\(text.printable)` has no comparison", remedy: "write it like `p99 < 250ms`")
        }
        let sign = rest[mark...].prefix { $0 == "<" || $0 == ">" || $0 == "=" || $0 == "!" }
        guard let comparison = Comparison(rawValue: String(sign)) else {
            throw Misread(
                sign, .budget, "`\(sign.printable)` is no comparison of a budget, which are <, <=, > and >=",
                remedy: sign == "=<" ? "write `<=`" : sign == "=>" ? "write `>=`" : "write one of them")
        }
        var statistic = try statistic(String(rest[..<mark]).trimmed, of: text, counters)
        if case .counter(let name, _) = statistic, let scope {
            throw Misread(
                scope, .scope, "`\(name.printable)` is counted for the whole run and has no scope",
                remedy: "write `\(name.printable)` without `\(scope.printable):`")
        }
        var words = rest[sign.endIndex...].split(separator: " ")
        let last = words.last.map(String.init)
        if last == "abort" {
            throw Misread(
                "abort", .unsupported, "`abort` is not supported yet", remedy: "remove it, or write `warn`")
        }
        if last == "warn" || last == "error" { words.removeLast() }
        guard let limit = words.first.map(String.init) else {
            throw Misread(
                rest, .budget, "`\(text.printable)` has no limit", remedy: "write it like `p99 < 250ms`")
        }
        guard limit != "baseline" else {
            throw Misread(
                "baseline", .unsupported, "`baseline` is not supported yet", remedy: "write a limit such as `250ms`")
        }
        guard words.count == 1 else {
            let extra = words[1]
            guard extra != "for" else {
                throw Misread("for", .unsupported, "`for` in a budget is not supported yet", remedy: "remove it")
            }
            throw Misread(
                extra, .budget, "`\(extra.printable)` does not belong into a budget", remedy: "remove it")
        }
        if case .counter(let name, _) = statistic {
            statistic = .counter(name: name, perSecond: limit.contains("/"))
        }
        let value = try self.limit(limit, of: statistic)
        let head = scope.map { "\($0): " } ?? ""
        let tail = last == "warn" ? " warn" : ""
        return Budget(
            scope: scope, statistic: statistic, comparison: comparison, limit: value, warnsOnly: last == "warn",
            text: "\(head)\(String(rest[..<mark]).trimmed) \(sign) \(limit)\(tail)")
    }

    /// A counter is per second only when its limit is.
    private static func statistic(
        _ word: String, of text: String, _ counters: Set<String>
    ) throws(Misread) -> Statistic {
        switch word {
        case "median": return .percentile(50)
        case "mean": return .mean
        case "max": return .maximum
        case "errors": return .errors
        case "rate": return .rate
        case "dropped": return .dropped
        case "rejected": return .rejected
        case "fallbacks": return .fallbacks
        case "amplification": return .amplification
        default: break
        }
        if let percent = percentile(word) { return .percentile(percent) }
        if counters.contains(word) { return .counter(name: word, perSecond: false) }
        if planned.contains(word) {
            throw Misread(
                word, .unsupported, "`\(word)` in a budget is not supported yet", remedy: "use another figure")
        }
        let near = NearestWord.find(
            word, in: figures + counters.sorted())
        throw Misread(
            word.isEmpty ? text : word, .budget,
            "`\(word.printable)` is no figure of a run, which are p50 to p(99.99), "
                + figures.dropLast().joined(separator: ", ") + " and \(figures[figures.count - 1])",
            remedy: near.map { "did you mean `\($0)`?" } ?? "write one of them")
    }

    static let figures = [
        "median", "mean", "max", "errors", "rate", "dropped", "rejected", "fallbacks", "amplification",
    ]
    private static let planned = ["requests", "burn", "service", "connect", "first-byte", "transfer"]

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

    private static func limit(_ text: String, of statistic: Statistic) throws(Misread) -> Double {
        if text == "0" { return 0 }
        do throws(UnitProblem) {
            switch statistic {
            case .percentile, .mean, .maximum: return Double(try Units.duration(text).nanoseconds)
            case .errors, .dropped, .rejected, .fallbacks: return try Units.share(text)
            case .amplification: return try Units.number(text, noun: "a limit of `amplification`")
            case .rate, .counter(_, perSecond: true): return try Units.rate(text).perSecond
            case .counter: return try Units.amount(text)
            }
        } catch {
            throw Misread(text, Complaint(error))
        }
    }

    /// A complaint about a part of a text.
    struct Misread: Error {
        let part: String
        let complaint: Complaint

        init(_ part: some StringProtocol, _ rule: PlanRule, _ message: String, remedy: String) {
            self.init(part, Complaint(rule, message, remedy: remedy))
        }

        init(_ part: some StringProtocol, _ complaint: Complaint) {
            self.part = String(part)
            self.complaint = complaint
        }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
