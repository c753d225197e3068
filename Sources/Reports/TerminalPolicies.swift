import Analysis
import Core
import Recording

/// What the terminal says of policies and endpoints: a line each, and none for what a plan does not have.
enum TerminalPolicies {
    static func lines(_ run: Measurement, _ paint: Paint) -> [String] {
        [attempts(run), rejected(run, paint), endpoints(run)].compactMap { $0 }
    }

    /// `attempts: 1.25 per call, 480 retries (300 calls rescued, 12 denied), 20 hedges (8 won); goodput 96/s`
    private static func attempts(_ run: Measurement) -> String? {
        let ledger = run.ledger
        guard ledger.retries + ledger.hedges > 0, let amplification = run.figures.amplification else { return nil }
        var parts = ["\(Figures.amount(amplification)) per call"]
        if ledger.retries > 0 {
            var notes = [
                run.policies.map { "\(Figures.count($0.rescued, "call")) rescued" },
                run.policies.flatMap { $0.retriesDenied > 0 ? "\(Figures.count($0.retriesDenied)) denied" : nil },
            ].compactMap { $0 }.joined(separator: ", ")
            if !notes.isEmpty { notes = " (\(notes))" }
            parts.append(Figures.count(ledger.retries, "retry", plural: "retries") + notes)
        }
        if ledger.hedges > 0 {
            let won = run.policies.map { " (\(Figures.count($0.hedgesWon)) won)" } ?? ""
            parts.append(Figures.count(ledger.hedges, "hedge") + won)
        }
        return "attempts: \(parts.joined(separator: ", ")); goodput \(Figures.rate(run.figures.goodput))"
    }

    /// `rejected: 120 (6 %): breaker_open 100, bulkhead_full 20; 30 calls answered by a fallback`
    private static func rejected(_ run: Measurement, _ paint: Paint) -> String? {
        let ledger = run.ledger
        guard ledger.rejected + ledger.fallbacks > 0 else { return nil }
        var text = "rejected: none"
        if ledger.rejected > 0 {
            let counts = run.policies?.rejections ?? []
            let layers = zip(Rejection.allCases, counts).filter { $0.1 > 0 }
                .sorted { ($1.1, $0.0.rawValue) < ($0.1, $1.0.rawValue) }
                .map { "\($0.0.name) \(Figures.count($0.1))" }
            let total = "\(Figures.count(ledger.rejected)) (\(Figures.share(run.figures.rejectedShare)))"
            text = "rejected: \(paint(total, .bad))" + (layers.isEmpty ? "" : ": \(layers.joined(separator: ", "))")
        }
        if ledger.fallbacks > 0 { text += "; \(Figures.count(ledger.fallbacks, "call")) answered by a fallback" }
        return text
    }

    /// `endpoints: 10, the busiest 10.0.0.1:80 with 30 % of the attempts, the worst 10.0.0.3:80 with 62 % errors`
    private static func endpoints(_ run: Measurement) -> String? {
        guard let busiest = run.endpoints.max(by: { ($0.share, $1.place) < ($1.share, $0.place) }) else { return nil }
        func name(_ endpoint: EndpointSummary) -> String { PlainText.cut(PlainText.clean(endpoint.address), to: 40) }
        var text = "endpoints: \(Figures.count(run.endpoints.count)), the busiest \(name(busiest)) with "
        text += "\(Figures.share(busiest.share)) of the attempts"
        let failing = run.endpoints.filter { ($0.errorShare ?? 0) > 0 }
        if let worst = failing.max(by: { ($0.errorShare ?? 0, $1.place) < ($1.errorShare ?? 0, $0.place) }) {
            text += ", the worst \(name(worst)) with \(Figures.share(worst.errorShare ?? 0)) errors"
        }
        return text
    }
}
