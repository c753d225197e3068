import Analysis
import Core
import Engine
import Plans
import Recording
import Reports

/// What a person sees while a run goes on: a frame that is redrawn on a terminal, a line per second elsewhere, nothing
/// when they asked for quiet. It writes to stderr; results alone go to stdout.
struct LiveDisplay {
    enum Style {
        case frame, lines, quiet
    }

    private let style: Style
    private let table: SeriesTable
    private let phases: [RunRecord.PhaseRecord]
    private let counts: [Int?]
    private var state: LiveState
    private var soFar = LatencyHistogram()
    private var phaseCalls: [Int: Int] = [:]
    private var drawn = 0

    /// - Parameter counts: by phase, the calls that end it; nil where time does.
    init(style: Style, record: RunRecord, counts: [Int?], table: SeriesTable) {
        self.style = style
        self.table = table
        self.counts = counts
        phases = record.phases
        state = LiveState(name: record.name)
        state.phaseCount = record.phases.count
    }

    /// Shows one second more.
    mutating func update(_ second: CollectedInterval) {
        // What is left over at the end is too short to speak of rates.
        guard style != .quiet, second.length >= .milliseconds(200) else { return }
        take(second)
        switch style {
        case .quiet: break
        case .lines: Terminal.note(LiveView(width: 200, colour: false).line(state))
        case .frame: draw()
        }
    }

    /// Takes the last frame away, so that the summary stands alone.
    mutating func finish() {
        if style == .frame, drawn > 0 { Terminal.note(Self.up(drawn) + "\u{1B}[J\u{1B}[?25h") }
        drawn = 0
    }

    private mutating func take(_ second: CollectedInterval) {
        let counts = second.counts
        let end = (second.start + second.length).seconds
        let phase = phases[counts.phase]
        state.phaseNumber = counts.phase + 1
        state.phaseText = phase.text
        state.isWarmUp = phase.warmUp
        state.isDraining = phases.last?.end.map { end > $0 + 0.5 } ?? false
        phaseCalls[counts.phase, default: 0] += counts.ledger.made + counts.warmUp.made
        state.phase = LiveState.Progress(
            elapsed: max(0, end - phase.start), length: phase.end.map { $0 - phase.start },
            calls: self.counts[counts.phase].map { .init(done: phaseCalls[counts.phase] ?? 0, of: $0) })
        state.run = LiveState.Progress(elapsed: end, length: phases.last?.end)

        let length = max(second.length.seconds, 0.001)
        state.offered = Double(counts.ledger.scheduled + counts.warmUp.scheduled) / length
        state.achieved = Double(counts.ledger.completed + counts.warmUp.completed) / length
        state.rejected = Double(counts.ledger.rejected + counts.warmUp.rejected) / length
        var last = second.response
        last.add(counts.histograms[table.warmUpResponse])
        soFar.add(second.response)
        state.lastSecond = Self.latency(last)
        state.soFar = Self.latency(soFar)
        for step in counts.steps + [counts.warmUpCounts] {
            for (kind, count) in step.failuresByKind { state.failures[kind, default: 0] += count }
        }
        state.dropped += counts.ledger.dropped + counts.warmUp.dropped
        state.inFlight = counts.inFlight
        state.connections = counts.connections
        let lag = counts.histograms[table.sendLag]
        state.sendLagP99 = lag.isEmpty ? nil : lag.value(atPercentile: 99)
        state.busiestLoop = counts.loopShare
    }

    private static func latency(_ histogram: LatencyHistogram) -> LiveState.Latency? {
        guard !histogram.isEmpty else { return nil }
        let values = histogram.values(atPercentiles: [50, 99])
        return LiveState.Latency(p50: values[0], p99: values[1])
    }

    private mutating func draw() {
        let view = LiveView(width: Terminal.width, colour: Terminal.wantsColour(true))
        let frame = view.frame(state)
        let before = drawn > 0 ? Self.up(drawn) : "\u{1B}[?25l"
        Terminal.note(before + frame.map { $0 + "\u{1B}[K" }.joined(separator: "\n") + "\u{1B}[J")
        drawn = frame.count
    }

    private static func up(_ lines: Int) -> String { "\u{1B}[\(lines)A" }
}
