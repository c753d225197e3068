package import Core

/// A service over time: its replicas in turn, the service times and the faults, all drawn from one seed.
///
/// The same value runs behind sockets and in virtual time; it sees only arrivals, finishes and departures. Service
/// times, faults of requests and faults of connections are three streams, named after the service: to change one
/// leaves the others as they were, and so does another service in the plan.
package struct ServiceModel<Ticket> {
    /// A request that was let in: which replica has it, and what will go wrong with it.
    package struct Job: Hashable, Sendable {
        package var replica: Int
        package var fault: FaultKind?
    }

    /// A place in the line of one replica.
    package struct Seat {
        fileprivate var replica: Int
        fileprivate var place: WaitingLine<Replica<Visit>.Waiting>.Place
    }

    /// A request that a worker has begun; `job` is for `finished`.
    package struct Start {
        package var ticket: Ticket
        package var job: Job
        /// When its service time is over.
        package var until: Instant
    }

    /// What an arrival comes to.
    package enum Admission {
        case started(Job, until: Instant)
        case queued(Seat)
        case rejected
    }

    /// A ticket with its fault, as it waits in a replica.
    package struct Visit {
        fileprivate var ticket: Ticket
        fileprivate var fault: FaultKind?
    }

    private var replicas: [Replica<Visit>]
    private var turn = 0
    private let faults: FaultChoice
    private var times: SeededRandom
    private var strikes: SeededRandom
    private var connectionStrikes: SeededRandom

    /// - Precondition: the description has no flaw.
    package init(_ description: ServiceDescription, seed: UInt64) {
        let replica = Replica<Visit>(
            workers: description.workers, queue: description.queue, time: description.time)
        replicas = Array(repeating: replica, count: description.replicas)
        faults = FaultChoice(description.faults)
        times = SeededRandom(seed: seed, stream: Self.stream("lab/\(description.name)/time"))
        strikes = SeededRandom(seed: seed, stream: Self.stream("lab/\(description.name)/faults"))
        connectionStrikes = SeededRandom(seed: seed, stream: Self.stream("lab/\(description.name)/connections"))
    }

    /// Requests that workers are busy with now.
    package var busy: Int { replicas.reduce(0) { $0 + $1.busy } }

    /// Requests that wait now.
    package var waiting: Int { replicas.reduce(0) { $0 + $1.waiting } }

    /// A request comes in and goes to the next replica in turn, whatever that one's state: a balancer that looks is the
    /// client's.
    /// - Parameter path: path and query of the request, for faults that ask for one.
    package mutating func arrived(_ ticket: Ticket, path: String, at now: Instant) -> Admission {
        let replica = turn
        turn = turn + 1 == replicas.count ? 0 : turn + 1
        let fault = faults.forRequest(path: path, using: &strikes)
        let extra: Span = if case .delay(let span) = fault { span } else { .zero }
        let visit = Visit(ticket: ticket, fault: fault)
        switch replicas[replica].arrived(visit, at: now, extra: extra, using: &times) {
        case .started(let until): return .started(Job(replica: replica, fault: fault), until: until)
        case .queued(let place): return .queued(Seat(replica: replica, place: place))
        case .rejected: return .rejected
        }
    }

    /// The worker of `job` is idle since `instant` and takes the next of its replica's line.
    /// - Returns: the request that it has begun; nil when nobody waits.
    package mutating func finished(_ job: Job, at instant: Instant) -> Start? {
        guard let next = replicas[job.replica].finished(at: instant) else { return nil }
        return Start(
            ticket: next.ticket.ticket, job: Job(replica: job.replica, fault: next.ticket.fault), until: next.until)
    }

    /// The client of a waiting request is gone.
    /// - Returns: true when it was still waiting.
    @discardableResult
    package mutating func left(_ seat: Seat) -> Bool {
        replicas[seat.replica].left(seat.place)
    }

    /// A connection comes in.
    /// - Returns: the fault that strikes it, or nil.
    package mutating func connected() -> FaultKind? {
        faults.forConnection(using: &connectionStrikes)
    }

    /// FNV-1a, 64 bits, of a stream's name: the same on every machine and in every process.
    private static func stream(_ name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

extension ServiceModel: Sendable where Ticket: Sendable {}
extension ServiceModel.Start: Sendable where Ticket: Sendable {}
extension ServiceModel.Visit: Sendable where Ticket: Sendable {}
