/// What a search found.
package struct SearchOutcome: Hashable, Sendable, Codable {
    package enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
        /// A rate was confirmed on fresh data.
        case confirmed
        /// Even the lowest rate breaks the budgets.
        case broken
        /// Nothing was confirmed, or the generator was the limit from the start.
        case undecided
        case interrupted
    }

    /// What kept the search from going higher.
    package enum Limit: String, CaseIterable, Hashable, Sendable, Codable {
        /// A higher rate broke the budgets.
        case target
        /// At a higher rate the generator was the limit.
        case generator
        /// The highest rate allowed.
        case settings
    }

    package var kind: Kind
    /// The confirmed rate, per second; nil for every other kind.
    package var rate: Double?
    /// How sure that is, 0 to 1; nil without a confirmed rate, and when no budget is a share of samples.
    package var confidence: Double?
    /// What is above the confirmed rate; nil while nothing was in the way.
    package var limit: Limit?
    /// The lowest rate above which the search did not go; nil for none.
    package var ceiling: Double?
    /// Whether the budgets are surely broken there; false for a rate that stayed in doubt, and for one that only the generator broke.
    package var isCeilingSure = false
    /// The highest rate that a single probe found good, whatever came of its confirmation; nil for none.
    package var highestPassed: Double?
    /// Why it stopped, a sentence.
    package var reason: String

    /// 0 confirmed · 99 broken · 75 undecided · 130 interrupted.
    package var exitStatus: Int32 {
        switch kind {
        case .confirmed: RunVerdict.met
        case .broken: RunVerdict.broken
        case .undecided: RunVerdict.undecided
        case .interrupted: RunVerdict.interrupted
        }
    }

    /// The answer in one sentence, which begins with its word in capitals; may hold text of the plan.
    package var sentence: String {
        switch kind {
        case .confirmed:
            let rate = SearchFigures.rate(rate ?? 0)
            let claim =
                confidence.map { "CONFIRMED: ≥ \(rate) at \(Figures.share($0)) keep the budgets" }
                ?? "CONFIRMED: ≥ \(rate) keep the budgets, whose values have no interval"
            switch limit {
            case .generator:
                return "\(claim); the capacity may be higher, since the generator is the limit from \(above) on."
            case .settings: return "\(claim); that is the highest rate that was allowed."
            case .target where isCeilingSure: return "\(claim); \(above) do not."
            case .target: return "\(claim); of \(above) it is not certain."
            case nil: return "\(claim)."
            }
        case .broken: return "BROKEN: even \(above), the lowest rate that was tried, does not keep the budgets."
        case .undecided:
            let passed = highestPassed.map { " A single probe at \(SearchFigures.rate($0)) passed." } ?? ""
            return "UNDECIDED: no rate was confirmed.\(passed)"
        case .interrupted:
            let passed = highestPassed.map { "; a single probe at \(SearchFigures.rate($0)) had passed" } ?? ""
            return "INTERRUPTED: no rate was confirmed\(passed)."
        }
    }

    private var above: String { ceiling.map(SearchFigures.rate) ?? "a higher rate" }
}
