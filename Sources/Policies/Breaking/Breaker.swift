package import Core

/// A circuit breaker: stops calling a target that fails, and tries again after a while with a few calls.
///
/// | state | event | next |
/// |---|---|---|
/// | closed | failure that trips | open until now + `open` |
/// | open | call before that | open; rejected |
/// | open | call from then on | half-open; admitted |
/// | half-open | call, while in flight + succeeded < `successes` | half-open; admitted |
/// | half-open | other call | half-open; rejected |
/// | half-open | success, the last of `successes` | closed |
/// | half-open | any failure | open, from now on |
/// | half-open | probe cancelled | half-open; its permit is given back |
/// | half-open | probes in flight, and nothing for `open` | open, from then on |
///
/// Each transition begins a new generation, and what a pass of an older one came to changes nothing. With a rate to trip
/// by and a share of slow calls, a slow probe counts as a failure: else a slow target would be let in again and again.
/// A probe that takes longer than `open` is given up, so `open` should be longer than an attempt's time-out.
package struct Breaker: Sendable {
    /// `closed`, `open`, `half-open`.
    package enum State: Hashable, Sendable, CaseIterable {
        case closed, open, halfOpen
    }

    /// Leave to call; to be given back exactly once, with `ended` or `cancelled`.
    package struct Pass: Hashable, Sendable {
        let generation: UInt64
    }

    package enum Admission: Hashable, Sendable {
        case admitted(Pass)
        case rejected
    }

    package struct Transition: Hashable, Sendable {
        package let from: State
        package let to: State
        /// When it happened; for a half-open breaker that gave up its probes, earlier than the call that found out.
        package let at: Instant
    }

    private let open: Span
    private let successes: Int
    /// Failures in a row that trip; nil when a rate does.
    private let limit: Int?
    private var window: BreakerWindow?

    private var state = State.closed
    private var generation: UInt64 = 0
    /// Failures in a row, while closed.
    private var failures = 0
    private var until = Instant.unset
    /// Probes of the half-open state.
    private var inFlight = 0
    private var succeeded = 0
    /// When a probe was last admitted or given back.
    private var lastSign = Instant.unset
    /// What was not taken yet; an admission makes two at most.
    private var first: Transition?
    private var second: Transition?

    package init(_ settings: BreakerSettings) {
        // With no time at all each probe would be given up as soon as it is admitted.
        open = max(settings.open, .milliseconds(1))
        successes = max(settings.successes, 1)
        switch settings.trip {
        case .consecutive(let failures):
            limit = max(failures, 1)
        case .rate(let rate):
            limit = nil
            window = BreakerWindow(rate)
        }
    }

    /// Asks leave for a call. Transitions that this makes wait for `takeTransition`.
    package mutating func admit(at now: Instant) -> Admission {
        giveUpProbes(at: now)
        switch state {
        case .closed:
            return .admitted(Pass(generation: generation))
        case .open:
            if now < until { return .rejected }
            move(to: .halfOpen, at: now)
        case .halfOpen:
            if inFlight &+ succeeded >= successes { return .rejected }
        }
        inFlight &+= 1
        lastSign = now
        return .admitted(Pass(generation: generation))
    }

    /// Gives a pass back with what the call came to.
    /// - Parameters:
    ///   - failed: whether it counts as a failure of the target.
    ///   - took: how long it took.
    /// - Returns: the transition it made, or one of an admission that nobody took before; nil when none.
    @discardableResult
    package mutating func ended(_ pass: Pass, failed: Bool, took: Span, at now: Instant) -> Transition? {
        giveUpProbes(at: now)
        guard pass.generation == generation else { return takeTransition() }
        let slow = window?.isSlow(took) ?? false
        switch state {
        case .closed: if trips(failed: failed, slow: slow, at: now) { reopen(at: now) }
        // No pass has the generation of an open breaker.
        case .open: break
        case .halfOpen:
            guard inFlight > 0 else { break }
            inFlight &-= 1
            lastSign = now
            if failed || slow {
                reopen(at: now)
            } else {
                succeeded &+= 1
                if succeeded >= successes { move(to: .closed, at: now) }
            }
        }
        return takeTransition()
    }

    /// Gives a pass back whose call says nothing about the target: a half-open breaker has its permit again.
    package mutating func cancelled(_ pass: Pass) {
        guard pass.generation == generation, state == .halfOpen, inFlight > 0 else { return }
        inFlight &-= 1
    }

    /// The oldest transition that nobody has taken: for the record of events, after `admit`, until it is nil.
    package mutating func takeTransition() -> Transition? {
        guard let transition = first else { return nil }
        first = second
        second = nil
        return transition
    }

    /// Where it stands. An open breaker whose time is over stays open until a call comes.
    package func state(at now: Instant) -> State { hasLostProbes(at: now) ? .open : state }

    /// Until when the last opening rejects; `Instant.unset` before the first.
    package var openUntil: Instant { until }

    /// True when `admit` would reject now; changes nothing.
    package func rejects(at now: Instant) -> Bool {
        switch state {
        case .closed: false
        case .open: now < until
        case .halfOpen:
            hasLostProbes(at: now) ? now < lastSign + open + open : inFlight &+ succeeded >= successes
        }
    }

    /// Calls that a half-open breaker has let through and not heard of; 0 in other states.
    package var probes: Int { state == .halfOpen ? inFlight : 0 }

    private mutating func trips(failed: Bool, slow: Bool, at now: Instant) -> Bool {
        guard let limit else { return window?.trips(failed: failed, slow: slow, at: now) ?? false }
        failures = failed ? failures &+ 1 : 0
        return failures >= limit
    }

    /// Without a probe in flight the next call goes through and nothing hangs, however long it takes to come.
    private func hasLostProbes(at now: Instant) -> Bool {
        state == .halfOpen && inFlight > 0 && now >= lastSign + open
    }

    private mutating func giveUpProbes(at now: Instant) {
        if hasLostProbes(at: now) { reopen(at: lastSign + open) }
    }

    private mutating func reopen(at now: Instant) {
        until = now + open
        move(to: .open, at: now)
    }

    private mutating func move(to next: State, at now: Instant) {
        let transition = Transition(from: state, to: next, at: now)
        if first == nil { first = transition } else { second = transition }
        state = next
        generation &+= 1
        failures = 0
        inFlight = 0
        succeeded = 0
        window?.clear()
    }
}

extension Breaker.State: CustomStringConvertible {
    /// One word for tables: `closed`, `open`, `half-open`.
    package var description: String {
        switch self {
        case .closed: "closed"
        case .open: "open"
        case .halfOpen: "half-open"
        }
    }
}

extension Breaker.Transition: CustomStringConvertible {
    /// Where it led to.
    package var description: String { to.description }
}
