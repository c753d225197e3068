import Core
import Recording

/// The compared figures of one trial. A figure that the trial did not have (a latency without a call) is missing.
package struct TrialFigures: Hashable, Sendable, Codable {
    /// Calls with a response time.
    package var calls: Int
    package private(set) var values: [String: Double] = [:]

    package init(calls: Int) { self.calls = calls }

    package subscript(figure: ComparedFigure) -> Double? {
        get { values[figure.rawValue] }
        set { values[figure.rawValue] = newValue }
    }

    package init(_ summary: RunSummary) {
        let run = summary.run
        self.init(calls: run.response.count)
        for figure in ComparedFigure.allCases {
            if let percent = figure.percent { self[figure] = run.response.value(atPercent: percent)?.milliseconds }
        }
        guard run.measuredSeconds > 0 else { return }
        if run.ended > 0 { self[.errors] = run.figures.errorShare }
        self[.goodput] = run.figures.goodput
        self[.amplification] = run.figures.amplification
        // The lab counts the whole run; what the warm-up sent is known from the ledger.
        let requests = run.labRequests.map { max(0, $0 - run.warmUp.requestsOnTheWire) } ?? run.ledger.attempts
        self[.targetLoad] = Double(requests) / run.measuredSeconds
    }
}
