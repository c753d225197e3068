import Core

/// The signals that rules pick by, per place: calls in flight and the peak EWMA of the latency.
struct EndpointLoads: Sendable {
    /// One place's.
    struct Load: Sendable {
        var inFlight = 0
        var weight = 1.0
        /// Calls in flight divided by the weight; infinite for one that is left out of a pick. Quotients of whole numbers are
        /// equal exactly where the fractions are, as long as numerator and denominator have 52 bits together: an IEEE 754
        /// division is exactly rounded.
        var relative = 0.0
    }

    private(set) var loads: [Load] = []
    private var latencies: [PeakEWMA] = []
    private let decay: Span
    /// Whether anybody looks at relative loads: a division takes its time.
    private let areCompared: Bool

    /// What an endpoint counts as that has work but no history, in nanoseconds: more than any that has one, so that it is
    /// asked once and no more until it answered (Finagle's penalty). 2^60 ns are 36 years.
    private static let unknown = 0x1p60

    /// - Parameter areCompared: whether `relative` is to be kept.
    init(decay: Span, areCompared: Bool) {
        self.decay = decay
        self.areCompared = areCompared
    }

    /// Makes room for places below `count`.
    mutating func grow(to count: Int) {
        let missing = count - loads.count
        guard missing > 0 else { return }
        loads.append(contentsOf: repeatElement(Load(), count: missing))
        latencies.append(contentsOf: repeatElement(PeakEWMA(), count: missing))
    }

    mutating func began(_ place: Int) { add(1, place) }

    mutating func ended(_ place: Int) { if loads[place].inFlight > 0 { add(-1, place) } }

    @inline(__always)
    private mutating func add(_ calls: Int, _ place: Int) {
        let count = loads[place].inFlight &+ calls
        loads[place].inFlight = count
        if areCompared { loads[place].relative = Double(count) / loads[place].weight }
    }

    /// - Parameter weight: greater than 0.
    mutating func setWeight(_ weight: Double, _ place: Int) {
        loads[place].weight = weight
        admit(place)
    }

    /// Lets a place count as one that can take nothing, until `admit`.
    mutating func exclude(_ place: Int) { loads[place].relative = .infinity }

    mutating func admit(_ place: Int) { loads[place].relative = Double(loads[place].inFlight) / loads[place].weight }

    mutating func observe(_ latency: Span, _ place: Int, at now: Instant) {
        latencies[place].observe(latency, at: now, decay: decay)
    }

    /// What its answers were like is of another life. Calls in flight stay: they will end.
    mutating func forgetLatency(_ place: Int) { latencies[place] = PeakEWMA() }

    /// The peak EWMA times calls in flight, the next one included.
    /// - Parameter weight: relative to the mean; calls in flight are divided by it.
    func expectedCost(_ place: Int, weight: Double, at now: Instant) -> Double {
        let pending = Double(loads[place].inFlight)
        if !latencies[place].isKnown { return pending == 0 ? 0 : Self.unknown + pending }
        return latencies[place].cost(at: now, decay: decay) * (pending / weight + 1)
    }
}
