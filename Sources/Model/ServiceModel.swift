package import Core

/// A service over time: its replicas in turn, the service times and the faults, all drawn from one seed.
///
/// The same value runs behind sockets and in virtual time; it sees only arrivals, finishes and departures, and the times at
/// which something happens to its replicas. Service times, faults of requests and faults of connections are three
/// streams, named after the service: to change one leaves the others as they were, and so does another service in the
/// plan.
///
/// The host calls `begin` when the load starts and then `advance` whenever `nextChange` has come, before anything else that
/// happens at that time; a service without episodes never asks for it.
package struct ServiceModel<Ticket> {
    /// A request that was let in: which replica has it, and what will go wrong with it.
    package struct Job: Hashable, Sendable {
        package var replica: Int
        package var fault: FaultKind?
        /// Of the replica, when it let the request in.
        fileprivate var epoch: UInt32
        /// How many requests of the service had succeeded when it began.
        fileprivate var seen: UInt64
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

    /// What an advance brought about.
    package struct Turnover {
        /// Begun now because there are more workers.
        package var started: [Start] = []
        /// Were waiting at a replica that is out now.
        package var lost: [Ticket] = []
        /// Replicas that went out just now, by number: whom they were serving is lost too. The host knows them by
        /// `Job.replica`; `finished` of such a job does nothing.
        package var out: [Int] = []
    }

    private var replicas: [Replica<Visit>]
    private let time: TimeDistribution
    private var turn = 0
    private var outCount = 0
    private let isOptimistic: Bool
    private var successes: UInt64 = 0
    private let faults: FaultChoice
    private var origin: Instant?
    private var times: SeededRandom
    private var otherTimes: SeededRandom
    private var strikes: SeededRandom
    private var connectionStrikes: SeededRandom

    /// When `advance` must be called next; `.never` before `begin` and when nothing will change any more.
    package private(set) var nextChange = Instant.never
    /// Requests that workers are busy with now.
    package private(set) var busy = 0
    /// Requests that wait now.
    package private(set) var waiting = 0
    /// Workers there are now, of replicas that are not out.
    package private(set) var workers: Int

    /// - Precondition: the description has no flaw.
    package init(_ description: ServiceDescription, seed: UInt64) {
        let count = description.replicas
        replicas = (0..<count).map {
            Replica(
                workers: description.workers, queue: description.queue, order: description.order,
                time: description.time,
                timeline: ReplicaTimeline(description.episodes, replica: $0, of: count))
        }
        time = description.time
        workers = description.workers * count
        isOptimistic = description.isOptimistic
        faults = FaultChoice(description.faults)
        times = SeededRandom(seed: seed, named: "lab/\(description.name)/time")
        otherTimes = SeededRandom(seed: seed, named: "lab/\(description.name)/other-time")
        strikes = SeededRandom(seed: seed, named: "lab/\(description.name)/faults")
        connectionStrikes = SeededRandom(seed: seed, named: "lab/\(description.name)/connections")
    }

    /// Every replica is out: connections are refused.
    package var isOut: Bool { outCount == replicas.count }

    /// Busy workers as a share of those there are, 0 to 1; 0 when all replicas are out.
    package var utilisation: Double { workers > 0 ? min(1, Double(busy) / Double(workers)) : 0 }

    /// A request comes in and goes to the next replica in turn, whatever that one's state, but for those that are out: a
    /// balancer that looks is the client's.
    ///
    /// Its time is drawn whatever becomes of it. Where an episode gives it another one, that comes from a stream of its own,
    /// so that the usual times after it are what they would have been.
    /// - Parameter path: path and query of the request, for faults that ask for one.
    /// - Returns: `rejected` too when every replica is out; a host that refuses connections then does not ask.
    package mutating func arrived(_ ticket: Ticket, path: String, at now: Instant) -> Admission {
        let replica = nextReplica()
        let fault = faults.forRequest(path: path, at: origin.map { now - $0 }, replica: replica, using: &strikes)
        var needed = time.sample(using: &times)
        if let other = replicas[replica].distribution(at: now) { needed = other.sample(using: &otherTimes) }
        if case .delay(let span) = fault { needed = needed + span }
        switch replicas[replica].arrived(Visit(ticket: ticket, fault: fault), at: now, needing: needed) {
        case .started(let until):
            busy += 1
            return .started(job(replica, fault), until: until)
        case .queued(let place):
            waiting += 1
            return .queued(Seat(replica: replica, place: place))
        case .rejected: return .rejected
        }
    }

    /// The worker of `job` is idle since `instant` and takes the next of its replica's line.
    /// - Returns: the request that it has begun; nil when nobody waits, and when the job was lost in an outage.
    package mutating func finished(_ job: Job, at instant: Instant) -> Start? {
        guard job.epoch == replicas[job.replica].epoch else { return nil }
        guard let next = replicas[job.replica].finished(at: instant) else {
            busy -= 1
            return nil
        }
        waiting -= 1
        return start(next, at: job.replica)
    }

    /// The client of a waiting request is gone.
    /// - Returns: true when it was still waiting.
    @discardableResult
    package mutating func left(_ seat: Seat) -> Bool {
        let wasWaiting = replicas[seat.replica].left(seat.place)
        if wasWaiting { waiting -= 1 }
        return wasWaiting
    }

    /// A connection comes in.
    /// - Parameter now: for faults that strike at a time; without it these do not.
    /// - Returns: the fault that strikes it, or nil.
    package mutating func connected(at now: Instant? = nil) -> FaultKind? {
        let time: Span? = if let now, let origin { now - origin } else { nil }
        return faults.forConnection(at: time, using: &connectionStrikes)
    }

    /// What is answered to a request whose service time is over; asked once for each, before `finished`.
    ///
    /// Where the service is optimistic, one during whose service another succeeded is answered 409 and has not succeeded
    /// itself, as when two write what both had read. A fault that leaves the answer as it is stands for a success.
    /// - Returns: nil for the good answer.
    package mutating func outcome(of job: Job) -> FaultKind? {
        switch job.fault {
        case nil, .delay, .trickle, .closeAfter: break
        default: return job.fault
        }
        guard isOptimistic, job.epoch == replicas[job.replica].epoch else { return job.fault }
        if job.seen != successes { return .status(409) }
        successes &+= 1
        return job.fault
    }

    // MARK: What happens over time

    /// The load starts: episodes and windows of faults count from here. What is under way keeps its time. An episode that
    /// begins at once takes effect with `advance`, for which `nextChange` then asks at `origin`.
    package mutating func begin(at origin: Instant) {
        self.origin = origin
        for index in replicas.indices { replicas[index].begin(load: origin) }
        nextChange = next(after: Instant(nanoseconds: origin.nanoseconds &- 1))
    }

    /// Lets happen what is due up to `now`, each thing at its own time.
    package mutating func advance(to now: Instant) -> Turnover {
        var turnover = Turnover()
        while nextChange <= now, nextChange < .never {
            for index in replicas.indices { change(index, at: nextChange, &turnover) }
            nextChange = next(after: nextChange)
        }
        return turnover
    }

    private mutating func change(_ index: Int, at instant: Instant, _ turnover: inout Turnover) {
        var started: [Replica<Visit>.Start] = []
        var lost: [Visit] = []
        let before = gauges(of: index)
        if replicas[index].change(at: instant, started: &started, lost: &lost) {
            turnover.out.append(index)
            // Who began earlier in this advance and is lost again has not been told yet.
            turnover.lost += turnover.started.filter { $0.job.replica == index }.map(\.ticket)
            turnover.started.removeAll { $0.job.replica == index }
        }
        count(index, since: before)
        turnover.lost += lost.map(\.ticket)
        turnover.started += started.map { start($0, at: index) }
    }

    /// So many workers for each replica from now on, where no episode says otherwise; at least 1.
    /// - Returns: those that workers have begun because there are more of them.
    package mutating func scale(to workers: Int, at instant: Instant) -> [Start] {
        var all: [Start] = []
        for index in replicas.indices {
            var started: [Replica<Visit>.Start] = []
            let before = gauges(of: index)
            replicas[index].scale(to: workers, at: instant, started: &started)
            count(index, since: before)
            all += started.map { start($0, at: index) }
        }
        return all
    }

    /// Takes over what a replica's numbers have become.
    private mutating func count(_ index: Int, since before: (busy: Int, waiting: Int, workers: Int, out: Int)) {
        let after = gauges(of: index)
        busy += after.busy - before.busy
        waiting += after.waiting - before.waiting
        workers += after.workers - before.workers
        outCount += after.out - before.out
    }

    private func gauges(of index: Int) -> (busy: Int, waiting: Int, workers: Int, out: Int) {
        let replica = replicas[index]
        return (replica.busy, replica.waiting, replica.isOut ? 0 : replica.workers, replica.isOut ? 1 : 0)
    }

    private func next(after instant: Instant) -> Instant {
        replicas.reduce(.never) { min($0, $1.nextChange(after: instant)) }
    }

    /// The next in turn that is not out; just the next when all are.
    private mutating func nextReplica() -> Int {
        var replica = turn
        if outCount > 0, outCount < replicas.count {
            while replicas[replica].isOut { replica = replica + 1 == replicas.count ? 0 : replica + 1 }
        }
        turn = replica + 1 == replicas.count ? 0 : replica + 1
        return replica
    }

    private func job(_ replica: Int, _ fault: FaultKind?) -> Job {
        Job(replica: replica, fault: fault, epoch: replicas[replica].epoch, seen: successes)
    }

    private func start(_ start: Replica<Visit>.Start, at replica: Int) -> Start {
        Start(ticket: start.ticket.ticket, job: job(replica, start.ticket.fault), until: start.until)
    }
}

extension ServiceModel: Sendable where Ticket: Sendable {}
extension ServiceModel.Start: Sendable where Ticket: Sendable {}
extension ServiceModel.Visit: Sendable where Ticket: Sendable {}
extension ServiceModel.Turnover: Sendable where Ticket: Sendable {}
