package import Core

/// Ejects endpoints by what attempts to them came to (gRPC A50; Envoy's outlier detection).
///
/// Failures in a row eject at once; rates are looked at once per interval. An ejection lasts base × multiplier, `longest` at
/// most: the multiplier grows with each ejection and shrinks by one with each interval in which the endpoint was not ejected.
/// Another one is ejected only if the share of ejected ones stays within `most`, or if it is the only one (with `most` 0
/// nobody is). So of five endpoints at 10 % one may be ejected, as in gRPC; Envoy ejects none of them.
package struct OutlierDetector: Sendable {
    package typealias Event = OutlierEvent

    /// Highest place, exclusive.
    package static let places = 4_096

    private let settings: OutlierSettings
    private let jitter: Span
    private var random: SeededRandom
    private var hosts: [OutlierHost] = []
    private var members: [Int] = []
    /// Places to eject, the worst first; kept to be filled again.
    private var candidates: [Candidate] = []

    /// How many are ejected.
    package private(set) var ejected = 0
    /// When the rates are looked at next; `unset` until the first tick.
    private var nextInterval = Instant.unset
    /// When the first of the ejections ends.
    private var nextReturn = Instant.never

    private struct Candidate {
        let place: Int
        let successRate: Double
    }

    /// - Parameters:
    ///   - jitter: an ejection lasts up to so much longer, so that endpoints that went together do not come back together;
    ///     default none (Envoy).
    ///   - random: what the jitter is drawn from.
    package init(_ settings: OutlierSettings, jitter: Span = .zero, random: SeededRandom = SeededRandom(seed: 0)) {
        self.settings = settings
        self.jitter = max(jitter, .zero)
        self.random = random
    }

    /// Who there is now. One who goes is forgotten, with its ejection; one who stays keeps everything.
    package mutating func setMembers(_ places: [Int]) {
        for index in hosts.indices { hosts[index].stays = false }
        for place in places where place >= 0 && place < Self.places {
            while hosts.count <= place { hosts.append(OutlierHost()) }
            hosts[place].stays = true
        }
        members.removeAll(keepingCapacity: true)
        ejected = 0
        for place in hosts.indices {
            guard hosts[place].stays else {
                hosts[place] = OutlierHost()
                continue
            }
            hosts[place].isMember = true
            members.append(place)
            if hosts[place].isEjected { ejected &+= 1 }
        }
        findNextReturn()
    }

    /// An attempt has ended. What an ejected endpoint still answers does not count.
    /// - Returns: the ejection that this was the last failure for.
    @discardableResult
    package mutating func ended(_ place: Int, failed: Bool, at now: Instant) -> Ejection? {
        guard hosts.indices.contains(place), hosts[place].isMember, !hosts[place].isEjected else { return nil }
        hosts[place].count(failed: failed)
        guard failed, let limit = settings.consecutive, hosts[place].streak >= max(limit, 1) else { return nil }
        return eject(place, for: .consecutive, at: now)
    }

    /// Lets those return whose time has come, and looks at the rates when the interval is over. To be called at `nextTick`
    /// or later; more often does no harm.
    package mutating func tick(at now: Instant) -> [Event] {
        var events: [Event] = []
        if nextInterval == .unset { nextInterval = now + interval }
        if now >= nextReturn {
            for place in members where hosts[place].isEjected && hosts[place].until <= now {
                restore(place)
                events.append(.returned(place: place))
            }
            findNextReturn()
        }
        if now >= nextInterval {
            // A late tick stands for all intervals that have passed.
            let intervals = (now - nextInterval).nanoseconds / interval.nanoseconds &+ 1
            nextInterval = nextInterval + Span(nanoseconds: intervals &* interval.nanoseconds)
            endInterval(intervals, at: now, &events)
        }
        return events
    }

    /// When `tick` has something to do next; `Instant.unset`, which is at once, before the first.
    package var nextTick: Instant { min(nextInterval, nextReturn) }

    /// A good health check ends an ejection at once.
    /// - Returns: whether it was ejected.
    @discardableResult
    package mutating func unejected(byHealthCheck place: Int) -> Bool {
        guard isEjected(place) else { return false }
        restore(place)
        findNextReturn()
        return true
    }

    package func isEjected(_ place: Int) -> Bool { hosts.indices.contains(place) && hosts[place].isEjected }

    private var interval: Span { max(settings.interval, .milliseconds(1)) }

    private mutating func endInterval(_ intervals: Int64, at now: Instant, _ events: inout [Event]) {
        ejectBySuccessRate(at: now, &events)
        ejectByFailureShare(at: now, &events)
        for place in members { hosts[place].endInterval(intervals) }
    }

    private mutating func ejectBySuccessRate(at now: Instant, _ events: inout [Event]) {
        guard let factor = settings.deviations else { return }
        guard let threshold = successRateThreshold(factor) else { return }
        candidates.removeAll(keepingCapacity: true)
        for place in members where hosts[place].counts(settings.deviationVolume) {
            if hosts[place].successRate < threshold { addCandidate(place) }
        }
        ejectCandidates(for: .successRate, at: now, &events)
    }

    /// Mean − factor × standard deviation (of the population, as gRPC and Envoy have it) of the success rates; nil when too
    /// few endpoints have enough attempts.
    private func successRateThreshold(_ factor: Double) -> Double? {
        var known = 0.0
        var sum = 0.0
        for place in members where hosts[place].counts(settings.deviationVolume) {
            known += 1
            sum += hosts[place].successRate
        }
        guard known >= Double(max(settings.deviationHosts, 1)) else { return nil }
        let mean = sum / known
        var squares = 0.0
        for place in members where hosts[place].counts(settings.deviationVolume) {
            let deviation = hosts[place].successRate - mean
            squares += deviation * deviation
        }
        return mean - factor * (squares / known).squareRoot()
    }

    private mutating func ejectByFailureShare(at now: Instant, _ events: inout [Event]) {
        guard let limit = settings.failures else { return }
        candidates.removeAll(keepingCapacity: true)
        var known = 0
        for place in members where hosts[place].counts(settings.failureVolume) {
            known &+= 1
            if hosts[place].failed > 0, hosts[place].failureShare >= limit { addCandidate(place) }
        }
        guard known >= max(settings.failureHosts, 1) else { return }
        ejectCandidates(for: .failureShare, at: now, &events)
    }

    private mutating func addCandidate(_ place: Int) {
        candidates.append(Candidate(place: place, successRate: hosts[place].successRate))
    }

    private mutating func ejectCandidates(for reason: Ejection.Reason, at now: Instant, _ events: inout [Event]) {
        candidates.sort { ($0.successRate, $0.place) < ($1.successRate, $1.place) }
        for candidate in candidates {
            guard let ejection = eject(candidate.place, for: reason, at: now) else { return }
            events.append(.ejected(ejection))
        }
    }

    /// Nil when as many are ejected as may be.
    private mutating func eject(_ place: Int, for reason: Ejection.Reason, at now: Instant) -> Ejection? {
        guard settings.most > 0 else { return nil }
        guard ejected == 0 || Double(ejected &+ 1) / Double(members.count) <= settings.most else { return nil }
        let span = hosts[place].lengthenEjection(base: settings.ejection, longest: settings.longest)
        let extra = jitter > .zero ? Span(seconds: jitter.seconds * random.nextUnit()) : .zero
        let until = now + span + extra
        hosts[place].eject(until: until)
        ejected &+= 1
        nextReturn = min(nextReturn, until)
        return Ejection(place: place, reason: reason, until: until)
    }

    private mutating func restore(_ place: Int) {
        hosts[place].restore()
        ejected &-= 1
    }

    private mutating func findNextReturn() {
        nextReturn = .never
        if ejected == 0 { return }
        for place in members where hosts[place].isEjected { nextReturn = min(nextReturn, hosts[place].until) }
    }
}
