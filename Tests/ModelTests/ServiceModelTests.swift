import Core
import Model
import Testing

@Suite struct ServiceModelTests {
    private func service(_ change: (inout ServiceDescription) -> Void) -> ServiceDescription {
        var service = ServiceDescription(name: "shop")
        change(&service)
        return service
    }

    /// Lets `count` requests in, all at one instant, and tells what became of them.
    private func admissions(
        _ description: ServiceDescription, seed: UInt64 = 1, count: Int
    ) -> [ServiceModel<Int>.Admission] {
        var model = ServiceModel<Int>(description, seed: seed)
        return (0..<count).map { model.arrived($0, path: "/", at: Instant(nanoseconds: 0)) }
    }

    private func ends(_ admissions: [ServiceModel<Int>.Admission]) -> [Int64] {
        admissions.compactMap { if case .started(_, let until) = $0 { until.nanoseconds } else { nil } }
    }

    private func faults(_ admissions: [ServiceModel<Int>.Admission]) -> [FaultKind?] {
        admissions.compactMap { if case .started(let job, _) = $0 { .some(job.fault) } else { nil } }
    }

    @Test func requestsGoToTheReplicasInTurn() {
        let jobs = admissions(service { $0.replicas = 3 }, count: 7)
        let replicas = jobs.compactMap { if case .started(let job, _) = $0 { job.replica } else { nil } }
        #expect(replicas == [0, 1, 2, 0, 1, 2, 0])
    }

    /// The model does not balance: that is what the client is there for.
    @Test func aFullReplicaRejectsThoughAnotherIsIdle() {
        var model = ServiceModel<Int>(
            service {
                $0.replicas = 2
                $0.workers = 1
                $0.queue = 0
            }, seed: 1)
        let now = Instant(nanoseconds: 0)
        _ = model.arrived(0, path: "/", at: now)
        guard case .started(let job, _) = model.arrived(1, path: "/", at: now) else {
            Issue.record("the second replica did not take its request")
            return
        }
        #expect(model.finished(job, at: now)?.ticket == nil)
        guard case .rejected = model.arrived(2, path: "/", at: now) else {
            Issue.record("the first replica is full and did not reject")
            return
        }
        #expect(model.busy == 1)
    }

    @Test func aWaitingRequestKeepsItsTicketAndItsFault() throws {
        var model = ServiceModel<String>(
            service {
                $0.workers = 1
                $0.time = .constant(.milliseconds(4))
                $0.faults = [Fault(.reset, path: "/bad"), Fault(.delay(.milliseconds(6)), path: "/slow")]
            }, seed: 1)
        let now = Instant(nanoseconds: 0)
        guard case .started(let first, let until) = model.arrived("a", path: "/", at: now) else {
            Issue.record("the first request did not start")
            return
        }
        _ = model.arrived("b", path: "/bad", at: now)
        _ = model.arrived("c", path: "/slow", at: now)
        #expect(model.waiting == 2)
        let afterFirst = model.finished(first, at: until)
        let second = try #require(afterFirst)
        #expect(second.ticket == "b")
        #expect(second.job.fault == .reset)
        #expect(second.until == now + .milliseconds(8))
        let afterSecond = model.finished(second.job, at: second.until)
        let third = try #require(afterSecond)
        #expect(third.ticket == "c")
        #expect(third.until == now + .milliseconds(18), "a delay keeps the worker busy")
    }

    @Test func whoLeavesTheLineOfAReplicaIsNotStarted() {
        var model = ServiceModel<Int>(service { $0.workers = 1 }, seed: 1)
        let now = Instant(nanoseconds: 0)
        guard case .started(let job, _) = model.arrived(0, path: "/", at: now),
            case .queued(let seat) = model.arrived(1, path: "/", at: now)
        else {
            Issue.record("one was to start and one to wait")
            return
        }
        #expect(model.left(seat) == true)
        #expect(model.left(seat) == false)
        #expect(model.finished(job, at: now)?.ticket == nil)
    }

    @Test func oneSeedGivesOneHistory() {
        let description = service {
            $0.workers = 100
            $0.time = .exponential(mean: .milliseconds(5))
            $0.faults = [Fault(.close, share: 0.3)]
        }
        let first = admissions(description, seed: 9, count: 100)
        #expect(ends(first) == ends(admissions(description, seed: 9, count: 100)))
        #expect(faults(first) == faults(admissions(description, seed: 9, count: 100)))
        #expect(ends(first) != ends(admissions(description, seed: 10, count: 100)))
    }

    @Test func faultsDoNotChangeServiceTimes() {
        let plain = service {
            $0.workers = 100
            $0.time = .exponential(mean: .milliseconds(5))
        }
        var faulty = plain
        faulty.faults = [Fault(.close, share: 0.3), Fault(.status(500), share: 0.5)]
        #expect(ends(admissions(plain, count: 100)) == ends(admissions(faulty, count: 100)))
    }

    @Test func twoServicesOfOneSeedDrawDifferently() {
        var one = service {
            $0.workers = 100
            $0.time = .exponential(mean: .milliseconds(5))
        }
        let shop = ends(admissions(one, count: 100))
        one.name = "stock"
        #expect(shop != ends(admissions(one, count: 100)))
    }

    @Test func connectionsAreStruckByTheirOwnStream() {
        var model = ServiceModel<Int>(service { $0.faults = [Fault(.tlsStall, share: 0.5)] }, seed: 1)
        let first = (0..<200).map { _ in model.connected() }
        model = ServiceModel<Int>(service { $0.faults = [Fault(.tlsStall, share: 0.5)] }, seed: 1)
        let second = (0..<200).map { number in
            _ = model.arrived(number, path: "/", at: Instant(nanoseconds: 0))
            return model.connected()
        }
        #expect(first == second)
        #expect((60...140).contains(first.count { $0 != nil }))
    }
}
