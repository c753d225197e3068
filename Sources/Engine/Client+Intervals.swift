import Core
import Policies
import Recording

/// What a client says of itself, second by second.
extension Client {
    /// Delivers an interval at each whole second of the run, until the last one is taken.
    func tick(from origin: Instant, spares: SpareIntervals, deliver: @Sendable (Delivery) -> Void) async {
        lastRotation = (origin, loop.threadCPU)
        (self.origin, hasBegun) = (origin, true)
        recorder.begin(at: origin)
        beginChecks()
        while isTicking {
            let next = origin + .seconds(Int64(intervals + 1))
            guard await loop.sleep(until: next, in: SleepGroup(id: .max)), isTicking else { return }
            deliver(takeInterval(from: origin, until: next, leaving: spares.take()))
        }
    }

    /// Ends the ticking and returns what was counted since.
    func lastInterval(from origin: Instant, spares: SpareIntervals) -> Delivery {
        isTicking = false
        loop.wake(SleepGroup(id: .max))
        let last = takeInterval(from: origin, until: loop.sample(), leaving: spares.take())
        last.interval.notable = recorder.notable
        return last
    }

    /// How the endpoints are at the end of an interval.
    private func noteGauges(at now: Instant) {
        if intervals % 60 == 59 { noteImbalance() }
        for place in policies.endpoints.indices {
            let (state, isAvailable) = (policies.endpoints[place], policies.isHealthy(place))
            let connections = transport.openConnections(of: place)
            recorder.endpoint(place) {
                ($0.inFlight, $0.connections) = (state.inFlight, connections)
                ($0.isMember, $0.isAvailable) = (state.isMember, state.isMember && isAvailable)
            }
        }
        if policies.settings.retry?.budget != nil { recorder.setRetryBudget(left: policies.retryBudget.left(at: now)) }
    }

    /// What was counted since the last time, with the gauges of this moment.
    private func takeInterval(from origin: Instant, until end: Instant, leaving empty: Interval) -> Delivery {
        let now = loop.sample()
        policies.audit.sees(now)
        let cpu = loop.threadCPU
        if isPolitic { noteGauges(at: now) }
        let interval = recorder.rotate(to: empty)
        interval.phase = phase
        interval.inFlight = inFlight
        interval.peakInFlight = peakInFlight
        interval.connections = transport.openConnections
        interval.peakConnections = transport.peakConnections
        let elapsed = (now - lastRotation.at).seconds
        interval.loopShare = elapsed > 0 ? (cpu - lastRotation.cpu).seconds / elapsed : 0
        interval.longestTurn = loop.longestTurn
        lastRotation = (now, cpu)
        defer { intervals += 1 }
        let start = Span.seconds(Int64(intervals))
        return Delivery(
            number: intervals, start: start, length: max(.zero, end - origin - start), interval: interval)
    }
}
