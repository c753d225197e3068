import Recording

/// What a probe says of its rate: one run, or several of the same rate together.
package struct ProbeJudgement: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, Codable {
        /// All budgets are surely kept.
        case passed
        /// One is surely broken, or the target did not keep up.
        case failed
        /// Neither is sure.
        case undecided
        /// The generator was the limit: nothing is known of the target.
        case void
    }

    /// A budget that is a share, with its bounds.
    package struct Share: Hashable, Sendable, Codable {
        package var budget: String
        package var allowed: Double
        package var samples: Int
        package var beyond: Int
        package var share: Double
        /// One-sided bounds, each by itself.
        package var low: Double
        package var high: Double

        /// How close the upper bound comes to what is allowed, or by how much it is more.
        var burn: Double { allowed > 0 ? high / allowed : .infinity }
    }

    package var verdict: Verdict
    /// What decided it; nil when it passed.
    package var reason: String?
    /// Too few samples to keep a budget even with none beyond its limit.
    package var hasTooFewSamples = false
    package var shares: [Share] = []

    /// - Parameters:
    ///   - runs: of the same rate, at least one.
    ///   - alpha: for the upper bounds, by which budgets are kept.
    ///   - failAlpha: for the lower bounds, by which budgets are broken.
    package init(_ runs: [ProbeResult], alpha: Double, failAlpha: Double) {
        verdict = .passed
        if let reason = runs.lazy.flatMap(\.invalid).first {
            verdict = .void
            self.reason = reason
            return
        }
        judgeLoad(runs)
        let effect = Self.effect(runs)
        let budgets = runs.first?.budgets ?? []
        for place in budgets.indices {
            let parts = runs.compactMap { $0.budgets.indices.contains(place) ? $0.budgets[place] : nil }
            judge(parts, alpha: alpha, failAlpha: failAlpha, effect: effect)
        }
    }

    /// The share of the slowest calls that tells how much calls of one batch resemble each other.
    private static let slowest = 90.0

    /// How many response times are worth one independent one.
    ///
    /// Calls that are beyond the limit are few, and when they come in clusters, a probe may see none of them by luck: the batches
    /// then agree, and the bounds would be far too sure. The slowest tenth of the calls is many, and clusters where they cluster. As
    /// indicators of rarer events depend less on each other, as a rule, it errs on the safe side.
    private static func effect(_ runs: [ProbeResult]) -> Double {
        let batches = runs.flatMap(\.latencies)
        var all = CompactHistogram()
        for batch in batches { all.add(batch) }
        guard !all.isEmpty, let limit = all.values(atPercentiles: [slowest]).first else { return 1 }
        return BatchSpread(batches.map { ShareBatch(samples: $0.count, beyond: $0.count(above: limit)) })?.effect ?? 1
    }

    private mutating func judgeLoad(_ runs: [ProbeResult]) {
        if let budget = runs.lazy.compactMap(\.abortedBy).first { note(.failed, "stopped by `\(budget)`") }
        if let run = runs.first(where: \.fellBehind) {
            let served = Figures.rate(run.achieved)
            note(
                .failed,
                run.droppedShare > ProbeResult.behindShare
                    ? "the target was too slow: \(Figures.share(run.droppedShare)) of the arrivals were dropped"
                    : "the target was too slow: it kept up with \(served) of \(Figures.rate(run.offered))")
        }
        if runs.contains(where: { $0.calls == 0 }) { note(.failed, "no call came to an end") }
    }

    private mutating func judge(_ parts: [ProbeBudget], alpha: Double, failAlpha: Double, effect: Double) {
        let effect = parts.allSatisfy(\.isLatency) ? effect : 1
        guard let text = parts.first?.text else { return }
        guard let allowed = parts.first?.allowed, allowed > 0, parts.allSatisfy({ $0.allowed == allowed }),
            let bound = ShareBound(parts.flatMap(\.batches), alpha: alpha, lowAlpha: failAlpha, effect: effect)
        else { return judgePoint(parts, text) }
        let found = Share(
            budget: text, allowed: allowed, samples: bound.samples, beyond: bound.beyond, share: bound.share,
            low: bound.low, high: bound.high)
        shares.append(found)
        if found.high <= allowed { return }
        let share = "\(text): \(Figures.share(found.share)) of \(Figures.count(found.samples)) beyond"
        if found.low > allowed { return note(.failed, "\(share), \(Figures.share(allowed)) allowed") }
        let isTooFew = BinomialBound.upper(beyond: 0, of: found.samples, alpha: alpha) > allowed
        hasTooFewSamples = hasTooFewSamples || isTooFew
        if isTooFew {
            let needed = BinomialBound.leastSamples(beyond: 0, share: allowed, alpha: alpha)
            let rule = needed.map { "; it takes \(Figures.count($0))" } ?? ""
            return note(.undecided, "\(text): \(Figures.count(found.samples, "sample")) are too few\(rule)")
        }
        let worth = Int((Double(found.samples) / effect).rounded())
        let clusters =
            effect > 2
            ? "; slow calls come in clusters, and tell as much as \(Figures.count(worth)) independent ones" : ""
        note(.undecided, "\(share), perhaps \(Figures.share(found.high)), \(Figures.share(allowed)) allowed\(clusters)")
    }

    /// A budget that is no share of samples: every run has to keep it.
    private mutating func judgePoint(_ parts: [ProbeBudget], _ text: String) {
        if let broken = parts.first(where: { $0.point == .broken }) {
            return note(.failed, "\(text): \(broken.value ?? "no data")")
        }
        if let doubtful = parts.first(where: { $0.point != .met }) {
            note(.undecided, "\(text): cannot be judged\(doubtful.value.map { " (\($0))" } ?? "")")
        }
    }

    /// The worst verdict stands, and the first reason for it.
    private mutating func note(_ verdict: Verdict, _ reason: String) {
        func rank(_ verdict: Verdict) -> Int {
            switch verdict {
            case .passed: 0
            case .undecided: 1
            case .failed: 2
            case .void: 3
            }
        }
        guard rank(verdict) > rank(self.verdict) else { return }
        self.verdict = verdict
        self.reason = reason
    }

    /// The share that is closest to what is allowed, or the furthest beyond; nil for budgets that are no shares.
    package var tightest: Share? { Self.tightest(shares) }

    static func tightest(_ shares: [Share]) -> Share? {
        // Of equal ones the first.
        shares.reduce(nil) { found, share in found.map { share.burn > $0.burn ? share : $0 } ?? share }
    }
}
