import Core

/// Where a client's traces come from: random numbers of a stream of their own, so that no other draw of a run depends on
/// whether there are traces.
struct TraceSource {
    private var random: SeededRandom
    private let mode: TraceMode

    /// - Parameters:
    ///   - seed: the run's.
    ///   - start: nanoseconds since 1970 at the start of the run; 0 in virtual time. Two runs of one seed must not share
    ///     traces with whoever collects them.
    ///   - client: which one.
    init(_ mode: TraceMode, seed: UInt64, start: Int64, client: Int) {
        self.mode = mode
        let own = SeededRandom.value(seed: seed, stream: UInt64(bitPattern: start), at: UInt64(client))
        random = SeededRandom(seed: own, named: "client/trace")
    }

    /// A new trace, for a call; none when there are to be none.
    mutating func next() -> TraceID {
        guard mode != .off else { return .none }
        let (high, low) = (random.next(), random.next())
        return TraceID(high: high, low: high | low == 0 ? 1 : low)
    }

    /// What the next attempt of that call says; nil for a call without a trace.
    mutating func attempt(of trace: TraceID) -> TraceContext? {
        guard !trace.isNone else { return nil }
        return TraceContext(trace: trace, parent: max(1, random.next()), isSampled: mode == .sampled)
    }
}

extension Client {
    /// The trace of a new call; none for a step that says its own.
    func newTrace(of step: Int) -> TraceID { program.steps[step].namesTrace ? .none : traces.next() }
}
