import Analysis
import Recording

/// The ledgers of `report.md`: every count that must add up, written as the equation it must satisfy.
enum MarkdownLedgers {
    static func lines(_ summary: RunSummary) -> [String] {
        let run = summary.run
        var lines = equations(run.ledger, isWhole: run.state != .killed)
        if run.warmUp != Ledger() {
            lines += ["", "In warm-up:", ""] + equations(run.warmUp, isWhole: run.state != .killed)
        }
        if let received = run.labRequests {
            let sent = Figures.count(run.requestsOnTheWire, "request")
            let checks = run.healthChecks > 0 ? " and \(Figures.count(run.healthChecks, "health check"))" : ""
            lines += [
                "",
                "The \(summary.model == nil ? "lab" : "model")'s own count: \(Figures.count(received)) received of \(sent)\(checks) sent, warm-up included.",
            ]
        }
        return lines
    }

    /// - Parameter isWhole: false for a killed run, whose calls under way are in no count, so that nothing adds up.
    private static func equations(_ ledger: Ledger, isWhole: Bool) -> [String] {
        func count(_ value: Int, _ name: String) -> String { "\(Figures.count(value)) \(name)" }
        let equals = isWhole ? "=" : "≥"
        let drops = "\(count(ledger.droppedInFlight, "at the bound in flight")), \(count(ledger.droppedLate, "late"))"
        return [
            "- Arrivals: \(count(ledger.scheduled, "scheduled")) = \(count(ledger.started, "started")) + "
                + "\(count(ledger.dropped, "dropped")) (\(drops)); \(count(ledger.started, "started")) \(equals) "
                + "\(count(ledger.completed, "completed")) + \(count(ledger.stopped, "stopped")).",
            "- Calls: \(count(ledger.made, "made")) \(equals) \(count(ledger.succeeded, "succeeded")) + "
                + "\(count(ledger.failed, "failed")) + \(count(ledger.cancelled, "cancelled")) + "
                + "\(count(ledger.rejected, "rejected")).",
            "- Attempts: \(Figures.count(ledger.attempts)) = \(count(ledger.firstTries, "first tries")) + "
                + "\(count(ledger.retries, "retries")) + \(count(ledger.hedges, "hedges")).",
            "- On the wire: \(count(ledger.requestsOnTheWire, "requests")) = \(count(ledger.reached, "attempts sent")) + "
                + "\(count(ledger.resends, "sent again by libcurl")) + \(count(ledger.redirects, "to follow redirects")).",
            "- Transport: \(Figures.bytes(ledger.bytesSent)) sent, \(Figures.bytes(ledger.bytesReceived)) received; "
                + "\(count(ledger.connectionsOpened, "connections opened")), \(count(ledger.connectionsReused, "reused")).",
        ]
    }
}
