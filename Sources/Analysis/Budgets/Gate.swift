import Core

/// Finished runs held against their budgets, alone or against a baseline.
package enum Gate {
    /// What a gate keeps of a bundle, so that the bundle can be let go.
    package struct Run: Sendable {
        package var summary: RunSummary
        fileprivate let diff: DiffRun
        /// What each of the summary's budgets is about.
        fileprivate let samples: [BudgetSample]

        package init(_ bundle: Bundle) {
            summary = RunSummary(bundle)
            diff = DiffRun(bundle, summary: summary)
            let judge = BudgetJudge(summary.run, validity: summary.validity, series: bundle.latencies.bySeries)
            samples = bundle.budgets.map(judge.sample)
        }
    }

    /// The runs with what came of all their budgets: those that are relative to a baseline are judged over all pairs of runs
    /// together, and each run says the same of them.
    /// - Parameters:
    ///   - runs: of the new build; all were opened with the same budgets.
    ///   - baseline: of the old one, opened with the same budgets; empty for none.
    package static func judge(_ runs: [Run], baseline: [Run]) -> [RunSummary] {
        guard !baseline.isEmpty else { return runs.map(\.summary) }
        let matched = RunPairs(baseline.map(\.diff), runs.map(\.diff), names: ("baseline", "new"), keepsFaulty: true)
        let comparability = Comparability(
            matched.pairs.map(\.first.identity), matched.pairs.map(\.other.identity), names: ("baseline", "new"))
        return runs.map { run in
            var summary = run.summary
            for place in summary.budgets.indices where summary.budgets[place].budget.baseline != nil {
                let pairs = matched.pairs.compactMap { pair -> BaselinePair? in
                    guard let before = baseline.first(where: { $0.diff.path == pair.first.path }),
                        let after = runs.first(where: { $0.diff.path == pair.other.path }),
                        before.samples.indices.contains(place), after.samples.indices.contains(place)
                    else { return nil }
                    return BaselinePair(baseline: before.samples[place], new: after.samples[place])
                }
                var result = BaselineJudge.judge(summary.budgets[place].budget, pairs: pairs)
                if let doubt = doubt(matched, comparability) {
                    result.verdict = .undecided
                    result.reason = doubt
                }
                summary.budgets[place] = result
            }
            summary.verdict = RunVerdict(summary.run, validity: summary.validity, budgets: summary.budgets)
            return summary
        }
    }

    /// Why the two sets say nothing about two builds; nil when they do.
    private static func doubt(_ matched: RunPairs, _ comparability: Comparability) -> String? {
        if !comparability.isComparable {
            return "the baseline ran another load or other steps; `gale diff` shows which"
        }
        if matched.interleaving == .apart {
            return
                "the runs did not take turns, so the machine and the hour are in the difference; `gale compare` makes pairs"
        }
        return nil
    }

    /// Of several runs the gravest: broken, then undecided or invalid, then met.
    package static func exitStatus(of summaries: [RunSummary]) -> Int32 {
        let found = Set(summaries.map(\.verdict.exitStatus))
        let order = [RunVerdict.broken, RunVerdict.interrupted, RunVerdict.undecided]
        return order.first(where: found.contains) ?? RunVerdict.met
    }
}
