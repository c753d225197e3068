package import Core

/// One replica of a service: so many workers, each busy with one request at a time, and a bounded line before them.
///
/// | a request | workers | line | comes to |
/// |---|---|---|---|
/// | arrives | one is idle | (empty) | start |
/// | arrives | all busy | has room | wait, behind those who came before |
/// | arrives | all busy | full | be rejected, at once |
/// | arrives | it is out | | be rejected, at once |
/// | finishes | | empty | leave a worker idle |
/// | finishes | fewer than are busy | | leave, its worker with it |
/// | finishes | | not empty | start the one who waited longest, or the shortest where the last come is served first |
/// | waits, and its client leaves | | | be forgotten; its worker time is never spent |
/// | is here when it goes out | | | be lost |
///
/// A value without a clock: the caller says what time it is, and calls `finished` when the time it was told has come.
/// A request that has begun is finished by its caller even when its client has left, for so does a server that
/// does not know.
package struct Replica<Ticket> {
    /// A request that a worker has begun.
    package struct Start {
        package var ticket: Ticket
        /// When its service time is over.
        package var until: Instant
    }

    /// What an arrival comes to.
    package enum Arrival {
        /// A worker has begun, and its service time is over at `until`.
        case started(until: Instant)
        /// It waits; the place is for `left`.
        case queued(WaitingLine<Waiting>.Place)
        /// All workers are busy and the line is full, or it is out.
        case rejected
    }

    /// Somebody in the line, with the time that serving them will take.
    package struct Waiting {
        fileprivate var ticket: Ticket
        fileprivate var arrived: Instant
        fileprivate var time: Span
    }

    private let time: TimeDistribution
    private let order: QueueOrder
    private let timeline: ReplicaTimeline
    /// Workers without an episode.
    private var usualWorkers: Int
    private var line: WaitingLine<Waiting>
    /// When the load started, for episodes; `.never` before.
    private var origin = Instant.never
    /// Workers that it has now.
    package private(set) var workers: Int
    /// Workers that are busy now; more than `workers` for a while after there are fewer.
    package private(set) var busy = 0
    package private(set) var isOut = false
    /// How often it went out: tells the requests of before from those of now.
    package private(set) var epoch: UInt32 = 0

    /// - Parameters:
    ///   - workers: requests served at once; at least 1.
    ///   - queue: requests that may wait; at least 0.
    package init(
        workers: Int, queue: Int, order: QueueOrder = .firstIn, time: TimeDistribution,
        timeline: ReplicaTimeline = ReplicaTimeline([], replica: 0, of: 1)
    ) {
        precondition(workers >= 1, "a replica without a worker serves nobody: \(workers)")
        self.workers = workers
        self.time = time
        self.order = order
        self.timeline = timeline
        usualWorkers = workers
        line = WaitingLine(limit: queue)
    }

    /// Requests that wait now; 0 to the bound of the line.
    package var waiting: Int { line.count }

    /// A request comes in.
    /// - Parameters:
    ///   - extra: time that its worker is busy beyond the service time.
    ///   - generator: what its service time is drawn from. The draw is made for a rejected request too, so that the
    ///     n-th arrival meets the same time whatever became of the others.
    package mutating func arrived(
        _ ticket: Ticket, at now: Instant, extra: Span = .zero, using generator: inout some RandomNumberGenerator
    ) -> Arrival {
        arrived(ticket, at: now, needing: time.sample(using: &generator) + extra)
    }

    /// A request comes in whose service takes that time, in place of one drawn.
    mutating func arrived(_ ticket: Ticket, at now: Instant, needing time: Span) -> Arrival {
        if isOut { return .rejected }
        if busy < workers {
            busy += 1
            return .started(until: end(of: time, from: now))
        }
        guard let place = line.join(Waiting(ticket: ticket, arrived: now, time: time)) else { return .rejected }
        return .queued(place)
    }

    /// A worker has finished a request, or given it up, and takes the next.
    ///
    /// - Parameter instant: when it became idle. A caller whose timer was late passes the time that was due: the model
    ///   then keeps its capacity, whatever the machine under it does. The next one starts then, but never before
    ///   it arrived.
    /// - Returns: the request that it has begun; nil when nobody waits or the worker is one too many.
    package mutating func finished(at instant: Instant) -> Start? {
        precondition(busy > 0, "a worker finished a request that none of them had begun")
        busy -= 1
        return busy < workers ? begin(at: instant) : nil
    }

    /// The client of a waiting request is gone.
    /// - Returns: true when it was still waiting; false when it had been started, lost, or had left before.
    @discardableResult
    package mutating func left(_ place: WaitingLine<Waiting>.Place) -> Bool {
        line.leave(place) != nil
    }

    /// An idle worker takes who is next.
    private mutating func begin(at instant: Instant) -> Start? {
        guard let next = order == .firstIn ? line.callNext() : line.callLast() else { return nil }
        busy += 1
        return Start(ticket: next.ticket, until: end(of: next.time, from: max(instant, next.arrived)))
    }

    private func end(of time: Span, from start: Instant) -> Instant {
        if timeline.isEmpty || origin == .never { return start + time }
        return origin + timeline.end(of: time, from: start - origin)
    }
}

// MARK: What happens over time

extension Replica {
    /// The load starts; episodes count from here. What is under way keeps its time.
    mutating func begin(load origin: Instant) { self.origin = origin }

    /// The times of requests that come in now; nil: the usual ones.
    func distribution(at now: Instant) -> TimeDistribution? {
        timeline.isEmpty || origin == .never ? nil : timeline.distribution(at: now - origin)
    }

    /// When `change` is to be called next after `instant`; `.never` before the load starts.
    func nextChange(after instant: Instant) -> Instant {
        guard !timeline.isEmpty, origin != .never, let next = timeline.nextChange(after: instant - origin) else {
            return .never
        }
        return origin + next
    }

    /// So many workers from now on, where no episode says otherwise. Who is being served when there are fewer is served to
    /// the end.
    /// - Parameters:
    ///   - count: at least 1.
    ///   - started: gets those that workers have begun because there are more of them.
    mutating func scale(to count: Int, at instant: Instant, started: inout [Start]) {
        usualWorkers = max(1, count)
        workers = usualWorkers
        if !timeline.isEmpty, origin != .never { workers = timeline.workers(at: instant - origin, usual: usualWorkers) }
        while !isOut, busy < workers, let start = begin(at: instant) { started.append(start) }
    }

    /// Goes out, comes back, has another number of workers, as the timeline says for `instant`.
    /// - Parameters:
    ///   - started: gets those that workers have begun because there are more of them.
    ///   - lost: gets those that were waiting when it went out.
    /// - Returns: true when it went out.
    mutating func change(at instant: Instant, started: inout [Start], lost: inout [Ticket]) -> Bool {
        workers = timeline.workers(at: instant - origin, usual: usualWorkers)
        let wasOut = isOut
        isOut = timeline.isOut(at: instant - origin)
        if isOut, !wasOut {
            epoch &+= 1
            busy = 0
            while let next = line.callNext() { lost.append(next.ticket) }
        }
        while busy < workers, let start = begin(at: instant) { started.append(start) }
        return isOut && !wasOut
    }
}

extension Replica: Sendable where Ticket: Sendable {}
extension Replica.Start: Sendable where Ticket: Sendable {}
extension Replica.Waiting: Sendable where Ticket: Sendable {}
