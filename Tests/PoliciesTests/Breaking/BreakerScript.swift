import Core
import Policies
import Testing

/// Plays a history on a breaker: `S` a call that succeeds, `F` one that fails, `L` one that is slow (2 s), `x` one that must be rejected,
/// `+60` seconds that pass. Calls take no time on the clock.
func play(_ script: String, on breaker: inout Breaker, from start: Instant = .running(0)) -> Instant {
    var now = start
    for word in script.split(separator: " ") {
        if word.hasPrefix("+"), let seconds = Double(word.dropFirst()) {
            now = now + Span(seconds: seconds)
            continue
        }
        for letter in word {
            guard case .admitted(let pass) = breaker.admit(at: now) else {
                #expect(letter == "x", "`\(letter)` of `\(script)` was rejected")
                continue
            }
            #expect(letter != "x", "a call of `\(script)` was admitted")
            breaker.ended(pass, failed: letter == "F", took: letter == "L" ? .seconds(2) : .zero, at: now)
        }
    }
    return now
}

extension Trial<Breaker> {
    /// Opened by five failures.
    static func opened(at now: Instant) -> Trial<Breaker> {
        let breaker = Trial(Breaker(BreakerSettings()))
        breaker.play("FFFFF", from: now)
        _ = breaker.takeTransition()
        return breaker
    }

    @discardableResult
    func play(_ script: String, from start: Instant = .running(0)) -> Instant {
        PoliciesTests.play(script, on: &value, from: start)
    }

    func pass(at now: Instant) -> Breaker.Pass? {
        guard case .admitted(let pass) = value.admit(at: now) else { return nil }
        return pass
    }

    @discardableResult
    func ended(_ pass: Breaker.Pass, failed: Bool, took: Span, at now: Instant) -> Breaker.Transition? {
        value.ended(pass, failed: failed, took: took, at: now)
    }

    func cancelled(_ pass: Breaker.Pass) { value.cancelled(pass) }
    func takeTransition() -> Breaker.Transition? { value.takeTransition() }
    func state(at now: Instant) -> Breaker.State { value.state(at: now) }
    func rejects(at now: Instant) -> Bool { value.rejects(at: now) }
}
