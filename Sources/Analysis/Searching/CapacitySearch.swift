/// The search for the highest rate that keeps the budgets: says which run comes next, and takes what came of it.
///
/// Up by a factor until a rate breaks the budgets (or down until one keeps them), halving of the ratio between the two, then a
/// confirmation on fresh data, on which alone the claim rests. A value without a clock and without chance of its own: the same
/// results give the same search.
///
///     var search = CapacitySearch(settings)
///     while let probe = search.next() { search.take(await run(probe)) }
package struct CapacitySearch: Sendable {
    package let settings: SearchSettings
    /// Every run so far.
    package private(set) var probes: [JudgedProbe] = []
    /// Set once the search is over.
    package private(set) var outcome: SearchOutcome?

    /// The highest rate that is known to be good and the lowest that is known not to be, as far as single probes know.
    private var floor: Double?
    private var ceiling: Ceiling?
    /// The probe that is under way.
    private var group: Group
    private var pending: SearchProbe?
    /// Confirmations that were begun.
    private var confirmations = 0

    private struct Ceiling {
        var rate: Double
        var isGenerator: Bool
        /// Whether the target surely breaks the budgets there.
        var isSure: Bool
        var reason: String
    }

    /// Runs of one rate that are judged together.
    private struct Group {
        var rate: Double
        var purpose: SearchProbe.Purpose
        /// The number of its first run.
        var first: Int?
        var results: [ProbeResult] = []
        var voids = 0
    }

    /// - Precondition: the settings have no problem.
    package init(_ settings: SearchSettings) {
        precondition(settings.problem == nil, "a search needs settings that work: \(settings.problem ?? "")")
        self.settings = settings
        group = Group(rate: Self.rounded(settings.start), purpose: .bracket)
    }

    // MARK: One run after the other

    /// The run that comes next, the same until its result was taken; nil when the search is over.
    package mutating func next() -> SearchProbe? {
        guard outcome == nil else { return nil }
        if let pending { return pending }
        let probe = SearchProbe(
            number: probes.count + 1, rate: group.rate,
            seconds: settings.seconds(
                of: group.purpose == .confirm ? settings.confirmSeconds : settings.probeSeconds, at: group.rate),
            purpose: group.purpose, extends: group.first)
        if group.first == nil { group.first = probe.number }
        pending = probe
        return probe
    }

    /// Takes the result of the run that `next` gave last.
    package mutating func take(_ result: ProbeResult) {
        guard outcome == nil else { return }
        precondition(result.probe == pending, "a result of \(result.probe.text) was not asked for")
        pending = nil
        let isVoid = !result.invalid.isEmpty
        if !isVoid { group.results.append(result) }
        var judgement = ProbeJudgement(isVoid ? [result] : group.results, alpha: alpha, failAlpha: settings.alpha)
        // A part of a run says nothing.
        if result.isInterrupted { (judgement.verdict, judgement.reason) = (.undecided, "it was interrupted") }
        probes.append(JudgedProbe(result, judgement))
        if result.isInterrupted { return finish(.interrupted, "It was interrupted.") }
        if result.isContradictory {
            return finish(
                .undecided, "The counts of probe \(result.probe.number) do not add up: a fault of Gale's own.")
        }
        if isVoid { takeVoid(result) } else { take(judgement) }
        if outcome == nil, probes.count >= settings.mostProbes {
            finish(.undecided, "It stopped after \(Figures.count(probes.count, "probe")), the most that were allowed.")
        }
    }

    /// Ends a search whose next run cannot be made, or that somebody stopped.
    package mutating func interrupt() {
        if outcome == nil { finish(.interrupted, "It was interrupted.") }
    }

    private var alpha: Double {
        group.purpose == .confirm ? settings.alpha(ofConfirmation: confirmations) : settings.alpha
    }

    /// A generator that stumbled once gets a second chance; one that stumbles again is the limit.
    private mutating func takeVoid(_ result: ProbeResult) {
        group.voids += 1
        let isKnown = ceiling?.isGenerator == true
        if group.voids < 2, !isKnown { return }
        lower(to: Ceiling(rate: group.rate, isGenerator: true, isSure: false, reason: result.invalid[0]))
    }

    private mutating func take(_ judgement: ProbeJudgement) {
        let runs = group.results.count
        let isConfirming = group.purpose == .confirm
        let most = isConfirming ? settings.confirmRuns : settings.mostParts
        switch judgement.verdict {
        case .passed where !isConfirming: raise()
        // The claim rests on all runs of a confirmation, not on the first ones that look well.
        case .passed where runs >= most: confirm()
        case .failed:
            lower(to: Ceiling(rate: group.rate, isGenerator: false, isSure: true, reason: judgement.reason ?? ""))
        case .undecided where runs >= most:
            let reason = judgement.reason ?? ""
            if judgement.hasTooFewSamples {
                let runs =
                    "\(runs) × \(Figures.seconds(isConfirming ? settings.confirmSeconds : settings.probeSeconds))"
                return finish(
                    .undecided,
                    "At \(SearchFigures.rate(group.rate)) \(runs) do not decide: \(reason). Make the probes longer.")
            }
            lower(
                to: Ceiling(
                    rate: group.rate, isGenerator: false, isSure: false, reason: "\(reason), after \(runs) runs"))
        case .passed, .undecided, .void: break
        }
    }

    // MARK: From rate to rate

    private mutating func raise() {
        floor = max(floor ?? 0, group.rate)
        advance()
    }

    private mutating func lower(to found: Ceiling) {
        ceiling = found
        // A rate that passed and fails now was passed by chance: the floor goes down with it.
        if let known = floor, known >= found.rate { floor = nil }
        if group.purpose == .confirm { stepDown(found) } else { advance() }
    }

    private mutating func advance() {
        switch (floor, ceiling) {
        case (let floor?, nil):
            let highest = Self.rounded(settings.highest)
            if floor >= highest { return beginConfirmation(at: floor) }
            probe(min(highest, Self.rounded(floor * settings.growth)), .bracket)
        case (nil, let ceiling?):
            let lowest = Self.rounded(settings.lowest)
            guard ceiling.rate > lowest else { return finishAtLowest(ceiling) }
            probe(max(lowest, Self.rounded(ceiling.rate / settings.growth)), .bracket)
        case (let floor?, let ceiling?):
            let middle = Self.rounded((floor * ceiling.rate).squareRoot())
            guard ceiling.rate > floor * (1 + settings.precision), middle > floor, middle < ceiling.rate else {
                return beginConfirmation(at: floor)
            }
            probe(middle, .bisect)
        case (nil, nil): break
        }
    }

    private mutating func probe(_ rate: Double, _ purpose: SearchProbe.Purpose) {
        group = Group(rate: rate, purpose: purpose)
    }

    private mutating func beginConfirmation(at rate: Double) {
        confirmations += 1
        probe(rate, .confirm)
    }

    private mutating func stepDown(_ found: Ceiling) {
        // The more of them fail, the further off the search was.
        let step = min(0.5, settings.precision * Double(confirmations))
        let next = Self.rounded(found.rate * (1 - step))
        guard confirmations < settings.mostConfirmations else {
            return finish(
                .undecided,
                "\(Figures.count(confirmations, "confirmation")) failed, the last one at \(SearchFigures.rate(found.rate)): "
                    + "\(found.reason).")
        }
        guard next >= Self.rounded(settings.lowest), next < found.rate else { return finishAtLowest(found) }
        beginConfirmation(at: next)
    }

    // MARK: The end

    private mutating func confirm() {
        floor = group.rate
        let runs = "\(group.results.count) fresh runs of \(Figures.seconds(settings.confirmSeconds))"
        let failed = confirmations - 1
        let earlier = failed > 0 ? ", after \(Figures.count(failed, "confirmation")) at higher rates had failed" : ""
        let above: String
        switch ceiling {
        case let ceiling? where ceiling.isGenerator:
            above = "At \(SearchFigures.rate(ceiling.rate)) the generator was the limit: \(ceiling.reason)"
        case let ceiling?:
            let word = ceiling.isSure ? "failed" : "stayed in doubt"
            above = "\(SearchFigures.rate(ceiling.rate)) \(word): \(ceiling.reason)."
        case nil: above = "It is the highest rate allowed."
        }
        finish(.confirmed, "\(SearchFigures.rate(group.rate)) passed \(runs)\(earlier). \(above)")
    }

    private mutating func finishAtLowest(_ ceiling: Ceiling) {
        let rate = SearchFigures.rate(ceiling.rate)
        if ceiling.isGenerator {
            return finish(.undecided, "At \(rate), the lowest rate, the generator was the limit: \(ceiling.reason)")
        }
        guard ceiling.isSure else {
            return finish(
                .undecided, "\(rate), the lowest rate, stayed in doubt: \(ceiling.reason). Make the probes longer.")
        }
        finish(.broken, "\(rate), the lowest rate, failed: \(ceiling.reason).")
    }

    private mutating func finish(_ kind: SearchOutcome.Kind, _ reason: String) {
        let isConfirmed = kind == .confirmed
        let hasShares = probes.last?.shares.isEmpty == false
        outcome = SearchOutcome(
            kind: kind, rate: isConfirmed ? group.rate : nil,
            confidence: isConfirmed && hasShares ? settings.confidence : nil,
            limit: !isConfirmed ? nil : ceiling.map { $0.isGenerator ? .generator : .target } ?? .settings,
            ceiling: ceiling?.rate, isCeilingSure: ceiling?.isSure ?? false, highestPassed: highestPassed,
            reason: reason)
    }

    /// Of the probes that were not confirmations.
    private var highestPassed: Double? {
        probes.filter { $0.verdict == .passed && $0.probe.purpose != .confirm }.map(\.probe.rate).max()
    }

    /// To four digits: no probe is so precise, and a rate has to be typed.
    static func rounded(_ rate: Double) -> Double {
        guard rate > 0, rate.isFinite else { return rate }
        var unit = 1.0
        while rate / unit >= 10_000 { unit *= 10 }
        if unit > 1 { return (rate / unit).rounded() * unit }
        // Below 1,000 by a whole factor, so that the result is the number nearest to its decimal text.
        var scale = 1.0
        while rate * scale < 1_000, scale < 1e9 { scale *= 10 }
        return (rate * scale).rounded() / scale
    }
}
