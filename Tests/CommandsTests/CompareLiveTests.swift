import Core
import Foundation
import Lab
import Model
import TestSupport
import Testing

/// `gale compare` over sockets. How fast anything is does not matter here: on a machine that is busy trials are invalid, and
/// that is said.
@Suite("Comparisons over a network", .serialized, .timeLimit(.minutes(10)))
struct CompareLiveTests {
    private struct Comparison: Decodable {
        struct Trial: Decodable {
            var pair: Int
            var seed: UInt64
            var isValid: Bool
        }
        struct Variant: Decodable {
            var name: String
            var trials: [Trial]
        }
        struct LeftOut: Decodable {
            var pair: Int
        }
        var variants: [Variant]
        var leftOut: [LeftOut]
        var started: String?

        static func read(_ folder: String) throws -> Comparison {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(
                Comparison.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/comparison.json")))
        }
    }

    private func check(_ found: Comparison, _ outcome: GaleProcess.Outcome, names: [String], pairs: Int) {
        #expect(found.variants.map(\.name) == names)
        #expect(found.started != nil)
        for variant in found.variants {
            #expect(variant.trials.map(\.pair) == Array(1...pairs))
            #expect(variant.trials.map(\.seed) == found.variants[0].trials.map(\.seed))
        }
        let invalid = found.variants.flatMap(\.trials).count { !$0.isValid }
        #expect(found.leftOut.count == invalid)
        #expect(outcome.status == (invalid == 0 ? 0 : 75), "\(outcome)")
    }

    @Test("each trial has a lab of its own, which counted what the ledger says")
    func variants() async throws {
        try await withFolder { folder in
            let plan = """
                name: shop
                target: lab/shop
                load: [{ rate: 40/s, for: 1s }]
                lab: { services: { shop: { workers: 4, time: { p50: 5ms, p99: 20ms } } } }
                variants: { two: { lab: { services: { shop: { workers: 2 } } } } }
                """
            try plan.write(toFile: folder + "/shop.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(
                ["compare", "shop.yaml", "--trials", "3", "--out", "out"], in: folder)
            check(try Comparison.read(folder + "/out"), outcome, names: ["base", "two"], pairs: 3)
            #expect(outcome.errors.contains("pair 3: two"))
            for trial in ["base-1", "base-2", "base-3", "two-1", "two-2", "two-3"] {
                let record = try Record.read(folder + "/out/trials/" + trial)
                #expect(record.state == "finished")
                #expect(record.contradictions == [])
                #expect(try #require(record.outcome).labRequests == record.onTheWire)
            }
        }
    }

    @Test("two targets are compared by the names that they are given")
    func targets() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { first, firstPort in
                try await withService { _ in
                } _: { second, secondPort in
                    try "load: [{ rate: 40/s, for: 1s }]\ntarget: http://127.0.0.1:1\n"
                        .write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
                    let outcome = try await GaleProcess.run(
                        [
                            "compare", "plan.yaml", "--target", "old=http://127.0.0.1:\(firstPort)", "--target",
                            "new=http://127.0.0.1:\(secondPort)", "--trials", "3", "--out", "out", "--no-bundles",
                        ], in: folder)
                    check(try Comparison.read(folder + "/out"), outcome, names: ["old", "new"], pairs: 3)
                    #expect(await first.counts(of: "lab")?.received ?? 0 >= 120)
                    #expect(await second.counts(of: "lab")?.received ?? 0 >= 120)
                }
            }
        }
    }

    @Test("one signal ends the trial and reports those before it, with exit status 130")
    func interrupted() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { _, port in
                try "load: [{ rate: 40/s, for: 60s }]\ntarget: http://127.0.0.1:\(port)\nvariants: { twin: {} }\n"
                    .write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
                let process = try GaleProcess(["compare", "plan.yaml", "--out", "out"], in: folder)
                #expect(
                    await eventually {
                        let trials = try? FileManager.default.contentsOfDirectory(atPath: folder + "/out/trials")
                        return trials?.isEmpty == false
                    })
                process.signal(SIGINT)
                let outcome = await process.wait()
                #expect(outcome.status == 130, "\(outcome)")
                let report = try String(contentsOfFile: folder + "/out/comparison.md", encoding: .utf8)
                #expect(report.contains("Interrupted"))
                #expect(try Comparison.read(folder + "/out").variants.allSatisfy { $0.trials.isEmpty })
            }
        }
    }
}
