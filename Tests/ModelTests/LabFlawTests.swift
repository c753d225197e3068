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
        #expect(LabDescription(services: [service]).flaw == nil)
    }

    @Test func aLabHasServicesAndTheirNamesDiffer() {
        #expect(
            LabDescription(services: []).flaw?.description == "lab: it has no service; describe at least one")
        let twins = LabDescription(services: [.init(name: "shop"), .init(name: "shop")])
        #expect(
            twins.flaw?.description == "lab service \"shop\": the name is taken twice; give each service its own")
    }
}
