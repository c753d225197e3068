import Core
import Model
import Testing

@Suite struct ModelWordsTests {
    @Test func aServiceIsDescribedInPlainLines() {
        var shop = ServiceDescription(name: "shop")
        (shop.replicas, shop.workers, shop.queue, shop.listening, shop.order) = (10, 4, 100, .each, .lastIn)
        shop.time = .lognormal(p50: .milliseconds(10), p99: .milliseconds(50))
        shop.network.delay = .constant(.microseconds(500))
        shop.network.loss = 0.001
        shop.connection = .milliseconds(2)
        var (slow, pause, restart) = (
            Episode(.slow(factor: 3), at: .seconds(10), lasts: .seconds(30)),
            Episode(.pause, lasts: .milliseconds(200)),
            Episode(.restart, at: .seconds(60), lasts: .seconds(5))
        )
        slow.replicas = 0...0
        pause.every = .seconds(5)
        (restart.every, restart.isAnnounced) = (.seconds(10), true)
        shop.episodes = [slow, pause, restart]
        var fault = Fault(.status(503), share: 0.05, path: "/pay")
        (fault.at, fault.lasts, fault.replicas) = (.seconds(20), .milliseconds(1_500), 1...3)
        shop.faults = [fault, Fault(.tlsStall, share: 0.01)]
        let lab = LabDescription(services: [shop, ServiceDescription(name: "stock")])
        let expected = [
            "shop: 10 replicas that listen each, 4 workers each, queue of 100 (last in, first out), p50 10ms, p99 50ms; "
                + "new connections wait 2ms; network 500us each way, 0.1% lost",
            "shop: replica 0 is 3 times as slow, from 10s for 30s",
            "shop: every replica stands still, from the start for 200ms, every 5s",
            "shop: every replica is restarted one after the other, from 1m for 5s, one every 10s, announced",
            "shop: fault status 503 for requests to /pay, 5%, replicas 1 to 3, from 20s for 1.5s",
            "shop: fault tls-stall for connections, 1%",
            "stock: 1 replica, 16 workers, queue of 1000, no service time",
        ]
        #expect(lab.words == expected)
    }

    static let episodes: [(Episode, String)] = [
        (Episode(.outage), "every replica is out, from the start to the end"),
        (
            Episode(.time(.uniform(from: .milliseconds(1), to: .milliseconds(3))), at: .seconds(2)),
            "every replica takes 1ms to 3ms, from 2s to the end"
        ),
        (Episode(.workers(1), lasts: .seconds(9)), "every replica has 1 worker, from the start for 9s"),
        (
            Episode(.cold(factor: 4.5), at: .seconds(1), lasts: .seconds(20)),
            "every replica starts cold, 4.5 times as slow at first, from 1s for 20s"
        ),
        (
            Episode(.time(.bimodal(fast: .milliseconds(1), slow: .seconds(1), share: 0.01)), lasts: .seconds(1)),
            "every replica takes 1ms, but 1s for 1%, from the start for 1s"
        ),
    ]

    @Test(arguments: episodes)
    func anEpisodeIsALine(_ episode: Episode, _ words: String) {
        #expect(episode.words == words)
        var some = episode
        some.replicas = 2...4
        #expect(some.words.hasPrefix("replicas 2 to 4 "))
    }
}
