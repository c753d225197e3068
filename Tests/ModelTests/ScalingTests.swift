import Core
import Model
import Testing

/// Workers that come and go while a service is running.
@Suite struct ScalingTests {
    private func model(
        workers: Int, _ episodes: [Episode] = [], replicas: Int = 1
    ) -> ServiceModel<Int> {
        var service = ServiceDescription(name: "shop")
        service.workers = workers
        service.replicas = replicas
        service.episodes = episodes
        service.time = .constant(.milliseconds(10))
        return ServiceModel(service, seed: 1)
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 1) + .milliseconds(milliseconds) }

    @Test func moreWorkersTakeFromTheLineAtOnce() {
        var model = model(workers: 1)
        for ticket in 0..<5 { _ = model.arrived(ticket, path: "/", at: at(0)) }
        let started = model.scale(to: 3, at: at(4))
        #expect(started.map(\.ticket) == [1, 2])
        #expect(started.map(\.until) == [at(14), at(14)])
        #expect(model.workers == 3)
        #expect(model.busy == 3)
        #expect(model.waiting == 2)
    }

    @Test func whoIsServedWhenThereAreFewerIsServedToTheEnd() {
        var model = model(workers: 3)
        var jobs: [ServiceModel<Int>.Job] = []
        for ticket in 0..<5 {
            if case .started(let job, _) = model.arrived(ticket, path: "/", at: at(0)) { jobs.append(job) }
        }
        #expect(model.scale(to: 1, at: at(2)).isEmpty)
        #expect(jobs.map { model.finished($0, at: at(10))?.ticket } == [nil, nil, 3])
        #expect(model.busy == 1)
        #expect(model.waiting == 1)
    }

    @Test func everyReplicaHasThatMany() {
        var model = model(workers: 1, replicas: 3)
        for ticket in 0..<9 { _ = model.arrived(ticket, path: "/", at: at(0)) }
        #expect(model.scale(to: 2, at: at(1)).map(\.ticket) == [3, 4, 5])
        #expect(model.workers == 6)
    }

    /// An episode says how many there are while it lasts; then it is what was asked for last.
    @Test func anEpisodeOfWorkersHoldsWhileItLasts() {
        var model = model(workers: 2, [Episode(.workers(1), at: .milliseconds(10), lasts: .milliseconds(10))])
        model.begin(at: at(0))
        _ = model.advance(to: at(15))
        #expect(model.workers == 1)
        _ = model.scale(to: 5, at: at(16))
        #expect(model.workers == 1)
        _ = model.advance(to: at(20))
        #expect(model.workers == 5)
    }
}
