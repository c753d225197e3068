import Analysis
import Core
import Recording

/// The slowest calls and the groups of failed ones, in `report.md`.
enum MarkdownCalls {
    /// Most groups that are shown; all of them are in `summary.json`.
    static let mostPatterns = 20

    static func slowest(_ run: Measurement) -> [String] {
        let calls = run.slowest
        guard !calls.isEmpty else { return [] }
        let hasEndpoints = calls.contains { $0.address != nil }
        let hasTraces = calls.contains { $0.traceId != nil }
        let table = Markdown.table(
            [">At", "Step"] + (hasEndpoints ? ["Endpoint"] : []) + [
                "Result", ">attempts", ">response ms", ">wait", ">open", ">first byte", ">transfer", ">bytes",
            ] + (hasTraces ? ["Trace"] : []),
            calls.map { call in
                let first = [time(call.time), Markdown.text(call.name)]
                let parts = [
                    Figures.count(call.attempts), Figures.milliseconds(call.response), Figures.milliseconds(call.wait),
                    call.opening > .zero ? Figures.milliseconds(call.opening) : "–",
                    call.firstByte.map(Figures.milliseconds) ?? "–", call.transfer.map(Figures.milliseconds) ?? "–",
                    Figures.count(call.bytesReceived),
                ]
                return first + (hasEndpoints ? [Markdown.text(call.address ?? "–")] : []) + [
                    Markdown.text(result(call))
                ]
                    + parts + (hasTraces ? [Markdown.text(call.traceId ?? "–")] : [])
            })
        return table + [
            "",
            "Wait is the time from the intended start to the sending of the last attempt, earlier attempts included; the rest "
                + "is that attempt: open is DNS, connect and TLS, where it opened a connection."
                + (hasTraces ? " The trace was sent in the header `traceparent`." : ""),
        ]
    }

    static func patterns(_ run: Measurement) -> [String] {
        guard !run.patterns.isEmpty else { return [] }
        var lines: [String] = []
        if let dominant = DominantError(run) {
            lines = [dominant.sentence(of: run.ledger.failed, what: Markdown.text(dominant.what)), ""]
        }
        let shown = run.patterns.prefix(mostPatterns)
        let hasEndpoints = shown.contains { $0.address != nil }
        let hasTraces = shown.contains { $0.traceId != nil }
        lines += Markdown.table(
            [">Calls", ">Share", "Failure", ">Status", "Step", ">Of its calls"] + (hasEndpoints ? ["Endpoint"] : []) + [
                ">First at", ">Last at",
            ] + (hasTraces ? ["Trace of the first"] : []),
            shown.map { pattern in
                let first = [
                    Figures.count(pattern.count), Figures.share(pattern.share), Markdown.text(pattern.failure),
                    pattern.status > 0 ? String(pattern.status) : "–", Markdown.text(pattern.name),
                    Figures.share(pattern.stepShare),
                ]
                return first + (hasEndpoints ? [Markdown.text(pattern.address ?? "–")] : [])
                    + [time(pattern.first), time(pattern.last)]
                    + (hasTraces ? [Markdown.text(pattern.traceId ?? "–")] : [])
            })
        if shown.count < run.patterns.count {
            let more = run.patterns.dropFirst(mostPatterns)
            let calls = Figures.count(more.reduce(0) { $0 + $1.count }, "call")
            lines += ["", "… and \(Figures.count(more.count, "more pattern")) of \(calls), in summary.json."]
        }
        if run.patternsLost > 0 {
            lines += [
                "",
                "\(Figures.count(run.patternsLost, "more failed call")) were of further patterns, and are only counted.",
            ]
        }
        return lines
    }

    /// `200`, `503`, `timeout`
    static func result(_ call: SlowCallSummary) -> String {
        guard let failure = call.failure else { return String(call.status) }
        return call.status > 0 ? "\(failure) (\(call.status))" : failure
    }

    private static func time(_ seconds: Double) -> String { "\(seconds.fixed(1)) s" }
}
