import Core
import Model
import Testing

@Suite struct LabFlawTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var change: @Sendable (inout ServiceDescription) -> Void
        var reason: String
        var testDescription: String { reason }

        init(_ reason: String, _ change: @escaping @Sendable (inout ServiceDescription) -> Void) {
            self.change = change
            self.reason = reason
        }
    }

    static let rows: [Row] = [
        Row("the name is empty") { $0.name = "" },
        Row("port 0 is no port; leave it out for any free one") { $0.port = 0 },
        Row("replicas 0 is less than 1") { $0.replicas = 0 },
        Row("workers 0 is less than 1") { $0.workers = 0 },
        Row("queue -1 is less than 0") { $0.queue = -1 },
        Row("body of -5 bytes is less than nothing") { $0.bodyBytes = -5 },
        Row("status 101 is outside 200 to 599") { $0.status = 101 },
        Row("service time -1.00 ms is less than nothing") { $0.time = .constant(.milliseconds(-1)) },
        Row("service time from 2.00 ms to 1.00 ms runs backwards") {
            $0.time = .uniform(from: .milliseconds(2), to: .milliseconds(1))
        },
        Row("median service time 0 ns is not above 0, as a lognormal one must be") {
            $0.time = .lognormal(p50: .zero, p99: .milliseconds(1))
        },
        Row("service time p99 1.00 ms is below p50 2.00 ms") {
            $0.time = .lognormal(p50: .milliseconds(2), p99: .milliseconds(1))
        },
        Row("fault reset: share 1.5 is outside 0 to 1") { $0.faults = [Fault(.reset, share: 1.5)] },
        Row("fault tls-stall strikes connections, which have no path; leave `path` out") {
            $0.faults = [Fault(.tlsStall, path: "/")]
        },
        Row("fault status: 99 is outside 200 to 599") { $0.faults = [Fault(.status(99))] },
        Row("fault trickle: an interval of 0 ns is not above 0") { $0.faults = [Fault(.trickle(every: .zero))] },
        Row("fault gzip-bomb: 0 bytes is less than 1") { $0.faults = [Fault(.gzipBomb(bytes: 0))] },
        Row("fault redirect: the location \"/a\r\nb\" is empty or holds a blank or control character") {
            $0.faults = [Fault(.redirect(location: "/a\r\nb"))]
        },
        Row("connection time -1.00 ms is less than nothing") { $0.connection = .milliseconds(-1) },
        Row("network loss 1.0 is outside 0 to below 1; what is always lost never arrives") { $0.network.loss = 1 },
        Row("network loss nan is outside 0 to below 1; what is always lost never arrives") { $0.network.loss = .nan },
        Row("network delay -1.00 ms is less than nothing") { $0.network.delay = .constant(.milliseconds(-1)) },
        Row(
            "port 65530 for the first of 10 replicas that listen each: the last would have port 65539, beyond 65535; "
                + "begin lower"
        ) { ($0.port, $0.replicas, $0.listening) = (65_530, 10, .each) },
        Row("episode slow: a factor of 0.5 is outside 1 to 1000000; for what stands still write a pause") {
            $0.episodes = [Episode(.slow(factor: 0.5))]
        },
        Row("episode cold-start: a factor of inf is outside 1 to 1000000; for what stands still write a pause") {
            $0.episodes = [Episode(.cold(factor: .infinity), lasts: .seconds(1))]
        },
        Row("episode workers: 0 is less than 1; for none write an outage or a pause") {
            $0.episodes = [Episode(.workers(0))]
        },
        Row("episode time: service time -1.00 s is less than nothing") {
            $0.episodes = [Episode(.time(.constant(.seconds(-1))))]
        },
        Row("episode cold-start: it does not say how long it lasts, and must") {
            $0.episodes = [Episode(.cold(factor: 2))]
        },
        Row("episode restart: it does not say how long it lasts, and must") { $0.episodes = [Episode(.restart)] },
        Row("episode pause: only an outage or a restart can be announced") {
            $0.episodes = [Episode(.pause, lasts: .seconds(1))]
            $0.episodes[0].isAnnounced = true
        },
        Row("episode outage: it begins -1.00 s after the load's start; nothing happens before that") {
            $0.episodes = [Episode(.outage, at: .seconds(-1))]
        },
        Row("episode outage: it lasts 0 ns, which is not above 0") { $0.episodes = [Episode(.outage, lasts: .zero)] },
        Row("episode outage: replicas 1 to 2 are not among the 2 there are, numbered from 0") {
            $0.replicas = 2
            $0.episodes = [Episode(.outage)]
            $0.episodes[0].replicas = 1...2
        },
        Row("episode pause: it comes every 2.00 s and lasts 2.00 s; it must be over before it comes again") {
            $0.episodes = [Episode(.pause, lasts: .seconds(2))]
            $0.episodes[0].every = .seconds(2)
        },
        Row("episode slow: it comes every 2.00 s but never ends; say how long it lasts") {
            $0.episodes = [Episode(.slow(factor: 2))]
            $0.episodes[0].every = .seconds(2)
        },
        Row("episode pause: every 10.0 µs is more often than every 1.00 ms, the most there is") {
            $0.episodes = [Episode(.pause, lasts: .microseconds(1))]
            $0.episodes[0].every = .microseconds(10)
        },
        Row(
            "episode restart: it does not say how long from one of 3 replicas to the next; without that they are out "
                + "together, which is an outage"
        ) {
            $0.replicas = 3
            $0.episodes = [Episode(.restart, lasts: .seconds(1))]
        },
        Row("fault reset: it begins -1.00 s after the load's start; nothing happens before that") {
            $0.faults = [Fault(.reset)]
            $0.faults[0].at = .seconds(-1)
        },
        Row("fault reset: it lasts 0 ns, which is not above 0") {
            $0.faults = [Fault(.reset)]
            $0.faults[0].lasts = .zero
        },
        Row("fault reset: replicas 1 are not among the 1 there are, numbered from 0") {
            $0.faults = [Fault(.reset)]
            $0.faults[0].replicas = 1...1
        },
        Row(
            "fault tls-stall strikes connections, which belong to no replica unless each listens; leave `replicas` out"
        ) {
            $0.faults = [Fault(.tlsStall)]
            $0.faults[0].replicas = 0...0
        },
    ]

    @Test(arguments: rows)
    func aFlawIsNamedWithItsValueAndItsRule(_ row: Row) throws {
        var service = ServiceDescription(name: "shop")
        row.change(&service)
        #expect(try #require(LabDescription(services: [service]).flaw).reason == row.reason)
    }

    @Test func aGoodDescriptionHasNoFlaw() {
        var service = ServiceDescription(name: "shop")
        service.faults = [
            Fault(.status(503), share: 0.5, path: "/x"), Fault(.tlsStall, share: 0), Fault(.redirect(location: "/y")),
        ]
        (service.replicas, service.listening, service.port) = (4, .each, 65_532)
        var restart = Episode(.restart, lasts: .seconds(3))
        // Overlapping outages are fine, and so is a restart that has two out.
        (restart.every, restart.isAnnounced) = (.seconds(2), true)
        var last = Episode(.outage)
        last.replicas = 3...3
        service.episodes = [restart, last, Episode(.outage, lasts: .seconds(9)), Episode(.slow(factor: 1))]
        service.faults[1].replicas = 0...3
        #expect(LabDescription(services: [service]).flaw == nil)
    }

    @Test func aLabHasServicesAndTheirNamesDiffer() {
        #expect(
            LabDescription(services: []).flaw?.description == "lab: it has no service; describe at least one")
        let twins = LabDescription(services: [.init(name: "shop"), .init(name: "shop")])
        #expect(
            twins.flaw?.description == "lab service \"shop\": the name is taken twice; give each service its own")
    }

    @Test func aReplicaThatListensAndAServiceHaveDifferentNames() {
        var shop = ServiceDescription(name: "shop")
        (shop.replicas, shop.listening) = (2, .each)
        #expect(
            LabDescription(services: [shop, .init(name: "shop/1")]).flaw?.description
                == "lab service \"shop/1\": the name is that of a replica that listens and of another service; change one"
        )
    }
}
