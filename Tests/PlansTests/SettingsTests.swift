import Core
import Foundation
import Model
import Testing

@testable import Plans

/// `client`, `tls`, `lab`, `budgets`: what they read as.
struct SettingsTests {
    @Test func withoutClientTheDefaultsStand() throws {
        let plan = try PlanInputs.plan("name: a")
        #expect(plan.client == ClientSettings())
        #expect(plan.transport == TransportSettings())
    }

    @Test func everyKeyOfTheClientArrives() throws {
        let plan = try PlanInputs.plan(
            """
            client:
              clients: 4
              in-flight: 2_000
              timeout: { total: 5s, attempt: 1s, connect: 200ms }
              redirects: 5
              decompress: true
              http: 2
              trace: sampled
            """)
        #expect(plan.client.clients == 4)
        #expect(plan.client.inFlight == 2_000)
        #expect(plan.client.totalTimeout == .seconds(5))
        #expect(plan.client.attemptTimeout == .seconds(1))
        #expect(plan.transport.connectTimeout == .milliseconds(200))
        #expect(plan.transport.redirects == 5)
        #expect(plan.transport.decompress)
        #expect(plan.transport.version == .http2)
        #expect(plan.client.trace == .sampled)
    }

    @Test(arguments: [("none", TraceMode.off), ("unsampled", .unsampled), ("sampled", .sampled)])
    func tracesAreSaidInAWord(word: String, mode: TraceMode) throws {
        #expect(try PlanInputs.plan("client: { trace: \(word) }").client.trace == mode)
    }

    @Test func oneTimeoutLeavesTheOthersAlone() throws {
        let plan = try PlanInputs.plan("client: { timeout: { total: 10s } }")
        #expect(plan.client.totalTimeout == .seconds(10))
        #expect(plan.client.attemptTimeout == nil)
        #expect(plan.transport.connectTimeout == TransportSettings().connectTimeout)
    }

    @Test func filesOfTLSAreFoundFromThePlansDirectory() throws {
        let plan = try PlanInputs.plan(
            "tls: { ca: certificates/ca.pem, certificate: certificates/client.pem, key: certificates/client.key }")
        let folder = PlanInputs.inputs.path()
        #expect(plan.transport.tls.authority == "\(folder)/certificates/ca.pem")
        #expect(plan.transport.tls.certificate == "\(folder)/certificates/client.pem")
        #expect(plan.transport.tls.key == "\(folder)/certificates/client.key")
        #expect(!plan.transport.tls.insecure)
    }

    @Test func everyKeyOfAServiceArrives() throws {
        let plan = try PlanInputs.plan(
            """
            lab:
              services:
                shop:
                  port: 8080
                  replicas: 3
                  workers: 8
                  queue: 0
                  time: 10ms
                  status: 204
                  body: 2kB
                  tls: { certificate: certificates/lab.pem, key: certificates/lab.key }
                  faults: [{ fault: reset, share: 1%, path: /orders }]
            """)
        var shop = ServiceDescription(name: "shop")
        shop.port = 8080
        shop.replicas = 3
        shop.workers = 8
        shop.queue = 0
        shop.time = .constant(.milliseconds(10))
        shop.status = 204
        shop.bodyBytes = 2_000
        let folder = PlanInputs.inputs.path()
        shop.tls = ServiceCertificate(
            certificate: "\(folder)/certificates/lab.pem", key: "\(folder)/certificates/lab.key")
        shop.faults = [Fault(.reset, share: 0.01, path: "/orders")]
        #expect(plan.lab == LabDescription(services: [shop]))
        #expect(plan.target == .lab(service: "shop"))
        #expect(plan.lab?.flaw == nil)
    }

    @Test(
        arguments: [
            ("0s", .constant(.zero)),
            ("{ p50: 10ms, p99: 50ms }", .lognormal(p50: .milliseconds(10), p99: .milliseconds(50))),
            ("{ mean: 10ms }", .exponential(mean: .milliseconds(10))),
            ("{ from: 0s, to: 15ms }", .uniform(from: .zero, to: .milliseconds(15))),
        ] as [(String, TimeDistribution)])
    func aServiceTimeIsADistribution(yaml: String, time: TimeDistribution) throws {
        let plan = try PlanInputs.plan("lab: { services: { shop: { time: \(yaml) } } }")
        #expect(plan.lab?.services[0].time == time)
    }

    /// A value for each key that some fault needs.
    private static let values = [
        "status": "503", "by": "200ms", "bytes": "1MB", "every": "10ms", "to": "/elsewhere",
    ]

    @Test(arguments: FaultName.all.map(\.name))
    func everyFaultIsReadByItsName(name: String) throws {
        let fault = try #require(FaultName.all.first { $0.name == name })
        let value = fault.value.map { ", \($0): \(Self.values[$0] ?? "")" } ?? ""
        let plan = try PlanInputs.plan(
            "lab: { services: { shop: { faults: [{ fault: \(name)\(value), share: 5% }] } } }")
        let read = try #require(plan.lab?.services[0].faults[0])
        #expect(read.kind.name == name)
        #expect(read.share == 0.05)
        #expect(plan.lab?.flaw == nil)
    }

    @Test func theValueOfAFaultArrives() throws {
        let faults = FaultName.all.compactMap { fault in
            fault.value.map { "{ fault: \(fault.name), \($0): \(Self.values[$0] ?? "") }" }
        }
        let plan = try PlanInputs.plan(
            "lab: { services: { shop: { faults: [\(faults.joined(separator: ", "))] } } }")
        #expect(
            plan.lab?.services[0].faults.map(\.kind) == [
                .status(503), .delay(.milliseconds(200)), .gzipBomb(bytes: 1_000_000),
                .oversizedHeader(bytes: 1_000_000),
                .oversizedHeaders(bytes: 1_000_000), .trickle(every: .milliseconds(10)),
                .redirect(location: "/elsewhere"),
            ])
    }

    @Test func theNamesOfFaultsAreDistinct() {
        #expect(Set(FaultName.all.map(\.name)).count == FaultName.all.count)
    }

    @Test func aTargetNamesOneOfSeveralServices() throws {
        let plan = try PlanInputs.plan("target: lab/b\nlab: { services: { a: { time: 1ms }, b: { time: 1ms } } }")
        #expect(plan.target == .lab(service: "b"))
    }

    @Test func aBudgetIsATextOrAMap() throws {
        let budgets = try PlanInputs.plan(
            """
            scenarios: { buy: [{ name: place, post: / }] }
            load: [{ rate: 1000/s, for: 10s }]
            budgets:
              - p99 < 250ms
              - buy: p95 < 400ms
              - "buy/place: errors < 1% warn"
            """
        ).budgets
        #expect(budgets.map(\.scope) == [nil, "buy", "buy/place"])
        #expect(budgets.map(\.warnsOnly) == [false, false, true])
        #expect(budgets.map(\.text) == ["p99 < 250ms", "buy: p95 < 400ms", "buy/place: errors < 1% warn"])
    }
}
