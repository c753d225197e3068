package import Core
package import Recording

/// Holds budgets against a run. Latencies are response times (intended start to end) of succeeded and failed calls.
package struct BudgetJudge {
    let run: Measurement
    let seconds: [Budget: BudgetSeconds]
    private let validity: Validity
    private let series: [String: LatencyHistogram]
    private let names: ScopeNames

    /// - Parameters:
    ///   - series: the run's histograms by tag.
    ///   - seconds: what each budget saw by second; one that is not there has no burn by window, and is undecided when it has a
    ///     window of its own.
    package init(
        _ run: Measurement, validity: Validity, series: [String: LatencyHistogram],
        seconds: [Budget: BudgetSeconds] = [:]
    ) {
        self.run = run
        self.validity = validity
        self.series = series
        self.seconds = seconds
        names = ScopeNames(run)
    }

    /// Of a bundle, with what each of its budgets saw by second.
    package init(_ run: Measurement, validity: Validity, bundle: Bundle) {
        self.init(
            run, validity: validity, series: bundle.latencies.bySeries,
            seconds: Dictionary(zip(bundle.budgets, bundle.budgetSeconds)) { first, _ in first })
    }

    package func judge(_ budget: Budget) -> BudgetResult {
        var result = budget.window == nil ? whole(budget) : windowed(budget)
        if budget.baseline != nil, result.value != nil {
            result.verdict = .undecided
            result.reason = "no baseline was given: `gale gate BUNDLE… --baseline BUNDLE…`"
            return result
        }
        if budget.window == nil {
            result.worstBurn = seconds[budget].flatMap { BudgetWindows.worstBurn(of: budget, in: $0) }
        }
        // A part of a run, or a run that its own generator spoiled, proves no budget; what it broke stays broken.
        if result.verdict == .met, !validity.isValid {
            result.verdict = .undecided
            result.reason = "the run is invalid"
        }
        guard run.state != .finished else { return result }
        if run.state == .aborted, budget.aborts, budget.text == run.abortedBy {
            // What came after the decision may look better.
            if result.verdict != .broken { result.reason = "it broke the limit and stopped the run" }
            result.verdict = .broken
        } else if result.verdict == .met || result.value == nil || mayStillReach(budget) {
            result.verdict = .undecided
            result.reason = run.state == .aborted ? "the run was stopped" : "the run did not come to its end"
        }
        return result
    }

    /// What a budget is about, of this run: for the comparison with other runs.
    package func sample(of budget: Budget) -> BudgetSample {
        let result = whole(budget)
        return BudgetSample(
            value: result.value, samples: result.samples,
            excluded: !validity.isValid
                ? "the run is invalid" : run.state != .finished ? "the run did not come to its end" : nil)
    }

    /// The value that a budget is about, in the unit of its limit; nil without data.
    package func value(of budget: Budget) -> Double? { whole(budget).value }

    /// The rest of the run could have counted what is missing.
    private func mayStillReach(_ budget: Budget) -> Bool {
        budget.statistic.unit == .amount && !budget.comparison.isUpperBound && budget.window == nil
    }

    // MARK: The whole run

    /// The run as a whole, as if there were neither a window nor a baseline.
    private func whole(_ budget: Budget) -> BudgetResult {
        if budget.scope != nil, budget.statistic.isOfRunOnly {
            return undecided(budget, Self.reasonWithoutScope(budget.statistic))
        }
        return switch budget.statistic {
        case .percentile(let percent), .sendLag(let percent): percentile(percent, budget)
        case .mean: latency(budget) { $0.mean }
        case .maximum: latency(budget) { Double($0.max.nanoseconds) }
        case .errors, .errorsOf, .dropped, .rejected, .fallbacks: share(budget)
        case .rate: rate(budget)
        case .goodput: goodput(budget)
        case .requests: requests(budget)
        case .amplification: amplification(budget)
        case .counter(let name, let perSecond): counter(name, perSecond, budget)
        }
    }

    private static func reasonWithoutScope(_ statistic: Statistic) -> String {
        switch statistic {
        case .amplification: "attempts are counted for the whole run, not by scenario"
        case .dropped: "dropped arrivals are counted for the whole run, not by scenario"
        case .sendLag: "the send lag is that of the whole run, not of a scenario"
        default: "a counter is counted for the whole run, not by scenario"
        }
    }

    private func percentile(_ percent: Double, _ budget: Budget) -> BudgetResult {
        guard let histogram = histogram(of: budget) else { return noCalls(budget) }
        let value = histogram.value(atPercentile: percent)
        // "p99 < X" and "less than 1 % take X or more" are one statement, counted in the same buckets.
        let over = histogram.recordedValues.reduce(0) { sum, recorded in
            budget.comparison.holds(Double(recorded.highest.nanoseconds), budget.limit) ? sum : sum + recorded.count
        }
        var result = decided(budget, value: Double(value.nanoseconds), samples: histogram.count)
        result.burn = BudgetRule(budget).burn(of: BudgetSum(samples: histogram.count, beyond: over))
        let above = Double(histogram.count) * (100 - percent) / 100
        guard percent < 100, above < Finding.enoughSamples else { return result }
        // Too few samples to keep a promise; yet ten calls over the limit break it, however few there were in all.
        let isUpperBound = budget.comparison.isUpperBound
        if result.verdict == .broken, isUpperBound, Double(over) >= Finding.enoughSamples { return result }
        let needed = BudgetRule(budget).callsNeeded
        // 99.9 is no exact binary number: with exactly as many calls as it takes there may seem to be a hair too few.
        guard histogram.count < needed else { return result }
        result.verdict = .undecided
        result.reason =
            "\(budget.statistic) of \(Figures.count(histogram.count, "call")) rests on too few samples; "
            + "it takes \(Figures.count(needed)) calls, \(Figures.count(needed - histogram.count)) more"
        return result
    }

    private func latency(_ budget: Budget, _ statistic: (LatencyHistogram) -> Double) -> BudgetResult {
        guard let histogram = histogram(of: budget) else { return noCalls(budget) }
        return decided(budget, value: statistic(histogram), samples: histogram.count)
    }

    /// The response times of the run, of a scenario (all its steps together), of one step or of a transaction, or the send lag;
    /// nil when there are none.
    private func histogram(of budget: Budget) -> LatencyHistogram? {
        var tags = BudgetScope(budget.scope, in: names).tags
        if case .sendLag = budget.statistic { tags = [SeriesName.sendLag.tag] }
        var found: LatencyHistogram?
        for histogram in tags.compactMap({ series[$0] }) where histogram.count > 0 {
            if found == nil { found = histogram } else { found?.add(histogram) }
        }
        return found
    }

    /// What came of the calls of the run, or of a scope; nil when calls were rejected and the steps do not know which.
    private func calls(of scope: String?) -> CallCounts? {
        guard scope != nil else { return CallCounts(run) }
        let isOfSteps = !BudgetScope(scope, in: names).steps.isEmpty
        return isOfSteps && !run.stepsKnowRejections ? nil : known(of: scope)
    }

    /// As far as the steps know.
    private func known(of scope: String?) -> CallCounts {
        guard scope != nil else { return CallCounts(run) }
        let places = BudgetScope(scope, in: names)
        var counts = CallCounts()
        for step in places.steps { counts.add(run.steps[step]) }
        for transaction in places.transactions { counts.add(run.transactions[transaction]) }
        return counts
    }

    // MARK: Shares, rates and amounts

    private func share(_ budget: Budget) -> BudgetResult {
        guard let counts = calls(of: budget.scope), let (part, whole) = counts.share(of: budget.statistic) else {
            return undecided(
                budget, "calls were rejected or answered by a fallback, and it is not known of which step")
        }
        guard whole > 0 else { return noCalls(budget) }
        var result = decided(budget, value: Double(part) / Double(whole), samples: whole)
        result.burn = BudgetRule(budget).burn(of: BudgetSum(samples: whole, beyond: part))
        return result
    }

    private func amplification(_ budget: Budget) -> BudgetResult {
        guard let value = run.figures.amplification else { return noCalls(budget) }
        return decided(budget, value: value, samples: run.ledger.made - run.ledger.rejected)
    }

    /// Completed arrivals per second of measured time; of a scope, its calls that came to an end.
    private func rate(_ budget: Budget) -> BudgetResult {
        let counts = known(of: budget.scope)
        return perSecond(budget.scope == nil ? counts.ledger.completed : counts.answered, budget)
    }

    /// None is a figure, too, as long as there were calls.
    private func goodput(_ budget: Budget) -> BudgetResult {
        let counts = known(of: budget.scope)
        guard counts.ended > 0 else { return noCalls(budget) }
        return perSecond(counts.ledger.succeeded, budget, least: 0)
    }

    private func perSecond(_ count: Int, _ budget: Budget, least: Int = 1) -> BudgetResult {
        guard run.measuredSeconds > 0, count >= least else { return noCalls(budget) }
        return boundByGenerator(decided(budget, value: Double(count) / run.measuredSeconds, samples: count))
    }

    /// A generator that was full decides no rate.
    func boundByGenerator(_ result: BudgetResult) -> BudgetResult {
        guard let share = run.busiestClosed, share > Validity.busyShare, run.hasClosedPhase else { return result }
        var result = result
        result.verdict = .undecided
        result.reason = "a closed phase kept the generator's loop full, so the rate is the generator's"
        return result
    }

    private func requests(_ budget: Budget) -> BudgetResult {
        let count = known(of: budget.scope).answered
        return decided(budget, value: Double(count), samples: count)
    }

    /// A counter that never counted is 0: `orders >= 1` must break when nobody ordered.
    private func counter(_ name: String, _ perSecond: Bool, _ budget: Budget) -> BudgetResult {
        guard !perSecond || run.measuredSeconds > 0 else {
            return BudgetResult(
                budget: budget, verdict: .broken, samples: 0, reason: "no data: the run has no measured time")
        }
        let counter = run.counters.first { $0.name == name }
        let value = (perSecond ? counter?.perSecond : counter?.sum) ?? 0
        return decided(budget, value: value, samples: run.calls)
    }

    // MARK: Results

    private func decided(_ budget: Budget, value: Double, samples: Int) -> BudgetResult {
        let holds = budget.comparison.holds(value, budget.limit)
        return BudgetResult(budget: budget, verdict: holds ? .met : .broken, value: value, samples: samples)
    }

    func undecided(_ budget: Budget, _ reason: String) -> BudgetResult {
        BudgetResult(budget: budget, verdict: .undecided, samples: 0, reason: reason)
    }

    /// A budget without data is broken: a gate that passes because nothing was measured is no gate.
    func noCalls(_ budget: Budget) -> BudgetResult {
        let place = budget.scope.map { " of '\($0)'" } ?? ""
        let isTransaction = !BudgetScope(budget.scope, in: names).transactions.isEmpty
        return BudgetResult(
            budget: budget, verdict: .broken, samples: 0,
            reason: isTransaction
                ? "no data: the transaction\(place.dropFirst(3)) never came to an end"
                : "no data: no call\(place) came to an end")
    }
}
