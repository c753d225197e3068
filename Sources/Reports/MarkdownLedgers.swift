import Analysis
import Recording

/// The ledgers of `report.md`: every count that must add up, written as the equation it must satisfy.
enum MarkdownLedgers {
    static func lines(_ summary: RunSummary) -> [String] {
        let parts = parts(summary)
        var lines = parts.run.map { "- \($0)" }
        if !parts.warmUp.isEmpty { lines += ["", "In warm-up:", ""] + parts.warmUp.map { "- \($0)" } }
        if let lab = parts.lab { lines += ["", lab] }
        return lines
    }

    /// The equations of the run and of its warm-up, and the lab's own count.
    static func parts(_ summary: RunSummary) -> (run: [String], warmUp: [String], lab: String?) {
        let run = summary.run
        let isWhole = run.state != .killed
        let warmUp = run.warmUp == Ledger() ? [] : equations(run.warmUp, isWhole: isWhole)
        let lab = run.labRequests.map { received in
            let sent = Figures.count(run.requestsOnTheWire, "request")
            let checks = run.healthChecks > 0 ? " and \(Figures.count(run.healthChecks, "health check"))" : ""
            return "The \(summary.model == nil ? "lab" : "model")'s own count: \(Figures.count(received)) received of "
                + "\(sent)\(checks) sent, warm-up included."
        }
        return (equations(run.ledger, isWhole: isWhole), warmUp, lab)
    }

    /// - Parameter isWhole: false for a killed run, whose calls under way are in no count, so that nothing adds up.
    private static func equations(_ ledger: Ledger, isWhole: Bool) -> [String] {
        func count(_ value: Int, _ name: String) -> String { "\(Figures.count(value)) \(name)" }
        let equals = isWhole ? "=" : "≥"
        let drops = "\(count(ledger.droppedInFlight, "at the bound in flight")), \(count(ledger.droppedLate, "late"))"
        return [
            "Arrivals: \(count(ledger.scheduled, "scheduled")) = \(count(ledger.started, "started")) + "
                + "\(count(ledger.dropped, "dropped")) (\(drops)); \(count(ledger.started, "started")) \(equals) "
                + "\(count(ledger.completed, "completed")) + \(count(ledger.stopped, "stopped")).",
            "Calls: \(count(ledger.made, "made")) \(equals) \(count(ledger.succeeded, "succeeded")) + "
                + "\(count(ledger.failed, "failed")) + \(count(ledger.cancelled, "cancelled")) + "
                + "\(count(ledger.rejected, "rejected")).",
            "Attempts: \(Figures.count(ledger.attempts)) = \(count(ledger.firstTries, "first tries")) + "
                + "\(count(ledger.retries, "retries")) + \(count(ledger.hedges, "hedges")).",
            "On the wire: \(count(ledger.requestsOnTheWire, "requests")) = \(count(ledger.reached, "attempts sent")) + "
                + "\(count(ledger.resends, "sent again by libcurl")) + \(count(ledger.redirects, "to follow redirects")).",
            "Transport: \(Figures.bytes(ledger.bytesSent)) sent, \(Figures.bytes(ledger.bytesReceived)) received; "
                + "\(count(ledger.connectionsOpened, "connections opened")), \(count(ledger.connectionsReused, "reused")).",
        ]
    }
}
