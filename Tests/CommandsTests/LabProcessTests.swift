import Foundation
import TestSupport
import Testing

/// A plan's lab in a process of its own: who listens where, and when its episodes begin.
@Suite("The lab of a plan", .timeLimit(.minutes(5)))
struct LabProcessTests {
    private func run(
        endpoints: String, load: String = "{ rate: 100/s, for: 2s }", episodes: String,
        _ body: (GaleProcess.Outcome, [String: EndpointRow], Record) throws -> Void
    ) async throws {
        let plan = """
            target: lab/shop
            endpoints: [\(endpoints)]
            lab: { services: { shop: { replicas: 3, listen: each, episodes: [\(episodes)] } } }
            load: [\(load)]
            scenarios: { browse: [{ get: / }] }
            """
        try await withFolder { folder in
            try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(["run", "plan.yaml", "--out", "bundle", "--quiet"], in: folder)
            // A busy machine makes a run invalid (75); what the lab did is the same.
            #expect([0, 75].contains(outcome.status), "\(outcome)")
            let bundle = folder + "/bundle"
            try body(outcome, EndpointRow.all(of: bundle), try Record.read(bundle))
        }
    }

    @Test("a service that listens each is as many endpoints, and one that is out refuses while the load lasts")
    func outage() async throws {
        try await run(endpoints: "lab/shop", episodes: "{ outage: 600s, replicas: 1 }") { _, rows, record in
            #expect(rows.keys.sorted() == ["lab/shop/0", "lab/shop/1", "lab/shop/2"])
            #expect((rows["lab/shop/1"]?["failed"] ?? 0) > 0)
            #expect(rows["lab/shop/0"]?["failed"] == 0)
            #expect(rows["lab/shop/2"]?["failed"] == 0)
            #expect((record.outcome?.ledger["failed"] ?? 0) > 0)
        }
    }

    @Test("an endpoint may be one replica")
    func oneReplica() async throws {
        try await run(endpoints: "lab/shop/2, lab/shop/0", episodes: "{ outage: 600s, replicas: 1 }") {
            _, rows, record in
            #expect(rows.keys.sorted() == ["lab/shop/0", "lab/shop/2"])
            #expect(record.outcome?.ledger["failed"] == 0)
            #expect(record.outcome?.labRequests == record.outcome?.ledger["made"])
        }
    }

    /// What comes after the load's end never comes, however long the lab had been up before.
    @Test("episodes count from the start of the load")
    func origin() async throws {
        try await run(endpoints: "lab/shop", episodes: "{ outage: 600s, at: 500s }") { _, rows, record in
            #expect(rows.values.allSatisfy { $0["succeeded"] > 0 && $0["failed"] == 0 })
            #expect(record.outcome?.ledger["failed"] == 0)
        }
    }

    @Test("a lab that was started by hand begins at once")
    func byHand() async throws {
        // The ports after it may be taken; then the lab does not come up, and another is tried.
        for _ in 0..<20 {
            let port = try freePorts(1)[0]
            let plan = """
                target: lab/shop
                endpoints: [lab/shop]
                lab:
                  services:
                    shop: { port: \(port), replicas: 2, listen: each, episodes: [{ outage: 600s, replicas: 0 }] }
                load: [{ rate: 1/s, for: 1s }]
                scenarios: { browse: [{ get: / }] }
                """
            let isUp = try await withFolder { folder in
                try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
                let process = try GaleProcess(["lab", "plan.yaml"], in: folder)
                let isUp = await written { (try? RawClient(port: port + 1).get().status) == 200 }
                if isUp { #expect(await written { (try? RawClient(port: port)) == nil }) }
                process.signal(SIGINT)
                let outcome = await process.wait()
                if isUp {
                    #expect(outcome.status == 0, "\(outcome)")
                    #expect(outcome.output.contains("shop/0 http://127.0.0.1:\(port)\n"))
                    #expect(outcome.output.contains("shop/1 http://127.0.0.1:\(port + 1)\n"))
                }
                return isUp
            }
            if isUp { return }
        }
        Issue.record("no lab came up")
    }
}
