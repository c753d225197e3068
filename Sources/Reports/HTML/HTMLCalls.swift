import Analysis
import Core
import Recording

/// The slowest calls, and the failed ones in groups: the calls that made the figures.
enum HTMLCalls {
    static func slowest(_ run: Measurement) -> [Element?] {
        let calls = run.slowest
        guard !calls.isEmpty else { return [] }
        let hasEndpoints = calls.contains { $0.address != nil }
        let hasTraces = calls.contains { $0.traceId != nil }
        let longest = calls.map(\.response).max() ?? .zero
        let table = HTMLTable(
            "Where the time of the slowest calls went, ms",
            [">At", "Step"] + (hasEndpoints ? ["Endpoint"] : []) + [
                "Result", ">attempts", ">response", "wait, open, first byte, transfer", ">wait", ">open", ">first byte",
                ">transfer", ">bytes",
            ] + (hasTraces ? ["Trace"] : []),
            calls.map { call -> [HTMLTable.Cell] in
                var cells: [HTMLTable.Cell] = [.text(time(call.time)), .text(call.name)]
                if hasEndpoints { cells.append(.text(call.address ?? "–")) }
                cells += [
                    .text(MarkdownCalls.result(call)), .text(Figures.count(call.attempts)),
                    .text(Figures.milliseconds(call.response)), .element(parts(call, longest)),
                    .text(Figures.milliseconds(call.wait)),
                    .text(call.opening > .zero ? Figures.milliseconds(call.opening) : "–"),
                    .text(call.firstByte.map(Figures.milliseconds) ?? "–"),
                    .text(call.transfer.map(Figures.milliseconds) ?? "–"), .text(Figures.count(call.bytesReceived)),
                ]
                if hasTraces { cells.append(trace(call.traceId)) }
                return cells
            }, rest: "summary.json"
        ).element()
        return [
            table,
            HTML.note(
                "Wait is the time from the intended start to the sending of the last attempt, earlier attempts included; the rest "
                    + "is that attempt: open is DNS, connect and TLS, where it opened a connection."
                    + (hasTraces ? " The trace was sent in the header traceparent." : "")),
        ]
    }

    static func patterns(_ run: Measurement) -> [Element?] {
        guard !run.patterns.isEmpty else { return [] }
        let hasEndpoints = run.patterns.contains { $0.address != nil }
        let hasTraces = run.patterns.contains { $0.traceId != nil }
        let dominant = DominantError(run)
        let lost =
            "\(Figures.count(run.patternsLost, "more failed call")) fit none of the \(Figures.count(run.patterns.count)) "
            + "patterns that are told apart."
        return [
            dominant.map { dominant in
                Element("p") { dominant.sentence(of: run.ledger.failed, what: dominant.what) }
            },
            HTMLTable(
                "Failed calls that are alike",
                ["Failure", ">Status", "Step", ">Calls", ">Share", ">Of its calls"] + (hasEndpoints ? ["Endpoint"] : [])
                    + [">First at", ">Last at"] + (hasTraces ? ["Trace of the first"] : []),
                run.patterns.map { pattern -> [HTMLTable.Cell] in
                    var cells: [HTMLTable.Cell] = [
                        .text(pattern.failure), .text(pattern.status > 0 ? String(pattern.status) : "–"),
                        .text(pattern.name), .text(Figures.count(pattern.count)),
                        .drawn(Figures.share(pattern.share), CellDrawing.bar(pattern.share, isWarning: true)),
                        .text(Figures.share(pattern.stepShare)),
                    ]
                    if hasEndpoints { cells.append(.text(pattern.address ?? "–")) }
                    cells += [.text(time(pattern.first)), .text(time(pattern.last))]
                    if hasTraces { cells.append(trace(pattern.traceId)) }
                    return cells
                }, rest: "summary.json"
            ).element(), run.patternsLost > 0 ? HTML.note(lost) : nil,
        ]
    }

    private static func time(_ seconds: Double) -> String { "\(seconds.fixed(1)) s" }

    private static func trace(_ id: String?) -> HTMLTable.Cell {
        guard let id else { return "–" }
        return .element(Element("code") { id })
    }

    /// The parts of a call beside each other, on the scale of the slowest; what is in none of them stays empty.
    private static func parts(_ call: SlowCallSummary, _ longest: Span) -> Element {
        let scale = longest > .zero ? 176 / longest.seconds : 0
        let parts: [(ChartColour, Span)] = [
            (.grey, call.wait), (.orange, call.opening), (.blue, call.firstByte ?? .zero),
            (.sky, call.transfer ?? .zero),
        ]
        var x = 2.0
        return Element("svg", ["class": "spread chart", "viewBox": "0 0 180 16", "aria-hidden": "true"]) {
            Element("path", ["class": "grid", "d": "M2 8H178"])
            parts.compactMap { colour, span -> Element? in
                let width = min(max(0, span.seconds) * scale, 178 - x)
                guard width > 0 else { return nil }
                defer { x += width }
                return Element(
                    "rect",
                    ["class": "\(colour.className) solid", "x": x, "y": 3.0, "width": max(width, 0.6), "height": 10.0])
            }
        }
    }
}
