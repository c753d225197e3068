package import Core

/// How busy a service is, as it would report it: the mean share of its workers that were busy lately, and its rate of
/// answers.
///
/// Both are exponential means over `memory`: what happened that long ago weighs 1/e of what happens now.
package struct LoadMeter: Sendable {
    /// One second.
    package static let memory = Span.seconds(1)

    private let workers: Double
    private var share = 0.0
    private var rate = 0.0
    private var last: Instant?

    /// - Parameter workers: of all replicas, at least 1.
    package init(workers: Int) { self.workers = Double(max(1, workers)) }

    /// An answer goes out while so many workers are busy, its own among them.
    package mutating func answered(busy: Int, at now: Instant) {
        answered(utilisation: Double(busy) / workers, at: now)
    }

    /// The same with the share of the workers that are busy, 0 to 1, for a service whose workers become more or fewer.
    package mutating func answered(utilisation: Double, at now: Instant) {
        let elapsed = last.map { max(0, (now - $0).seconds) } ?? Self.memory.seconds
        last = now
        let kept = PortableMath.exponential(-elapsed / Self.memory.seconds)
        share = share * kept + utilisation * (1 - kept)
        rate = rate * kept + 1 / Self.memory.seconds
    }

    /// 0 to 1.
    package var utilisation: Double { share }

    /// As ORCA's text form has it, for a header.
    package var text: String { "TEXT cpu_utilization=\(share.fixed(4)), rps_fractional=\(rate.fixed(2))" }
}
