import Core
import Model
import Testing

/// What episodes do to the requests of a service.
@Suite struct ServiceOverTimeTests {
    private typealias Model = ServiceModel<Int>

    private func model(_ episodes: [Episode] = [], _ change: (inout ServiceDescription) -> Void = { _ in }) -> Model {
        var service = ServiceDescription(name: "shop")
        (service.workers, service.time, service.episodes) = (1, .constant(.milliseconds(10)), episodes)
        change(&service)
        return Model(service, seed: 1)
    }

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 5_000_000_000) + .milliseconds(milliseconds)
    }

    /// Lets a request in that is to begin at once.
    private func started(_ model: inout Model, _ ticket: Int, at now: Instant) -> (job: Model.Job, until: Instant)? {
        guard case .started(let job, let until) = model.arrived(ticket, path: "/", at: now) else { return nil }
        return (job, until)
    }

    private func isRejected(_ admission: Model.Admission) -> Bool {
        if case .rejected = admission { true } else { false }
    }

    @Test func beforeTheLoadNothingHappens() throws {
        var model = model([Episode(.outage), Episode(.slow(factor: 9))])
        #expect(model.nextChange == .never)
        #expect(model.advance(to: at(100)).out == [])
        #expect(!model.isOut)
        #expect(try #require(started(&model, 0, at: at(0))).until == at(10))
    }

    @Test func timesCountFromTheStartOfTheLoad() throws {
        var model = model([Episode(.slow(factor: 3), at: .milliseconds(50), lasts: .milliseconds(60))])
        model.begin(at: at(0))
        #expect(model.nextChange == .never, "a slow window needs no call")
        let first = try #require(started(&model, 0, at: at(45)))
        #expect(first.until == at(65), "half of it is in the window")
        #expect(model.finished(first.job, at: first.until)?.ticket == nil)
        #expect(try #require(started(&model, 1, at: at(65))).until == at(95))
    }

    @Test func aWaitingRequestBeginsUnderItsEpisode() throws {
        var model = model([Episode(.pause, at: .milliseconds(12), lasts: .milliseconds(100))])
        model.begin(at: at(0))
        let first = try #require(started(&model, 0, at: at(0)))
        _ = model.arrived(1, path: "/", at: at(1))
        let second = model.finished(first.job, at: at(10))
        #expect(second?.until == at(120))
    }

    @Test func anOutageLosesWhoIsThereAndForgetsTheirJobs() throws {
        var model = model([Episode(.outage, at: .milliseconds(5), lasts: .milliseconds(100))])
        model.begin(at: at(0))
        #expect(model.nextChange == at(5))
        let served = try #require(started(&model, 0, at: at(0)))
        guard case .queued(let seat) = model.arrived(1, path: "/", at: at(1)) else {
            Issue.record("the second request was to wait")
            return
        }
        let gone = model.advance(to: at(5))
        #expect(gone.lost == [1])
        #expect(gone.out == [0])
        #expect(model.isOut && model.busy == 0 && model.waiting == 0 && model.workers == 0)
        #expect(model.left(seat) == false)
        #expect(isRejected(model.arrived(2, path: "/", at: at(50))))
        #expect(model.nextChange == at(105))
        let back = model.advance(to: at(105))
        #expect(back.out == [] && back.lost == [] && !model.isOut && model.nextChange == .never)
        let next = try #require(started(&model, 3, at: at(106)))
        #expect(model.finished(served.job, at: at(110))?.ticket == nil, "of before the outage")
        #expect(model.busy == 1)
        #expect(model.finished(next.job, at: next.until)?.ticket == nil)
        #expect(model.busy == 0)
    }

    @Test func turnsPassOverReplicasThatAreOut() {
        var outage = Episode(.outage, at: .milliseconds(10), lasts: .milliseconds(10))
        outage.replicas = 1...2
        var model = model([outage]) { ($0.replicas, $0.workers) = (4, 100) }
        model.begin(at: at(0))
        var replicas: [Int] = []
        for time in [0, 1, 2, 3, 4, 10, 11, 12, 13, 20, 21, 22] as [Int64] {
            _ = model.advance(to: at(time))
            if let job = started(&model, 0, at: at(time))?.job { replicas.append(job.replica) }
        }
        #expect(replicas == [0, 1, 2, 3, 0, 3, 0, 3, 0, 1, 2, 3])
    }

    @Test func moreWorkersStartWhoWaits() {
        var model = model([Episode(.workers(3), at: .milliseconds(5), lasts: .milliseconds(20))])
        model.begin(at: at(0))
        for ticket in 0..<5 { _ = model.arrived(ticket, path: "/", at: at(0)) }
        let more = model.advance(to: at(7))
        #expect(more.started.map(\.ticket) == [1, 2])
        #expect(more.started.map(\.until) == [at(15), at(15)], "at the time of the change, though the call is late")
        #expect(model.busy == 3 && model.waiting == 2 && model.utilisation == 1)
        #expect(model.advance(to: at(25)).started.isEmpty)
        #expect(model.workers == 1 && model.busy == 3)
        // Workers go as they become idle; the last one stays.
        let jobs = more.started.map(\.job)
        #expect(model.finished(jobs[0], at: at(26))?.ticket == nil)
        #expect(model.finished(jobs[1], at: at(26))?.ticket == nil)
        #expect(model.busy == 1 && model.waiting == 2)
    }

    @Test func otherTimesHoldForWhoComesMeanwhileAndShiftNoOther() {
        let time = TimeDistribution.exponential(mean: .milliseconds(10))
        let other = Episode(.time(.exponential(mean: .seconds(9))), at: .milliseconds(30), lasts: .milliseconds(30))
        var (plain, changed) = (
            model { ($0.workers, $0.time) = (1_000, time) }, model([other]) { ($0.workers, $0.time) = (1_000, time) }
        )
        plain.begin(at: at(0))
        changed.begin(at: at(0))
        for step in 0..<100 as Range<Int64> {
            let (one, two) = (started(&plain, 0, at: at(step))?.until, started(&changed, 0, at: at(step))?.until)
            #expect((one == two) == !(30..<60).contains(step))
        }
    }

    /// The streams of services are named as they always were: a plan that says nothing new has the same history.
    @Test func aServiceWithoutEpisodesDrawsWhatItAlwaysDrew() {
        let time = TimeDistribution.lognormal(p50: .milliseconds(3), p99: .milliseconds(40))
        var model = model { ($0.workers, $0.time, $0.faults) = (1_000, time, [Fault(.close, share: 0.4)]) }
        func stream(_ name: String) -> SeededRandom {
            let hash = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            return SeededRandom(seed: 1, stream: hash)
        }
        var (times, strikes) = (stream("lab/shop/time"), stream("lab/shop/faults"))
        model.begin(at: at(0))
        for step in 0..<200 as Range<Int64> {
            let begun = started(&model, 0, at: at(step))
            #expect(begun?.until == at(step) + time.sample(using: &times))
            #expect(begun?.job.fault == (strikes.nextUnit() <= 0.4 ? .close : nil))
        }
    }

    @Test func theLastComeIsServedFirstWhereThatIsTheOrder() throws {
        var model = model { $0.order = .lastIn }
        let first = try #require(started(&model, 0, at: at(0)))
        for ticket in 1...3 { _ = model.arrived(ticket, path: "/", at: at(0)) }
        var (job, order): (Model.Job, [Int]) = (first.job, [])
        while let next = model.finished(job, at: at(10)) {
            order.append(next.ticket)
            job = next.job
        }
        #expect(order == [3, 2, 1])
    }

    @Test func whoWasOvertakenByASuccessIsAConflict() throws {
        var model = model { ($0.workers, $0.isOptimistic) = (3, true) }
        let (a, b) = (try #require(started(&model, 0, at: at(0))), try #require(started(&model, 1, at: at(1))))
        #expect(model.outcome(of: a.job) == nil)
        _ = model.finished(a.job, at: at(10))
        let c = try #require(started(&model, 2, at: at(10)))
        #expect(model.outcome(of: b.job) == .status(409))
        _ = model.finished(b.job, at: at(11))
        #expect(model.outcome(of: c.job) == nil, "a conflict is no success")
        var plain = self.model { $0.workers = 3 }
        let pair = (started(&plain, 0, at: at(0)), started(&plain, 1, at: at(0)))
        #expect(plain.outcome(of: try #require(pair.0).job) == nil)
        #expect(plain.outcome(of: try #require(pair.1).job) == nil)
    }

    @Test func aFaultIsTheOutcomeAndNoSuccess() throws {
        var model = model {
            ($0.workers, $0.isOptimistic, $0.faults) = (
                3, true, [Fault(.reset, path: "/bad"), Fault(.delay(.zero), path: "/late")]
            )
        }
        guard case .started(let bad, _) = model.arrived(0, path: "/bad", at: at(0)),
            case .started(let late, _) = model.arrived(1, path: "/late", at: at(0)),
            case .started(let good, _) = model.arrived(2, path: "/", at: at(0))
        else {
            Issue.record("three were to begin")
            return
        }
        #expect(model.outcome(of: bad) == .reset)
        #expect(model.outcome(of: late) == .delay(.zero), "late, but a success")
        #expect(model.outcome(of: good) == .status(409))
    }

    @Test func aServiceOfWhichEachListensComesAsOneForEachReplica() {
        var shop = ServiceDescription(name: "shop")
        (shop.replicas, shop.listening, shop.port) = (3, .each, 8_000)
        var restart = Episode(.restart, at: .seconds(1), lasts: .seconds(1))
        (restart.every, restart.replicas) = (.seconds(5), 1...2)
        var fault = Fault(.reset)
        fault.replicas = 0...1
        (shop.episodes, shop.faults) = ([restart], [fault])
        let listeners = LabDescription(services: [shop]).listeners
        #expect(listeners.map(\.name) == ["shop/0", "shop/1", "shop/2"])
        #expect(listeners.map(\.port) == [8_000, 8_001, 8_002])
        #expect(listeners.map(\.replicas) == [1, 1, 1])
        #expect(listeners.map { $0.episodes.map(\.at) } == [[], [.seconds(1)], [.seconds(6)]])
        #expect(listeners.map(\.faults) == [[Fault(.reset)], [Fault(.reset)], []])
        #expect(LabDescription(services: listeners).flaw == nil)
    }
}
