import Core

/// What stands behind the comparison of a budget, word by word.
struct BudgetWords {
    private var words: [Substring]
    private var place = 0

    init(_ text: Substring) { words = text.split { $0 == " " || $0 == "\t" } }

    /// The next word; nil at the end.
    var next: Substring? { words.indices.contains(place) ? words[place] : nil }

    mutating func skip() { place += 1 }

    // MARK: A baseline

    /// The word that stands for the value of a stored run.
    static let baseline = "baseline"

    /// `baseline`, `baseline + 5%`, `baseline-2%`: the allowed change and its text; nil when something else comes next.
    mutating func takeBaseline() throws(BudgetText.Misread) -> (value: Double, text: String)? {
        guard let word = next, word.hasPrefix(Self.baseline) else { return nil }
        var rest = word.dropFirst(Self.baseline.count)
        guard rest.isEmpty || isPlusOrMinus(rest.first) else { return nil }
        skip()
        // The sign and the share may stand alone, or in one word.
        if rest.isEmpty {
            guard let after = next, isPlusOrMinus(after.first) else { return (0, Self.baseline) }
            rest = after
            skip()
        }
        let sign = rest.removeFirst()
        if rest.isEmpty, let after = next {
            rest = after
            skip()
        }
        guard !rest.isEmpty else {
            throw BudgetText.Misread(
                word, .budget, "`baseline \(sign)` does not say how much", remedy: "write it like `baseline \(sign) 5%`"
            )
        }
        let share: Double
        do throws(UnitProblem) {
            share = try Units.share(String(rest))
        } catch {
            throw BudgetText.Misread(rest, Complaint(error))
        }
        guard sign == "+" || share < 1 else {
            throw BudgetText.Misread(
                rest, .range, "`baseline - \(rest.printable)` leaves nothing", remedy: "write less than `100%`")
        }
        return (sign == "+" ? share : -share, "\(Self.baseline) \(sign) \(rest)")
    }

    private func isPlusOrMinus(_ character: Character?) -> Bool { character == "+" || character == "-" }

    // MARK: The tail

    /// The shortest stretch that a limit can hold for: a run is looked at second by second.
    static let shortestWindow = Span.seconds(1)

    /// `[for 10s] [warn|error|abort]`, to the end.
    mutating func takeTail(of budget: inout Budget) throws(BudgetText.Misread) {
        if next == "for" {
            skip()
            guard let word = next else {
                throw BudgetText.Misread(
                    "for", .budget, "`for` does not say how long", remedy: "write it like `for 10s`")
            }
            budget.window = try window(word)
            budget.text += " for \(word)"
            skip()
        }
        switch next {
        case "warn": budget.warnsOnly = true
        case "abort": budget.aborts = true
        case "error": break
        default:
            try end()
            return
        }
        if next != "error" { budget.text += " \(next ?? "")" }
        skip()
        try end()
    }

    private func window(_ word: Substring) throws(BudgetText.Misread) -> Span {
        do throws(UnitProblem) {
            let span = try Units.duration(String(word))
            guard span >= Self.shortestWindow else {
                throw UnitProblem(
                    .range, "`\(word.printable)` is shorter than a second, and a run is looked at second by second",
                    remedy: "write `1s` or more")
            }
            return span
        } catch {
            throw BudgetText.Misread(word, Complaint(error))
        }
    }

    private func end() throws(BudgetText.Misread) {
        guard let extra = next else { return }
        let isLate = extra == "for"
        throw BudgetText.Misread(
            extra, .budget,
            isLate
                ? "`for` stands behind the last word of this budget"
                : "`\(extra.printable)` does not belong into a budget",
            remedy: isLate ? "write it before `warn`, `error` or `abort`" : "remove it")
    }
}
