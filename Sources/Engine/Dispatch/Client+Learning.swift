import Core
import Flows
import Policies
import Recording

/// What everybody learns from the end of an attempt: balancer, breaker, detector, budgets, time-outs; and the endpoint's own
/// counts.
extension Client {
    /// Tells every policy how the attempt ended.
    func learn(from attempt: Attempt, _ failure: FailureKind?, _ call: CallUnderWay, _ way: inout Way) {
        let (place, now) = (way.place, attempt.end)
        let took = attempt.end - attempt.sent
        // What we broke off ourselves, or could not do, says nothing about the endpoint.
        guard !attempt.cancelled, failure?.isOwnFault != true else {
            policies.balancer.ended(place, at: now, latency: nil, failed: false)
            return
        }
        let failed = failure?.isEndpointFault ?? false
        policies.balancer.ended(place, at: now, latency: took, failed: failed)
        if let breaker = way.breaker, let pass = way.pass {
            way.pass = nil
            if let transition = policies.breakers[breaker].ended(pass, failed: failed, took: took, at: now) {
                note(transition, of: breaker, call, place)
            }
        }
        if let ejection = policies.detector?.ended(place, failed: failed, at: now) { note(ejection) }
        // A failure says how long a failure takes.
        let timedOut = attempt.hasTimedOut
        if timedOut || !failed { policies.adaptive?.observed(took, timedOut: timedOut, at: now) }
        if failed { policies.retryBudget.failed() } else { policies.retryBudget.succeeded() }
    }

    /// Response times for the percentile at which hedges go out: without those that failed at once, with those that were
    /// cut short because they took too long.
    func learnWhenToHedge(from attempt: Attempt, _ failure: FailureKind?, hasLost: Bool) {
        let isWhole = !attempt.cancelled && failure?.isEndpointFault != true
        guard isWhole || attempt.hasTimedOut || attempt.cancelled && hasLost else { return }
        policies.hedge?.observed(attempt.end - attempt.sent, at: attempt.end)
    }

    func readLoad(from exchange: Exchange, _ header: String, of place: Int) {
        guard let text = exchange.responseHeader(header), let load = LoadReport(text.utf8) else { return }
        policies.balancer.report(place, load, at: loop.now)
    }

    func note(_ attempt: Attempt, failed: Bool, to place: Int, _ call: CallUnderWay) {
        let requests = (attempt.reachedServer ? 1 : 0) + Int(attempt.resends) + Int(attempt.redirects)
        let warmUp = call.warmUp
        let isMeasured = program.measuresEndpoints
        recorder.endpoint(place) {
            $0.connectionsOpened += Int(attempt.connectionsOpened)
            if warmUp {
                $0.warmUpRequests += requests
                return
            }
            $0.requests += requests
            $0.attempts += 1
            if attempt.cancelled {
                $0.cancelled += 1
            } else {
                if failed { $0.failed += 1 } else { $0.succeeded += 1 }
                if isMeasured { $0.service.record(attempt.end - attempt.sent) }
            }
        }
    }
}

extension Attempt {
    /// Whether one of our time-outs has ended it.
    fileprivate var hasTimedOut: Bool { failure == .attempt_timeout || failure == .total_timeout }
}

extension FailureKind {
    /// True for a failure that says something about the endpoint, so that balancers, breakers and detectors count it.
    var isEndpointFault: Bool {
        switch self {
        case .status_4xx, .status_unexpected, .check_failed: false
        default: !isOwnFault
        }
    }

    /// True for a failure in which the endpoint had no part.
    var isOwnFault: Bool {
        switch self {
        case .host_refused, .missing_value, .unsendable_value, .redirect_refused, .shard_unavailable: true
        default: isGeneratorFault
        }
    }
}
