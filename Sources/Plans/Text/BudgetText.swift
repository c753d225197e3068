import Core

/// `[scope:] stat op limit [for 10s] [warn|error|abort]`, such as `buy: p95 < 400ms`; a limit may be relative to a baseline:
/// `p95 < baseline + 5%`. A counter is a stat, too: `orders >= 100`, `orders > 10/s`.
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
        guard let mark = rest.firstIndex(where: isSign) else {
            throw Misread(
                rest, .budget, "`\(text.printable)` has no comparison", remedy: "write it like `p99 < 250ms`")
        }
        let sign = rest[mark...].prefix(while: isSign)
        guard let comparison = Comparison(rawValue: String(sign)) else {
            throw Misread(
                sign, .budget, "`\(sign.printable)` is no comparison of a budget, which are <, <=, > and >=",
                remedy: sign == "=<" ? "write `<=`" : sign == "=>" ? "write `>=`" : "write one of them")
        }
        let word = String(rest[..<mark]).trimmed
        let statistic = try StatisticText.parse(word, of: text, counters: counters)
        if case .counter(let name, _) = statistic, let scope {
            throw Misread(
                scope, .scope, "`\(name.printable)` is counted for the whole run and has no scope",
                remedy: "write `\(name.printable)` without `\(scope.printable):`")
        }
        let head = (scope.map { "\($0): " } ?? "") + "\(word) \(sign) "
        var budget = Budget(scope: scope, statistic: statistic, comparison: comparison, limit: 0, text: head)
        do throws(Misread) {
            try readLimit(rest[sign.endIndex...], of: text, after: rest, into: &budget)
            if let misread = BudgetRules.contradiction(in: budget) { throw misread }
        } catch {
            // What stands behind the comparison may stand before it, too: the 5 of `p95 < baseline + 5`.
            throw error.behind(text[..<sign.endIndex].unicodeScalars.count)
        }
        return budget
    }

    /// The limit and what follows it.
    /// - Parameter part: where a limit is missed.
    private static func readLimit(
        _ rest: Substring, of text: String, after part: Substring, into budget: inout Budget
    ) throws(Misread) {
        var words = BudgetWords(rest)
        guard let first = words.next else {
            throw Misread(
                part, .budget, "`\(text.printable)` has no limit", remedy: "write it like `p99 < 250ms`")
        }
        if let change = try words.takeBaseline() {
            budget.baseline = change.value
            budget.text += change.text
        } else {
            words.skip()
            if case .counter(let name, _) = budget.statistic {
                budget.statistic = .counter(name: name, perSecond: first.contains("/"))
            }
            budget.limit = try limit(String(first), of: budget.statistic)
            budget.text += first
        }
        try words.takeTail(of: &budget)
    }

    private static func isSign(_ character: Character) -> Bool {
        character == "<" || character == ">" || character == "=" || character == "!"
    }

    private static func limit(_ text: String, of statistic: Statistic) throws(Misread) -> Double {
        if text == "0" { return 0 }
        do throws(UnitProblem) {
            switch statistic.unit {
            case .time: return Double(try Units.duration(text).nanoseconds)
            case .share: return try Units.share(text)
            case .ratio: return try Units.number(text, noun: "a limit of `amplification`")
            case .perSecond: return try Units.rate(text).perSecond
            case .amount: return try Units.amount(text)
            }
        } catch {
            throw Misread(text, Complaint(error))
        }
    }

    /// A complaint about a part of a text.
    struct Misread: Error {
        let part: String
        let complaint: Complaint
        /// How many scalars of the text the part stands behind.
        private(set) var start = 0

        init(_ part: some StringProtocol, _ rule: PlanRule, _ message: String, remedy: String) {
            self.init(part, Complaint(rule, message, remedy: remedy))
        }

        init(_ part: some StringProtocol, _ complaint: Complaint) {
            self.part = String(part)
            self.complaint = complaint
        }

        func behind(_ count: Int) -> Misread {
            var misread = self
            misread.start = count
            return misread
        }
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
