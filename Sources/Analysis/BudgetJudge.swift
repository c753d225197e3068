package import Core
package import Recording

/// Holds budgets against a run. Latencies are response times (intended start to end) of succeeded and failed calls.
package struct BudgetJudge {
    private let run: Measurement
    private let validity: Validity
    private let series: [String: LatencyHistogram]

    /// - Parameter series: the run's histograms by tag.
    package init(_ run: Measurement, validity: Validity, series: [String: LatencyHistogram]) {
        self.run = run
        self.validity = validity
        self.series = series
    }

    package func judge(_ budget: Budget) -> BudgetResult {
        var result =
            switch budget.statistic {
            case .percentile(let percent): percentile(percent, budget)
            case .mean: latency(budget) { $0.mean }
            case .maximum: latency(budget) { Double($0.max.nanoseconds) }
            case .errors: errors(budget)
            case .rate: rate(budget)
            case .dropped: dropped(budget)
            case .rejected: ofMade(\.rejected, budget)
            case .fallbacks: ofMade(\.fallbacks, budget)
            case .amplification: amplification(budget)
            case .counter(let name, let perSecond): counter(name, perSecond, budget)
            }
        // A part of a run, or a run that its own generator spoiled, proves no budget; what it broke stays broken.
        if result.verdict == .met, !validity.isValid {
            result.verdict = .undecided
            result.reason = "the run is invalid"
        }
        if run.state != .finished, result.verdict == .met || result.value == nil {
            result.verdict = .undecided
            result.reason = "the run did not come to its end"
        }
        return result
    }

    // MARK: Latency

    private func percentile(_ percent: Double, _ budget: Budget) -> BudgetResult {
        guard let histogram = histogram(of: budget.scope) else { return noCalls(budget) }
        let value = histogram.value(atPercentile: percent)
        let isUpperBound = budget.comparison == .below || budget.comparison == .atMost
        // "p99 < X" and "less than 1 % take X or more" are one statement, counted in the same buckets.
        let over = histogram.recordedValues.reduce(0) { sum, recorded in
            budget.comparison.holds(Double(recorded.highest.nanoseconds), budget.limit) ? sum : sum + recorded.count
        }
        var result = decided(budget, value: Double(value.nanoseconds), samples: histogram.count)
        if isUpperBound, percent < 100 {
            result.burn = Double(over) / Double(histogram.count) / ((100 - percent) / 100)
        }
        let above = Double(histogram.count) * (100 - percent) / 100
        guard percent < 100, above < Finding.enoughSamples else { return result }
        // Too few samples to keep a promise; yet ten calls over the limit break it, however few there were in all.
        if result.verdict == .broken, isUpperBound, Double(over) >= Finding.enoughSamples { return result }
        result.verdict = .undecided
        let needed = Int((Finding.enoughSamples * 100 / (100 - percent)).rounded(.up))
        result.reason =
            "\(budget.statistic) of \(Figures.count(histogram.count, "call")) rests on too few samples; "
            + "it takes \(Figures.count(needed)) calls"
        return result
    }

    private func latency(_ budget: Budget, _ statistic: (LatencyHistogram) -> Double) -> BudgetResult {
        guard let histogram = histogram(of: budget.scope) else { return noCalls(budget) }
        return decided(budget, value: statistic(histogram), samples: histogram.count)
    }

    /// The response times of the run, of a scenario (all its steps together), of one step or of a transaction; nil when
    /// there are none.
    private func histogram(of scope: String?) -> LatencyHistogram? {
        var tags = [SeriesName.response.tag]
        if let scope {
            // Steps that share a series must not be counted twice.
            tags = Array(
                Set(steps(of: scope).map { SeriesName.stepResponse(scenario: $0.scenario, step: $0.step).tag }))
            if tags.isEmpty { tags = Array(Set(transactions(of: scope).map { SeriesName.transaction(of: $0).tag })) }
        }
        var found: LatencyHistogram?
        for histogram in tags.compactMap({ series[$0] }) where histogram.count > 0 {
            if found == nil { found = histogram } else { found?.add(histogram) }
        }
        return found
    }

    private func steps(of scope: String) -> [StepSummary] {
        run.steps.filter { $0.scenario == scope || $0.name == scope }
    }

    /// A step goes before a transaction of the same name.
    private func transactions(of scope: String) -> [TransactionSummary] {
        steps(of: scope).isEmpty ? run.transactions.filter { $0.name == scope } : []
    }

    /// How many calls of a scenario or a step, or how many times a transaction, came to an end and how.
    private func outcomes(of scope: String) -> Ledger {
        var counts = Ledger()
        for step in steps(of: scope) {
            counts.succeeded += step.succeeded ?? 0
            counts.failed += step.failed ?? 0
            counts.rejected += step.rejected ?? 0
            counts.fallbacks += step.fallbacks ?? 0
        }
        for transaction in transactions(of: scope) {
            counts.succeeded += transaction.succeeded ?? 0
            counts.failed += transaction.failed ?? 0
        }
        counts.made = counts.succeeded + counts.failed + counts.rejected
        return counts
    }

    /// What came of the calls of the run, or of a scope; nil when calls were rejected and the steps do not know which.
    private func calls(of scope: String?) -> Ledger? {
        guard let scope else { return run.ledger }
        let isOfSteps = !steps(of: scope).isEmpty
        return isOfSteps && !run.stepsKnowRejections ? nil : outcomes(of: scope)
    }

    // MARK: Shares and rates

    private func errors(_ budget: Budget) -> BudgetResult {
        guard let counts = calls(of: budget.scope) else { return unknownRejections(budget) }
        let errors = max(0, counts.failed + counts.rejected - counts.fallbacks)
        return share(errors, of: counts.succeeded + counts.failed + counts.rejected, budget)
    }

    /// Rejected calls or fallbacks, as a share of the calls made.
    private func ofMade(_ part: KeyPath<Ledger, Int>, _ budget: Budget) -> BudgetResult {
        guard let counts = calls(of: budget.scope) else { return unknownRejections(budget) }
        return share(counts[keyPath: part], of: counts.made, budget)
    }

    private func unknownRejections(_ budget: Budget) -> BudgetResult {
        undecided(budget, "calls were rejected or answered by a fallback, and it is not known of which step")
    }

    private func amplification(_ budget: Budget) -> BudgetResult {
        guard budget.scope == nil else {
            return undecided(budget, "attempts are counted for the whole run, not by scenario")
        }
        guard let value = run.figures.amplification else { return noCalls(budget) }
        return decided(budget, value: value, samples: run.ledger.made - run.ledger.rejected)
    }

    private func dropped(_ budget: Budget) -> BudgetResult {
        guard budget.scope == nil else {
            return undecided(budget, "dropped arrivals are counted for the whole run, not by scenario")
        }
        return share(run.ledger.dropped, of: run.ledger.scheduled, budget)
    }

    private func share(_ part: Int, of whole: Int, _ budget: Budget) -> BudgetResult {
        guard whole > 0 else { return noCalls(budget) }
        var result = decided(budget, value: Double(part) / Double(whole), samples: whole)
        if budget.limit > 0, budget.comparison == .below || budget.comparison == .atMost {
            result.burn = Double(part) / Double(whole) / budget.limit
        }
        return result
    }

    /// Completed arrivals per second of measured time; of a scope, its calls that came to an end.
    private func rate(_ budget: Budget) -> BudgetResult {
        var count = run.ledger.completed
        if let scope = budget.scope {
            let counts = outcomes(of: scope)
            count = counts.succeeded + counts.failed
        }
        guard run.measuredSeconds > 0, count > 0 else { return noCalls(budget) }
        var result = decided(budget, value: Double(count) / run.measuredSeconds, samples: count)
        if let share = run.busiestClosed, share > Validity.busyShare, run.hasClosedPhase {
            result.verdict = .undecided
            result.reason = "a closed phase kept the generator's loop full, so the rate is the generator's"
        }
        return result
    }

    // MARK: Counters

    /// A counter that never counted is 0: `orders >= 1` must break when nobody ordered.
    private func counter(_ name: String, _ perSecond: Bool, _ budget: Budget) -> BudgetResult {
        guard budget.scope == nil else {
            return undecided(budget, "a counter is counted for the whole run, not by scenario")
        }
        guard !perSecond || run.measuredSeconds > 0 else {
            return BudgetResult(
                budget: budget, verdict: .broken, samples: 0, reason: "no data: the run has no measured time")
        }
        let counter = run.counters.first { $0.name == name }
        let value = (perSecond ? counter?.perSecond : counter?.sum) ?? 0
        var result = decided(budget, value: value, samples: run.calls)
        // The rest of the run could still have counted what is missing.
        let isLowerBound = budget.comparison == .above || budget.comparison == .atLeast
        if run.state != .finished, result.verdict == .broken, isLowerBound, !perSecond {
            result.verdict = .undecided
            result.reason = "the run did not come to its end"
        }
        return result
    }

    // MARK: Results

    private func decided(_ budget: Budget, value: Double, samples: Int) -> BudgetResult {
        let holds = budget.comparison.holds(value, budget.limit)
        return BudgetResult(budget: budget, verdict: holds ? .met : .broken, value: value, samples: samples)
    }

    private func undecided(_ budget: Budget, _ reason: String) -> BudgetResult {
        BudgetResult(budget: budget, verdict: .undecided, samples: 0, reason: reason)
    }

    /// A budget without data is broken: a gate that passes because nothing was measured is no gate.
    private func noCalls(_ budget: Budget) -> BudgetResult {
        let place = budget.scope.map { " of '\($0)'" } ?? ""
        let isTransaction = budget.scope.map { !transactions(of: $0).isEmpty } ?? false
        return BudgetResult(
            budget: budget, verdict: .broken, samples: 0,
            reason: isTransaction
                ? "no data: the transaction\(place.dropFirst(3)) never came to an end"
                : "no data: no call\(place) came to an end")
    }
}
