import Core
import Plans
import Recording

/// What a client notes of its calls: into the present interval, by array access, without a lock.
struct Recorder {
    private let table: SeriesTable
    private(set) var interval: Interval
    /// Of the whole run so far.
    private(set) var notable = NotableCalls()
    private let namesEndpoints: Bool
    private var origin = Instant.unset

    /// - Parameter namesEndpoints: whether reports tell endpoints apart.
    init(_ table: SeriesTable, namesEndpoints: Bool) {
        self.table = table
        self.namesEndpoints = namesEndpoints
        interval = Interval(table)
    }

    /// The load begins; what a report says the time of counts from there.
    mutating func begin(at origin: Instant) { self.origin = origin }

    /// Hands the present interval over and goes on with an empty one.
    mutating func rotate(to empty: Interval) -> Interval {
        defer { interval = empty }
        return interval
    }

    // MARK: Arrivals

    mutating func arrivalStarted(warmUp: Bool) {
        update(warmUp) {
            $0.scheduled += 1
            $0.started += 1
        }
    }

    /// - Parameter late: dropped because the generator came too late, not because the target was too slow.
    mutating func arrivalDropped(late: Bool, warmUp: Bool) {
        update(warmUp) {
            $0.scheduled += 1
            if late { $0.droppedLate += 1 } else { $0.droppedInFlight += 1 }
        }
    }

    /// - Parameter whole: it went through to the end; otherwise it was cut off when the run ended.
    mutating func arrivalEnded(whole: Bool, warmUp: Bool) {
        update(warmUp) { if whole { $0.completed += 1 } else { $0.stopped += 1 } }
    }

    // MARK: Calls

    /// A call that ended with an answer or without one.
    /// - Parameters:
    ///   - intended: when it was to begin.
    ///   - end: the attempt that ended it, which has been noted by `attempt` like all others, and when it was over.
    ///   - failure: why it failed, by the transport or by its expectation; nil when it succeeded.
    ///   - lag: by how much it was sent too late, when a schedule set its intended time, so that this is a fault worth
    ///     knowing; what policies let it wait is no part of it.
    mutating func call(
        step: Int, intended: Instant, _ end: CallEnd, failure: FailureKind?, warmUp: Bool, lag: Span?
    ) {
        let attempt = end.attempt
        let response = end.over - intended
        let service = attempt.end - attempt.sent
        if warmUp {
            interval.warmUpCounts.count(status: attempt.status, failure: failure)
            interval.histograms[table.warmUpResponse].record(response)
            interval.histograms[table.warmUpService].record(service)
        } else {
            interval.steps[step].count(status: attempt.status, failure: failure)
            interval.histograms[table.response(of: step)].record(response)
            interval.histograms[table.service(of: step)].record(service)
            if let lag { interval.histograms[table.sendLag].record(lag) }
            if notable.slowest.takes(response) { keep(step, intended, end, failure) }
            if let failure {
                notable.errors.note(
                    step: step, place: namesEndpoints ? end.place : nil, status: attempt.status, failure: failure,
                    at: end.over - origin, trace: end.trace)
            }
        }
        update(warmUp) {
            $0.made += 1
            if failure == nil { $0.succeeded += 1 } else { $0.failed += 1 }
        }
    }

    /// Keeps one of the slowest calls.
    @inline(never)
    private mutating func keep(_ step: Int, _ intended: Instant, _ end: CallEnd, _ failure: FailureKind?) {
        let attempt = end.attempt
        let hasAnswer = attempt.firstByte != .unset
        notable.slowest.add(
            SlowCall(
                intended: intended - origin, step: step, place: namesEndpoints ? end.place : nil,
                status: attempt.status, failure: failure, attempts: end.attempts, trace: end.trace,
                response: end.over - intended, service: attempt.end - attempt.sent,
                wait: max(.zero, attempt.sent - intended), phases: attempt.phases,
                // libcurl's microseconds and our own stamps may differ by one.
                firstByte: hasAnswer ? max(.zero, attempt.firstByte - attempt.sent - attempt.phases.total) : nil,
                transfer: hasAnswer ? attempt.end - attempt.firstByte : nil, bytesSent: attempt.bytesSent,
                bytesReceived: attempt.bytesReceived))
    }

    /// A call that we cut off ourselves.
    mutating func cancelled(warmUp: Bool) {
        update(warmUp) {
            $0.made += 1
            $0.cancelled += 1
        }
    }

    /// A call that a policy turned away: nothing was sent, and it has no latency.
    mutating func rejected(step: Int, _ rejection: Rejection, warmUp: Bool) {
        update(warmUp) {
            $0.made += 1
            $0.rejected += 1
        }
        if warmUp { return }
        interval.steps[step].reject()
        interval.policies.rejections[Int(rejection.rawValue)] += 1
    }

    /// A failed or rejected call that a fallback answered.
    mutating func fellBack(step: Int, warmUp: Bool) {
        update(warmUp) { $0.fallbacks += 1 }
        if !warmUp { interval.steps[step].fallBack() }
    }

    /// A call whose request could not be written: it failed, and nothing was sent. It has no latency.
    mutating func unsent(step: Int, _ kind: FailureKind, at now: Instant, warmUp: Bool) {
        if warmUp {
            interval.warmUpCounts.count(status: 0, failure: kind)
        } else {
            interval.steps[step].count(status: 0, failure: kind)
            notable.errors.note(step: step, place: nil, status: 0, failure: kind, at: now - origin, trace: .none)
        }
        update(warmUp) {
            $0.made += 1
            $0.failed += 1
        }
    }

    // MARK: Attempts

    /// Why an attempt was made.
    enum AttemptKind {
        case first, retry, hedge
    }

    /// An attempt that is over, whatever came of it.
    mutating func attempt(_ kind: AttemptKind, _ attempt: Attempt, warmUp: Bool) {
        if !warmUp, !attempt.cancelled { phases(of: attempt) }
        update(warmUp) {
            switch kind {
            case .first: $0.firstTries += 1
            case .retry: $0.retries += 1
            case .hedge: $0.hedges += 1
            }
            if attempt.reachedServer { $0.reached += 1 }
            $0.resends += Int(attempt.resends)
            $0.redirects += Int(attempt.redirects)
            $0.bytesSent += Int(attempt.bytesSent)
            $0.bytesReceived += Int(attempt.bytesReceived)
            $0.connectionsOpened += Int(attempt.connectionsOpened)
            if attempt.connectionsOpened == 0, attempt.reachedServer { $0.connectionsReused += 1 }
        }
    }

    // MARK: Policies and endpoints

    /// Changes what is counted of an endpoint.
    mutating func endpoint(_ place: Int, _ body: (inout EndpointCounts) -> Void) {
        interval.makeRoom(for: place)
        body(&interval.endpoints[place])
    }

    /// Changes the counts of the policies.
    mutating func policies(warmUp: Bool, _ body: (inout PolicyCounts) -> Void) {
        if !warmUp { body(&interval.policies) }
    }

    mutating func setRetryBudget(left: Double) { interval.retryBudgetLeft = left }

    mutating func note(_ event: RunEvent) { interval.note(event) }

    // MARK: What steps say of responses

    /// A group that is measured as one.
    /// - Parameter response: nil when nothing was sent.
    mutating func transaction(_ place: Int, response: Span?, failed: Bool, warmUp: Bool) {
        if warmUp { return }
        interval.transactions[place].count(status: 0, failure: failed ? .check_failed : nil)
        if let response { interval.histograms[table.transaction(place)].record(response) }
    }

    mutating func checkPassed(_ place: Int) { interval.checks[place].pass() }

    mutating func checkFailed(_ place: Int, sample: () -> String) { interval.checks[place].fail(sample: sample()) }

    mutating func count(_ counter: Int, tags: String, _ amount: Double) {
        interval.counters.add(counter: counter, tags: tags, amount: amount)
    }

    // MARK: Traffic

    private mutating func phases(of attempt: Attempt) {
        var opening = Span.zero
        if attempt.connectionsOpened > 0 {
            let phases = attempt.phases
            opening = phases.total
            interval.histograms[table.dns].record(phases.dns)
            interval.histograms[table.connect].record(phases.connect)
            if phases.tls > .zero { interval.histograms[table.tls].record(phases.tls) }
        }
        guard attempt.firstByte != .unset else { return }
        interval.histograms[table.firstByte].record(attempt.firstByte - attempt.sent - opening)
        interval.histograms[table.transfer].record(attempt.end - attempt.firstByte)
    }

    @inline(__always)
    private mutating func update(_ warmUp: Bool, _ body: (inout Ledger) -> Void) {
        if warmUp { body(&interval.warmUp) } else { body(&interval.ledger) }
    }
}
