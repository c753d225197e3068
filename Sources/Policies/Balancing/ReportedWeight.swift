import Core

/// The weight of an endpoint by its own reports (gRFC A58), and the rate of its answers for reports without one.
struct ReportedWeight: Sendable {
    /// How long an endpoint must have reported before its weight counts, so that a cold one is not judged by its first
    /// calls; and how long a report counts. Both are A58's.
    static let blackout = Span.seconds(10)
    static let expiry = Span.seconds(180)

    private var value = 0.0
    private var since: Instant?
    private var updated: Instant?
    /// Answers since the rate was last taken, and that rate per second.
    private var answers = 0
    private var rate = 0.0

    mutating func answered() { answers &+= 1 }

    /// Takes the rate of the answers in the time since it was last taken. Half of the last one stays in it, since a second
    /// may hold few.
    mutating func takeRate(over elapsed: Span) {
        guard elapsed > .zero else { return }
        let measured = Double(answers) / elapsed.seconds
        rate = rate == 0 ? measured : (rate + measured) / 2
        answers = 0
    }

    /// A report that gives no weight, because nothing is used or nothing was asked, changes nothing.
    mutating func take(_ report: LoadReport, at now: Instant) {
        let rps = report.requestsPerSecond ?? rate
        guard
            let weight = LoadReport.weight(
                requestsPerSecond: rps, utilisation: report.utilisation, errorsPerSecond: report.errorsPerSecond)
        else { return }
        if let updated, now - updated >= Self.expiry { since = nil }
        value = weight
        updated = now
        if since == nil { since = now }
    }

    /// The weight; nil during the blackout and after the expiry.
    func weight(at now: Instant) -> Double? {
        guard let since, let updated, now - updated < Self.expiry, now - since >= Self.blackout else { return nil }
        return value
    }
}
