package import Core

/// One replica of a service: so many workers, each busy with one request at a time, and a bounded line before them.
///
/// | a request | workers | line | comes to |
/// |---|---|---|---|
/// | arrives | one is idle | (empty) | start |
/// | arrives | all busy | has room | wait, behind those who came before |
/// | arrives | all busy | full | be rejected, at once |
/// | finishes | | empty | leave a worker idle |
/// | finishes | | not empty | start the one who waited longest |
/// | waits, and its client leaves | | | be forgotten; its worker time is never spent |
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
        /// All workers are busy and the line is full.
        case rejected
    }

    /// Somebody in the line, with the time that serving them will take.
    package struct Waiting {
        fileprivate var ticket: Ticket
        fileprivate var arrived: Instant
        fileprivate var time: Span
    }

    private let workers: Int
    private let time: TimeDistribution
    private var line: WaitingLine<Waiting>
    /// Workers that are busy now; 0 to `workers`.
    package private(set) var busy = 0

    /// - Parameters:
    ///   - workers: requests served at once; at least 1.
    ///   - queue: requests that may wait; at least 0.
    package init(workers: Int, queue: Int, time: TimeDistribution) {
        precondition(workers >= 1, "a replica without a worker serves nobody: \(workers)")
        self.workers = workers
        self.time = time
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
        let needed = time.sample(using: &generator) + extra
        if busy < workers {
            busy += 1
            return .started(until: now + needed)
        }
        guard let place = line.join(Waiting(ticket: ticket, arrived: now, time: needed)) else { return .rejected }
        return .queued(place)
    }

    /// A worker has finished a request, or given it up, and takes the next.
    ///
    /// - Parameter instant: when it became idle. A caller whose timer was late passes the time that was due: the model
    ///   then keeps its capacity, whatever the machine under it does. The next one starts then, but never before
    ///   it arrived.
    /// - Returns: the request that it has begun; nil when nobody waits.
    package mutating func finished(at instant: Instant) -> Start? {
        precondition(busy > 0, "a worker finished a request that none of them had begun")
        guard let next = line.callNext() else {
            busy -= 1
            return nil
        }
        return Start(ticket: next.ticket, until: max(instant, next.arrived) + next.time)
    }

    /// The client of a waiting request is gone.
    /// - Returns: true when it was still waiting; false when it had been started or had left before.
    @discardableResult
    package mutating func left(_ place: WaitingLine<Waiting>.Place) -> Bool {
        line.leave(place) != nil
    }
}

extension Replica: Sendable where Ticket: Sendable {}
extension Replica.Start: Sendable where Ticket: Sendable {}
extension Replica.Waiting: Sendable where Ticket: Sendable {}
