import Arrivals
import Core

/// What is right in a plan and perhaps not meant: warnings that need the whole plan.
enum PlanDoubts {
    static func look(
        at plan: Plan, budgets: [BudgetKeys.Draft], _ entries: Entries<PlanKeys.Draft>,
        _ context: inout ReadingContext
    ) {
        if case .url(let url) = plan.target {
            // With variants the lab may be there for another of them.
            if let place = entries["lab"], entries["variants"] == nil, !plan.hasEndpointsInLab {
                context.warn(
                    .ignored, at: place, "the plan describes a lab, and its target is \(url.printable)",
                    remedy: "remove `lab`, or write `target: lab`")
            }
            if url.hasPrefix("http://"), let place = entries["tls"] {
                context.warn(
                    .ignored, at: place, "`tls` says nothing to a target of plain HTTP", remedy: "write `https://`")
            }
        }
        if plan.client.cookies, plan.transport.redirects > 0, let place = entries["client"] {
            context.warn(
                .ignored, at: place,
                "`cookies` and `redirects`: a cookie that a redirect sets is lost when it is followed",
                remedy: "write `redirects: 0`, and a step of its own for the page behind the redirect")
        }
        LabDoubts(plan: plan, root: entries.node).look(&context)
        for budget in budgets { look(at: budget, of: plan, &context) }
    }

    /// A percentile is undecided with fewer than ten samples beyond it, so a run too short for it is told beforehand.
    private static func look(at budget: BudgetKeys.Draft, of plan: Plan, _ context: inout ReadingContext) {
        guard let percent = budget.value.statistic.percent, let arrivals = plan.expectedArrivals else {
            return
        }
        let share = plan.calls(of: budget.value.scope)
        let beyond = arrivals * share * (100 - percent) / 100
        guard beyond < 10 - 1e-6 else { return }
        // 99.9 is no exact binary number: without the hair, ten beyond it would take 10,001 calls.
        let needed = Int(min(1e15, (1_000 / (100 - percent) / share - 1e-6).rounded(.up)))
        context.warn(
            .fewSamples, at: budget.place,
            "`\(budget.value.text.printable)` looks at the slowest of about \((arrivals * share).fixed(0)) calls, and a "
                + "percentile needs ten calls beyond it",
            remedy: "make at least \(needed.grouped) arrivals, or write a lower percentile")
    }
}

extension Plan {
    /// Whether some of its endpoints are services of its lab.
    var hasEndpointsInLab: Bool {
        guard case .fixed(let endpoints)? = endpoints else { return false }
        return endpoints.contains { if case .lab = $0.place { true } else { false } }
    }

    /// How many measured arrivals the plan makes; nil when users decide (a closed phase that ends by time).
    package var expectedArrivals: Double? {
        var calls = 0.0
        for phase in load where !phase.warmUp {
            switch phase.shape {
            case .open(let curve, _, let length): calls += Intensity(curve, over: length).total
            case .replay(let schedule, _): calls += Double(schedule.count)
            case .closed(_, _, .count(let count)): calls += Double(count)
            case .closed(_, _, .after): return nil
            }
        }
        return calls
    }

    /// How many calls, or transactions, of a budget's scope one arrival makes on average.
    fileprivate func calls(of scope: String?) -> Double {
        let whole = scenarios.reduce(0) { $0 + $1.weight }
        var calls = 0.0
        for scenario in scenarios {
            let counts = scenario.flow.flatMap(\.expectedCalls)
            for (step, count) in zip(scenario.steps, counts) {
                let name = "\(scenario.name)/\(step.name)"
                if scope == nil || scope == scenario.name || scope == name { calls += count * scenario.weight / whole }
            }
            if scenario.transactions.contains(where: { "\(scenario.name)/\($0)" == scope }) {
                calls += scenario.weight / whole
            }
        }
        return calls
    }
}
