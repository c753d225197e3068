import Foundation
import Testing

/// The plans that come with Gale, each against the lab that it declares.
@Suite("The plans of the house", .serialized, .timeLimit(.minutes(15)))
struct PlansOfTheHouseTests {
    static let names = plans(in: GaleProcess.plans)
    static let policies = plans(in: GaleProcess.plans + "/policies").map { "policies/" + $0 }
    /// So many at a time: each sends little, and takes its seconds.
    static let batches = stride(from: 0, to: policies.count, by: 4).map { Array(policies[$0...].prefix(4)) }

    private static func plans(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".yaml") }.sorted() ?? []
    }

    @Test("there are at least six")
    func enough() {
        #expect(Self.names.count >= 6)
        #expect(Self.names.contains("quickstart.yaml"))
        #expect(Self.policies.count >= 16)
    }

    @Test("each of the policies runs, its ledgers close, and the lab counted what the ledger says", arguments: batches)
    func runPolicies(_ names: [String]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { try await self.run(name) } }
            try await group.waitForAll()
        }
    }

    @Test("each runs, its ledgers close, and the lab counted what the ledger says", arguments: names)
    func run(_ name: String) async throws {
        try await withFolder { folder in
            let outcome = try await GaleProcess.run(
                ["run", GaleProcess.plans + "/" + name, "--quiet", "--out", "bundle"], in: folder)
            // A busy machine may make a run invalid (75), and a budget of a plan may break under its load; never a fault.
            #expect([0, 75, 99].contains(outcome.status), "\(outcome)")
            let record = try Record.read(folder + "/bundle")
            let outcomeRecord = try #require(record.outcome)
            for ledger in [outcomeRecord.ledger, outcomeRecord.warmUp] {
                func count(_ name: String) -> Int { ledger[name] ?? 0 }
                #expect(count("scheduled") == count("started") + count("dropped_in_flight") + count("dropped_late"))
                #expect(count("started") == count("completed") + count("stopped"))
                #expect(
                    count("made") == count("succeeded") + count("failed") + count("cancelled") + count("rejected"))
            }
            #expect(outcomeRecord.ledger["made"] ?? 0 > 0)
            #expect(outcomeRecord.labRequests == record.onTheWire)
        }
    }

    @Test("each is checked and outlined without sending anything", arguments: names + policies)
    func check(_ name: String) async throws {
        let outcome = try await GaleProcess.run(["check", GaleProcess.plans + "/" + name], in: "/")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("phase 1"))
    }
}
