import Analysis
import Core

/// Live progress as text: a frame for a terminal, which is drawn over the one before, or one line for everything else.
package struct LiveView: Sendable {
    /// The most lines of a frame.
    package static let mostLines = 8

    /// Characters of a line; a narrower terminal than 20 gets 20.
    private let width: Int
    private let paint: Paint

    /// - Parameters:
    ///   - width: columns of the terminal.
    ///   - colour: false where `NO_COLOR` is set or the output is no terminal.
    package init(width: Int, colour: Bool) {
        self.width = max(20, width)
        paint = Paint(isOn: colour)
    }

    /// At most 8 lines, none longer than the width, without line ends.
    package func frame(_ state: LiveState) -> [String] {
        let failed = state.failures.values.reduce(0, +)
        return [
            paint(cut(title(state)), .strong), bar("phase", state.phase), bar("run", state.run), cut(rates(state)),
            cut(latencies(state)), paint(cut(errors(state)), failed + state.dropped > 0 ? .bad : .quiet),
            cut("load   \(Figures.count(state.inFlight)) in flight, \(Figures.count(state.connections, "connection"))"),
            paint(cut(health(state)), isStrained(state) ? .doubtful : .quiet),
        ]
    }

    /// The same on one line of any length, for a log.
    package func line(_ state: LiveState) -> String {
        var parts = ["\(Figures.seconds(state.run.elapsed))", place(state)]
        parts.append("\(Figures.rate(state.achieved)) of \(Figures.rate(state.offered))")
        if state.rejected > 0 { parts.append("\(Figures.rate(state.rejected)) rejected") }
        if let latency = state.lastSecond { parts.append("p50 \(latency.p50), p99 \(latency.p99)") }
        let failed = state.failures.values.reduce(0, +)
        parts.append(
            "\(Figures.count(failed)) failed" + (state.dropped > 0 ? ", \(Figures.count(state.dropped)) dropped" : ""))
        parts.append("\(Figures.count(state.inFlight)) in flight")
        if let lag = state.sendLagP99 { parts.append("lag p99 \(lag)") }
        if let share = state.busiestLoop { parts.append("loop \(Figures.share(share))") }
        return parts.joined(separator: " · ")
    }

    // MARK: Lines

    private func cut(_ text: String) -> String { PlainText.cut(text, to: width) }

    private func place(_ state: LiveState) -> String {
        if state.isDraining { return "draining" }
        return "\(state.isWarmUp ? "warm-up" : "phase") \(state.phaseNumber)/\(state.phaseCount)"
    }

    private func title(_ state: LiveState) -> String {
        let name = PlainText.clean(state.name)
        return state.isDraining
            ? "\(name) · draining: waiting for the last calls"
            : "\(name) · \(place(state)): \(PlainText.clean(state.phaseText))"
    }

    private func bar(_ label: String, _ progress: LiveState.Progress) -> String {
        var note = Figures.seconds(progress.elapsed)
        if let calls = progress.calls {
            note = "\(Figures.count(calls.done)) of \(Figures.count(calls.of)) calls"
        } else if let length = progress.length {
            note += " of \(Figures.seconds(length))"
        }
        let head = PlainText.pad(label, to: 7)
        guard let share = progress.share else { return cut(head + note) }
        // The bar has what the note leaves, up to 40 characters; a very narrow terminal gets the note alone.
        let cells = min(40, width - head.count - note.count - 1)
        guard cells >= 5 else { return cut(head + note) }
        let full = Int(share * Double(cells))
        let bar = String(repeating: "━", count: full) + String(repeating: "╌", count: cells - full)
        return "\(head)\(bar) \(note)"
    }

    private func rates(_ state: LiveState) -> String {
        "rate   \(Figures.rate(state.offered)) offered, \(Figures.rate(state.achieved)) completed"
            + (state.rejected > 0 ? ", \(Figures.rate(state.rejected)) rejected" : "")
    }

    private func latencies(_ state: LiveState) -> String {
        func text(_ latency: LiveState.Latency?) -> String { latency.map { "\($0.p50) / \($0.p99)" } ?? "–" }
        return "p50/99 \(text(state.lastSecond)) last second, \(text(state.soFar)) so far"
    }

    private func errors(_ state: LiveState) -> String {
        let failed = state.failures.values.reduce(0, +)
        let kinds = state.failures.filter { $0.value > 0 }
            .sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
            .map { "\($0.key.name) \(Figures.count($0.value))" }
        var text = "failed \(Figures.count(failed))"
        if state.dropped > 0 { text += ", dropped \(Figures.count(state.dropped))" }
        return text + (kinds.isEmpty ? "" : ": \(kinds.joined(separator: ", "))")
    }

    private func health(_ state: LiveState) -> String {
        let lag = state.sendLagP99.map { "lag p99 \($0)" } ?? "lag –"
        return "gale   \(lag), busiest loop \(state.busiestLoop.map(Figures.share) ?? "–")"
    }

    /// What would make the run invalid if it went on like that.
    private func isStrained(_ state: LiveState) -> Bool {
        let tenth = Span(seconds: (state.lastSecond?.p99.seconds ?? 0) * Validity.lagShare)
        let late = state.sendLagP99.map { $0 > max(Validity.leastLag, tenth) } ?? false
        return late || (state.busiestLoop ?? 0) > Validity.busyShare
    }
}
