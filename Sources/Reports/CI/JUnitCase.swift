import Analysis
import Core
import Recording

/// One line of a test report: the run itself, or one of its budgets.
struct JUnitCase {
    enum Outcome {
        case passed
        /// Neither good nor bad: cannot be judged, or only warns.
        case skipped(type: String, message: String)
        /// The target broke what it was to keep.
        case failure(type: String, message: String)
        /// The run itself is no measurement.
        case error(type: String, message: String)
    }

    var name: String
    var seconds = 0.0
    var outcome: Outcome
    /// What the message has no room for, a line each.
    var details: [String] = []

    /// The case of the run: red whenever the exit status is not 0 and no budget is broken, so that a report is green exactly
    /// when the command says 0.
    static func run(_ summary: RunSummary) -> JUnitCase {
        var found = JUnitCase(
            name: "the run is valid and complete", seconds: summary.run.totalSeconds, outcome: .passed)
        let verdict = summary.verdict
        let type: String? =
            if verdict.exitStatus == RunVerdict.met {
                nil
            } else if !summary.validity.isValid {
                "invalid"
            } else if verdict.exitStatus == RunVerdict.interrupted {
                "interrupted"
            } else if summary.run.state == .killed {
                "killed"
            } else if summary.run.state == .aborted {
                "aborted"
            } else if verdict.verdict == .undecided {
                "undecided"
            } else {
                nil
            }
        guard let type else { return found }
        // It is the target that made a budget stop the run, and nothing of the run's own.
        found.outcome =
            type == "aborted"
            ? .failure(type: type, message: verdict.sentence) : .error(type: type, message: verdict.sentence)
        found.details = summary.validity.reasons.map(\.text)
        return found
    }

    /// Of a run without a budget that could fail it: what such a run is judged by.
    static func success(_ summary: RunSummary) -> JUnitCase {
        let run = summary.run
        let calls = "\(Figures.count(run.ledger.succeeded)) of \(Figures.count(run.ended, "call")) succeeded"
        let outcome: Outcome =
            if run.ledger.succeeded > 0 {
                .passed
            } else if summary.verdict.verdict == .broken {
                .failure(type: "broken", message: summary.verdict.sentence)
            } else {
                .skipped(type: "undecided", message: calls)
            }
        return JUnitCase(name: "a call succeeded", outcome: outcome, details: [calls])
    }

    static func budget(_ result: BudgetResult, file: String?) -> JUnitCase {
        let budget = result.budget
        var found = JUnitCase(name: PlainText.limit(PlainText.clean(budget.text), toBytes: 300), outcome: .passed)
        let value = [result.valueText, result.note].compactMap { $0 }.joined(separator: "; ")
        switch result.verdict {
        case .met: return found
        case .broken where budget.warnsOnly:
            found.outcome = .skipped(type: "warning", message: "broken, and only warns: \(value)")
        case .broken: found.outcome = .failure(type: "broken", message: value)
        case .undecided, .invalid: found.outcome = .skipped(type: "undecided", message: "cannot be judged: \(value)")
        }
        var details = ["budget: \(budget.text)"]
        if let text = result.valueText { details.append("value: \(text)") }
        details.append("samples: \(Figures.count(result.samples))")
        if let burn = result.burn { details.append("burn: \(burn.fixed(2)) times what is allowed") }
        if let worst = result.worstBurn {
            let end = Figures.seconds(worst.start + worst.seconds)
            details.append("worst burn: \(worst.burn.fixed(2)) times, from \(Figures.seconds(worst.start)) to \(end)")
        }
        if let note = result.note { details.append("note: \(note)") }
        if let file { details.append("plan: \(file)" + (budget.line.map { ":\($0)" } ?? "")) }
        found.details = details
        return found
    }

    // MARK: XML

    func xml(classname: String) -> String {
        let tag =
            "    "
            + XML.tag("testcase", [("classname", classname), ("name", name), ("time", XML.seconds(seconds))])
        let (element, type, message): (String, String, String)
        switch outcome {
        case .passed: return tag + "/>\n"
        case .skipped(let kind, let text): (element, type, message) = ("skipped", kind, text)
        case .failure(let kind, let text): (element, type, message) = ("failure", kind, text)
        case .error(let kind, let text): (element, type, message) = ("error", kind, text)
        }
        let opening = XML.tag(element, [("type", type), ("message", message)])
        let inside = details.isEmpty ? "/>" : ">\(XML.lines(details))</\(element)>"
        return "\(tag)>\n      \(opening)\(inside)\n    </testcase>\n"
    }
}
