import Core
import Foundation
import Lab
import Model
import TestSupport
import Testing

@Suite("The command line", .serialized, .timeLimit(.minutes(10)))
struct CommandLineTests {
    @Test("--version names libcurl, its TLS library and its features")
    func version() async throws {
        let outcome = try await GaleProcess.run(["--version"], in: "/")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("gale "))
        #expect(outcome.output.contains("libcurl "))
        #expect(outcome.output.contains("features: TLS"))
    }

    @Test(
        "every verb has a help that a person can work from", arguments: [["run"], ["check"], ["report"], ["lab"], []])
    func help(verb: [String]) async throws {
        let outcome = try await GaleProcess.run(verb + ["--help"], in: "/")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("OVERVIEW"))
        #expect(outcome.output.contains("USAGE: gale \(verb.joined())".trimmingCharacters(in: .whitespaces)))
    }

    @Test("a plan with errors sends nothing, and says all of them at once with their places")
    func brokenPlan() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { lab, port in
                let plan = """
                    target: http://127.0.0.1:\(port)
                    tiemout: 3
                    load:
                      - { rate: 500, for: 1s }
                    budgets: [ p99 < 250 ]
                    """
                try plan.write(toFile: folder + "/broken.yaml", atomically: true, encoding: .utf8)
                for verb in ["run", "check"] {
                    let outcome = try await GaleProcess.run([verb, "broken.yaml"], in: folder)
                    #expect(outcome.status == 64)
                    #expect(outcome.errors.contains("broken.yaml:2:1:"))
                    #expect(outcome.errors.contains("broken.yaml:4:"))
                    #expect(outcome.errors.contains("broken.yaml:5:"))
                    #expect(outcome.output == "")
                }
                #expect(await lab.counts(of: "lab")?.connections == 0)
                #expect(!FileManager.default.fileExists(atPath: folder + "/Reports"))
            }
        }
    }

    @Test("a run needs no plan: rate, duration, JSON on stdout, a bundle")
    func urlRun() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { lab, port in
                let outcome = try await GaleProcess.run(
                    [
                        "run", "http://127.0.0.1:\(port)/hello?a=1", "--rate", "100/s", "--for", "2s", "--summary",
                        "json", "--quiet", "--out", "bundle", "--seed", "7",
                    ], in: folder)
                #expect([0, 75].contains(outcome.status), "\(outcome)")
                #expect(outcome.errors == "")
                let summary = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
                #expect(summary?["seed"] as? Int == 7)
                let record = try Record.read(folder + "/bundle")
                #expect(record.state == "finished")
                #expect(record.outcome?.ledger["scheduled"] == 200)
                #expect(record.onTheWire == (await lab.counts(of: "lab")?.received))
                let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/bundle").sorted()
                #expect(
                    names == [
                        "intervals.hlog", "latency.svg", "report.html", "report.md", "response.hgrm", "run.json",
                        "service.hgrm", "summary.csv", "summary.json", "timeline.csv", "timeline.svg",
                    ])
            }
        }
    }

    @Test("--out replaces an older bundle, and never another folder")
    func outFolder() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { _, port in
                let words = ["run", "http://127.0.0.1:\(port)/", "--users", "1", "--count", "5", "--quiet", "--out"]
                for _ in 0..<2 {
                    #expect(try await GaleProcess.run(words + ["bundle"], in: folder).status == 0)
                }
                try "precious".write(toFile: folder + "/note.txt", atomically: true, encoding: .utf8)
                let refused = try await GaleProcess.run(words + ["."], in: folder)
                #expect(refused.status == 64)
                #expect(refused.errors.contains("no bundle"))
                #expect(try String(contentsOfFile: folder + "/note.txt", encoding: .utf8) == "precious")
            }
        }
    }

    @Test("without a terminal there is a line per second, without escapes")
    func plainProgress() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { _, port in
                let outcome = try await GaleProcess.run(
                    ["run", "http://127.0.0.1:\(port)/", "--rate", "20/s", "--for", "3s"], in: folder)
                let lines = outcome.errors.split(separator: "\n")
                #expect(lines.count >= 3, "\(outcome.errors)")
                #expect(!outcome.errors.contains("\u{1B}"))
                #expect(!outcome.output.contains("\u{1B}"))
                #expect(outcome.output.contains("report: "))
            }
        }
    }

    @Test("budgets decide the exit status: met 0, broken 99, a warning leaves it alone")
    func budgets() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { _, port in
                for (budget, status) in [("errors < 1%", 0), ("errors > 50%", 99), ("errors > 50% warn", 0)] {
                    let plan = """
                        target: http://127.0.0.1:\(port)
                        load: [ { users: 2, count: 3000 } ]
                        budgets: [ \(budget) ]
                        """
                    try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
                    let outcome = try await GaleProcess.run(["run", "plan.yaml", "--quiet"], in: folder)
                    #expect(outcome.status == status, "\(budget): \(outcome)")
                }
            }
        }
    }

    @Test("a run in which no call succeeds exits 99")
    func nothingSucceeds() async throws {
        try await withFolder { folder in
            var free: UInt16 = 0
            try await withService { _, port in free = port }
            let outcome = try await GaleProcess.run(
                ["run", "http://127.0.0.1:\(free)/", "--users", "2", "--count", "20", "--out", "b"], in: folder)
            #expect(outcome.status == 99)
            #expect(try Record.read(folder + "/b").failures == ["connect_refused": 20])
        }
    }
}
