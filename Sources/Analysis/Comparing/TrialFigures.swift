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

    /// - Parameter figures: those that are kept.
    package init(_ summary: RunSummary, of figures: [ComparedFigure] = ComparedFigure.ofTrials) {
        let run = summary.run
        self.init(calls: run.response.count)
        takeLatencies(run.response, of: figures)
        if figures.contains(.cpu) { takeCPU(run) }
        guard run.measuredSeconds > 0 else { return }
        if run.ended > 0 { self[.errors] = run.figures.errorShare }
        self[.goodput] = run.figures.goodput
        self[.amplification] = run.figures.amplification
        // The lab counts the whole run; what the warm-up sent is known from the ledger.
        let requests = run.labRequests.map { max(0, $0 - run.warmUp.requestsOnTheWire) } ?? run.ledger.attempts
        self[.targetLoad] = Double(requests) / run.measuredSeconds
    }

    /// Percentiles and mean, as far as there was a sample.
    mutating func takeLatencies(_ summary: LatencySummary, of figures: [ComparedFigure]) {
        guard !summary.isEmpty else { return }
        for figure in figures {
            if let percent = figure.percent { self[figure] = summary.value(atPercent: percent)?.milliseconds }
        }
        // A logarithm needs more than zero.
        if figures.contains(.mean), summary.mean > .zero { self[.mean] = summary.mean.milliseconds }
    }

    /// The whole process over the whole run; in virtual time there is nothing to say.
    private mutating func takeCPU(_ run: Measurement) {
        let calls = run.ledger.made + run.warmUp.made
        guard let generator = run.generator, calls > 0 else { return }
        let seconds = generator.userSeconds + generator.systemSeconds
        if seconds > 0, seconds.isFinite { self[.cpu] = seconds / Double(calls) * 1e6 }
    }
}
