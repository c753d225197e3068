import Core
import Recording

/// What came of a run, or of one budget.
package enum Verdict: String, Hashable, Sendable, Encodable, CaseIterable {
    case met, broken, undecided, invalid
}

/// The answer of a whole run, in one word, one sentence and one exit status.
package struct RunVerdict: Hashable, Sendable, Encodable {
    package var verdict: Verdict
    /// 0 met · 99 broken · 75 undecided or invalid · 130 interrupted.
    package var exitStatus: Int32
    /// Begins with the verdict in capitals; plain text, which may hold names from the plan.
    package var sentence: String

    /// The exit statuses that a verdict can lead to.
    package static let met: Int32 = 0
    package static let broken: Int32 = 99
    package static let undecided: Int32 = 75
    package static let interrupted: Int32 = 130

    package init(_ run: Measurement, validity: Validity, budgets: [BudgetResult]) {
        (verdict, sentence) = Self.judge(run, validity, budgets)
        exitStatus =
            switch verdict {
            case _ where run.state == .interrupted: Self.interrupted
            case .met: Self.met
            case .broken: Self.broken
            case .undecided, .invalid: Self.undecided
            }
    }

    private static func judge(
        _ run: Measurement, _ validity: Validity, _ budgets: [BudgetResult]
    ) -> (Verdict, String) {
        guard validity.isValid else { return (.invalid, invalid(validity)) }
        if run.state == .aborted {
            let time = Figures.seconds(run.totalSeconds)
            return (.broken, "BROKEN: stopped after \(time) by `\(run.abortedBy ?? "")`.")
        }
        let enforced = budgets.filter { !$0.budget.warnsOnly }
        let broken = enforced.filter { $0.verdict == .broken }
        let undecided = enforced.filter { $0.verdict == .undecided }
        let all = Figures.count(enforced.count, "budget")
        if !broken.isEmpty {
            return (
                .broken,
                "BROKEN: \(broken.count) of \(all) \(broken.count == 1 ? "is" : "are") broken: \(list(broken))."
            )
        }
        if !undecided.isEmpty {
            return (.undecided, "UNDECIDED: \(undecided.count) of \(all) cannot be judged: \(list(undecided)).")
        }
        if !enforced.isEmpty {
            return (.met, enforced.count == 1 ? "MET: the budget is kept." : "MET: all \(all) are kept.")
        }
        let calls = "\(Figures.count(run.ledger.succeeded)) of \(Figures.count(run.ended, "call")) succeeded"
        switch run.state {
        case .killed: return (.undecided, "UNDECIDED: the run did not come to its end; until then \(calls).")
        case .interrupted, .aborted:
            return (.undecided, "UNDECIDED: the run was interrupted; until then \(calls).")
        case .finished where run.ledger.succeeded == 0:
            return (.broken, "BROKEN: no call succeeded (\(Figures.count(run.ended)) made).")
        case .finished: return (.met, "MET: there is no budget to keep; \(calls).")
        }
    }

    private static func invalid(_ validity: Validity) -> String {
        let own = validity.reasons.allSatisfy { $0.cause == .ledger }
        return own
            ? "INVALID: Gale's own counts do not add up, so nothing of this run can be trusted."
            : "INVALID: the generator was the limit, so this run says nothing certain about the target."
    }

    /// `p99 < 250ms (312 ms), errors < 1% (no data)`
    private static func list(_ budgets: [BudgetResult]) -> String {
        budgets.map { "\($0.budget.text) (\($0.valueText ?? "no data"))" }.joined(separator: ", ")
    }
}
