import Core
import Model
import Testing

/// Every request that comes in ends exactly once, whatever happens to the replicas: thousands of random histories with
/// random episodes, by a host that keeps its own books.
@Suite struct ConservationTests {
    private typealias Model = ServiceModel<Int>

    private enum State: Equatable {
        case served(replica: Int), waiting, finished, rejected, lost, left
    }

    /// A host in virtual time: it does what is due, the earliest first, changes of the model before all else.
    private struct Host {
        var model: Model
        var states: [State] = []
        var seats: [Int: Model.Seat] = [:]
        var work: [(ticket: Int, job: Model.Job, until: Instant)] = []
        /// What should not be, for one message per history.
        var complaints: Set<String> = []
        var last = Instant(nanoseconds: 0)

        mutating func begin(_ start: Model.Start, from now: Instant) {
            if states[start.ticket] != .waiting { complaints.insert("started although not waiting") }
            serve(start.ticket, start.job, until: start.until, from: now)
        }

        mutating func serve(_ ticket: Int, _ job: Model.Job, until: Instant, from now: Instant) {
            if until < now { complaints.insert("over before it began") }
            states[ticket] = .served(replica: job.replica)
            seats[ticket] = nil
            work.append((ticket, job, until))
        }

        mutating func change(at now: Instant) {
            let turnover = model.advance(to: now)
            if model.nextChange <= now { complaints.insert("a change is due still") }
            for ticket in turnover.lost {
                if states[ticket] != .waiting { complaints.insert("lost although not waiting") }
                states[ticket] = .lost
                seats[ticket] = nil
            }
            for replica in turnover.out {
                for index in states.indices where states[index] == .served(replica: replica) { states[index] = .lost }
            }
            for start in turnover.started { begin(start, from: now) }
        }

        /// Ends the work that is due first, if it is due by `now`.
        mutating func finishOne(by now: Instant) -> Bool {
            guard let index = work.indices.min(by: { work[$0].until < work[$1].until }), work[index].until <= now else {
                return false
            }
            let (ticket, job, until) = work.remove(at: index)
            // The host of a lost request still has its timer: the model must not care.
            if states[ticket] != .lost {
                _ = model.outcome(of: job)
                states[ticket] = .finished
            }
            if let next = model.finished(job, at: until) { begin(next, from: until) }
            return true
        }

        /// Does all that is due up to `now`.
        mutating func pass(to now: Instant) {
            while true {
                let due = min(work.map(\.until).min() ?? .never, now)
                if model.nextChange <= due {
                    change(at: model.nextChange)
                } else if !finishOne(by: due) {
                    break
                }
                check()
            }
        }

        mutating func check() {
            let waiting = states.count { $0 == .waiting }
            let served = states.count { if case .served = $0 { true } else { false } }
            if model.waiting != waiting {
                complaints.insert("\(model.waiting) wait for the model, \(waiting) for the host")
            }
            if model.busy != served {
                complaints.insert("\(model.busy) are busy for the model, \(served) for the host")
            }
            if model.isOut, model.busy + model.waiting > 0 {
                complaints.insert("somebody is with a service that is out")
            }
        }
    }

    private func episode(_ random: inout SeededRandom, replicas: Int) -> Episode {
        let kinds: [Episode.Kind] = [
            .slow(factor: 1 + random.nextUnit() * 4), .time(.exponential(mean: .milliseconds(2))), .pause, .outage,
            .outage,
            .cold(factor: 3), .workers(1 + Int(random.below(6))), .workers(1 + Int(random.below(6))), .restart,
        ]
        var episode = Episode(
            kinds[Int(random.below(UInt64(kinds.count)))], at: .milliseconds(Int64(random.below(150))),
            lasts: .milliseconds(Int64(1 + random.below(40))))
        if random.below(2) == 0 || episode.kind == .restart {
            episode.every = (episode.lasts ?? .zero) + .milliseconds(Int64(1 + random.below(40)))
        }
        if random.below(2) == 0 {
            let first = Int(random.below(UInt64(replicas)))
            episode.replicas = first...first + Int(random.below(UInt64(replicas - first)))
        }
        return episode
    }

    private func history(_ random: inout SeededRandom) -> (complaints: Set<String>, ends: [State], episodes: [Episode])
    {
        var service = ServiceDescription(name: "shop")
        service.replicas = 1 + Int(random.below(4))
        service.workers = 1 + Int(random.below(3))
        service.queue = Int(random.below(6))
        service.order = random.below(2) == 0 ? .firstIn : .lastIn
        service.isOptimistic = random.below(2) == 0
        service.time = .exponential(mean: .milliseconds(5))
        service.faults = [Fault(.delay(.milliseconds(3)), share: 0.1)]
        service.episodes = (0..<Int(random.below(5))).map { _ in episode(&random, replicas: service.replicas) }
        guard LabDescription(services: [service]).flaw == nil else { return (["it has a flaw"], [], service.episodes) }
        var host = Host(model: Model(service, seed: random.next()))
        var now = Instant(nanoseconds: 1_000_000_000)
        let beginning = Int(random.below(5))
        for step in 0..<60 {
            if step == beginning { host.model.begin(at: now) }
            now = now + .microseconds(Int64(random.below(6_000)))
            host.pass(to: now)
            if random.below(4) == 0, let ticket = host.seats.keys.sorted().first, let seat = host.seats[ticket] {
                if !host.model.left(seat) { host.complaints.insert("could not leave although waiting") }
                if host.model.left(seat) { host.complaints.insert("left twice") }
                (host.states[ticket], host.seats[ticket]) = (.left, nil)
            } else {
                let ticket = host.states.count
                host.states.append(.rejected)
                switch host.model.arrived(ticket, path: "/", at: now) {
                case .started(let job, let until): host.serve(ticket, job, until: until, from: now)
                case .queued(let seat): (host.states[ticket], host.seats[ticket]) = (.waiting, seat)
                case .rejected: break
                }
            }
            host.check()
        }
        for _ in 0..<200 where host.model.busy + host.model.waiting > 0 || !host.work.isEmpty {
            now = now + .milliseconds(100)
            host.pass(to: now)
        }
        return (host.complaints, host.states, service.episodes)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyArrivalEndsExactlyOnce(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 21)
        var seen: [Int] = [0, 0, 0, 0]
        for _ in 0..<100 {
            let (complaints, ends, episodes) = history(&random)
            #expect(complaints == [], "\(episodes)")
            for state in ends {
                switch state {
                case .finished: seen[0] += 1
                case .rejected: seen[1] += 1
                case .lost: seen[2] += 1
                case .left: seen[3] += 1
                case .served, .waiting: Issue.record("\(state) at the end: \(episodes)")
                }
            }
        }
        #expect(seen.allSatisfy { $0 > 20 }, "the histories have every end: \(seen)")
    }
}
