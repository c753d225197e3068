import Foundation
import Testing

/// `gale simulate`: plans in virtual time, run as a person would.
@Suite("Simulations", .serialized, .timeLimit(.minutes(15)))
struct SimulateTests {
    /// A service that fails now and then: one in a hundred, so the budget holds with some seeds and breaks with others.
    private static let plan = """
        name: shop
        target: lab/shop
        load: [{ rate: 100/s, for: 3s, arrivals: poisson }]
        client: { retry: { attempts: 2 }, timeout: { attempt: 80ms } }
        budgets: [amplification < 1.02]
        lab:
          services:
            shop:
              workers: 2
              time: { p50: 8ms, p99: 60ms }
              network: { delay: 200us to 400us, loss: 0.1% }
              episodes: [{ slow: 3x, at: 1s, for: 500ms }]
              faults: [{ fault: status, status: 503, share: 1% }]
        """

    private func write(_ text: String = plan, in folder: String) throws {
        try text.write(toFile: folder + "/shop.yaml", atomically: true, encoding: .utf8)
    }

    // MARK: The plans of the house

    private static let folders = ["", "policies/", "simulations/"]
    private static let withLab: [String] = folders.flatMap(plans(in:)).filter { name in
        let text = (try? String(contentsOfFile: GaleProcess.plans + "/" + name, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").contains { $0.hasPrefix("lab:") }
    }
    private static func plans(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: GaleProcess.plans + "/" + folder)) ?? [])
            .filter { $0.hasSuffix(".yaml") }.sorted().map { folder + $0 }
    }

    private static let batches: [[String]] = stride(from: 0, to: withLab.count, by: 4).map {
        Array(withLab[$0...].prefix(4))
    }

    @Test("most plans of the house bring a lab")
    func enough() {
        #expect(Self.withLab.count >= 38)
    }

    @Test("each of them simulates, its ledgers close, and the model counted what the ledger says", arguments: batches)
    func plansOfTheHouse(_ names: [String]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for name in names { group.addTask { try await self.simulate(name) } }
            try await group.waitForAll()
        }
    }

    private func simulate(_ name: String) async throws {
        try await withFolder { folder in
            let words = ["simulate", GaleProcess.plans + "/" + name, "--quiet", "--out", "bundle"]
            var outcome = try await GaleProcess.run(words + ["--for", "2s"], in: folder)
            if outcome.status == 64 {
                // Only a plan with one measured phase can be made shorter.
                #expect(outcome.errors.hasPrefix("--for: it changes the one measured phase"), "\(name): \(outcome)")
                outcome = try await GaleProcess.run(words, in: folder)
            }
            #expect([0, 75, 99].contains(outcome.status), "\(name): \(outcome)")
            #expect(outcome.output == "" && outcome.errors == "", "\(name): \(outcome)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.state == "finished", "\(name)")
            #expect(record.contradictions == [], "\(name)")
            let ledgers = try #require(record.outcome)
            #expect(ledgers.ledger["made"] ?? 0 > 0, "\(name)")
            #expect(ledgers.labRequests == record.onTheWire, "\(name)")
        }
    }

    /// What Docs/simulation.md says of its examples, roughly.
    @Test(
        "the examples of the documentation come to what it says",
        arguments: [
            SimulatedExample(plan: "slow-replica", status: 99, errors: 0...0.02, p99: 5_000...10_000),
            SimulatedExample(plan: "slow-replica", variant: "p2c", status: 0, errors: 0...0, p99: 80...300),
            SimulatedExample(plan: "metastable", status: 99, errors: 0.5...0.9, p99: 3_000...3_100),
            SimulatedExample(plan: "metastable", variant: "lifo", status: 0, errors: 0...0.05, p99: 500...3_100),
            SimulatedExample(plan: "rolling-restart", status: 0, errors: 0...0.001, p99: 40...200),
            SimulatedExample(plan: "rolling-restart", variant: "hopeful", status: 99, errors: 0.1...0.3, p99: 40...200),
        ])
    func example(_ example: SimulatedExample) async throws {
        try await withFolder { folder in
            let words = example.variant.map { ["--variant", $0] } ?? []
            let outcome = try await GaleProcess.run(
                ["simulate", GaleProcess.plans + "/simulations/\(example.plan).yaml", "--quiet", "--summary", "json"]
                    + words, in: folder)
            #expect(outcome.status == example.status, "\(outcome)")
            let summary = try JSONDecoder().decode(SimulatedFigures.self, from: Data(outcome.output.utf8))
            #expect(example.errors.contains(summary.figures.error_share), "\(summary)")
            #expect(example.p99.contains(summary.run.response.p99_ms), "\(summary)")
        }
    }

    // MARK: Determinism

    /// The bytes of all files of a bundle, by name.
    private func files(of bundle: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: bundle)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: bundle + "/" + $0))) })
    }

    @Test("one seed gives one bundle, to the byte, wherever and whenever; another seed gives another")
    func sameBytes() async throws {
        try await withFolder { folder in
            try write(in: folder)
            for (seed, bundle) in [("7", "first"), ("8", "other")] {
                _ = try await GaleProcess.run(
                    ["simulate", "shop.yaml", "--seed", seed, "--quiet", "--out", bundle], in: folder)
            }
            let elsewhere = folder + "/elsewhere"
            try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
            _ = try await GaleProcess.run(
                ["simulate", "../shop.yaml", "--seed", "7", "--summary", "json", "--out", "again"], in: elsewhere,
                environment: ["TZ": "Asia/Kathmandu", "LANG": "de_DE.UTF-8", "GALE_NOTHING": "1"])
            let first = try files(of: folder + "/first")
            let again = try files(of: elsewhere + "/again")
            let other = try files(of: folder + "/other")
            #expect(first.count >= 8 && first.keys.contains("run.json"))
            #expect(Set(first.keys) == Set(again.keys))
            #expect(first.keys.filter { first[$0] != again[$0] } == [])
            for name in ["run.json", "summary.json", "intervals.hlog", "timeline.csv", "report.md"] {
                #expect(first[name] != other[name], "\(name) is the same with another seed")
            }
        }
    }

    @Test("`gale report` writes the same reports again, to the byte")
    func sameReports() async throws {
        try await withFolder { folder in
            try write(in: folder)
            _ = try await GaleProcess.run(["simulate", "shop.yaml", "--quiet", "--out", "bundle"], in: folder)
            let before = try files(of: folder + "/bundle")
            for name in ["report.md", "summary.json"] {
                try FileManager.default.removeItem(atPath: folder + "/bundle/" + name)
            }
            _ = try await GaleProcess.run(["report", "bundle"], in: folder)
            let after = try files(of: folder + "/bundle")
            #expect(before.keys.filter { before[$0] != after[$0] } == [])
            #expect(before.count == after.count)
        }
    }

    @Test("without --out the bundle stands under the plan's name and the seed")
    func folders() async throws {
        try await withFolder { folder in
            try write(in: folder)
            let outcome = try await GaleProcess.run(
                ["simulate", "shop.yaml", "--seed", "3", "--for", "1s"], in: folder)
            #expect(outcome.output.contains("Reports/shop/simulated-3/report.md"), "\(outcome)")
            #expect(try Record.read(folder + "/Reports/shop/simulated-3").state == "finished")
        }
    }

    // MARK: No network

    /// Whether system calls can be traced here. Some containers have the tool and forbid its use.
    private func canTrace(in folder: String) async throws -> Bool {
        let outcome = try await GaleProcess.run(
            ["--version"], in: folder, shell: "strace -o probe.txt true || exit 1;")
        return outcome.status == 0
    }

    @Test("no socket is opened")
    func noSocket() async throws {
        try await withFolder { folder in
            try write(in: folder)
            let words = ["simulate", "shop.yaml", "--for", "1s", "--quiet", "--out", "bundle"]
            guard try await canTrace(in: folder) else { return try await noSocketIsOpen(in: folder) }
            // The first `exec` is the shell's last command: what GaleProcess adds behind it never runs.
            _ = try await GaleProcess.run(
                words, in: folder,
                shell: "exec strace -f -qq -e trace=execve,socket,socketpair,connect,bind -o trace.txt \"$0\" \"$@\";")
            #expect(try Record.read(folder + "/bundle").state == "finished")
            let calls = try String(contentsOfFile: folder + "/trace.txt", encoding: .utf8).split(separator: "\n")
            #expect(calls.contains { $0.contains("execve(") }, "nothing was traced")
            #expect(calls.filter { !$0.contains("execve(") && $0.contains("(") } == [])
        }
    }

    /// Where nothing can be traced: the descriptors of a long simulation, again and again.
    private func noSocketIsOpen(in folder: String) async throws {
        let process = try GaleProcess(
            ["simulate", "shop.yaml", "--for", "30d", "--quiet", "--out", "bundle"], in: folder,
            shell: "ls -l /proc/$$/fd > inherited.txt; echo $$ > pid.txt;")
        let inherited = { (try? String(contentsOfFile: folder + "/inherited.txt", encoding: .utf8)) ?? "" }
        try #require(await written { BundleTable("timeline.csv", of: folder + "/bundle").rows.count >= 3 })
        for _ in 0..<50 {
            let open = openFiles(folder)
            #expect(!open.isEmpty)
            #expect(open.filter { $0.hasPrefix("socket:") && !inherited().contains($0) } == [])
            try await Task.sleep(for: .milliseconds(5))
        }
        process.signal(SIGINT)
        #expect(await process.wait().status == 130)
    }

    /// What the process has open that left its number in `pid.txt`.
    private func openFiles(_ folder: String) -> [String] {
        guard let pid = try? String(contentsOfFile: folder + "/pid.txt", encoding: .utf8) else { return [] }
        let descriptors = "/proc/\(pid.trimmingCharacters(in: .newlines))/fd"
        return ((try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
        }
    }

    // MARK: Many seeds

    @Test("--seeds counts the verdicts, names a seed that failed, and its command fails again")
    func seeds() async throws {
        try await withFolder { folder in
            try write(in: folder)
            let outcome = try await GaleProcess.run(
                ["simulate", "shop.yaml", "--seeds", "1..20", "--set", "client.timeout.total=5s"], in: folder)
            // Both verdicts come among twenty seeds: the share of faults is about what the budget allows.
            #expect(outcome.status == 99, "\(outcome)")
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.first == "shop: 20 seeds, all that must hold held")
            let counts = lines.dropFirst().compactMap { line in
                line.split(separator: " ").dropFirst().first.flatMap { Int($0.filter(\.isNumber)) }
            }
            #expect(counts.reduce(0, +) == 20, "\(outcome)")
            let broken = try #require(lines.first { $0.hasPrefix("  broken ") }, "\(outcome)")
            let command = try #require(broken.range(of: ": gale ")).upperBound
            let words = broken[command...].split(separator: " ").map(String.init)
            #expect(words.prefix(2) == ["simulate", "shop.yaml"])
            #expect(words.contains("--set") && words.contains("--seed"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["shop.yaml"])
            let again = try await GaleProcess.run(words, in: folder)
            #expect(again.status == 99, "\(again)")
            #expect(again.output.contains("BROKEN"))
        }
    }

    @Test(
        "ranges of seeds that are none, and options that many runs cannot have, are refused",
        arguments: [
            ["--seeds", "20..1"], ["--seeds", "1-20"], ["--seeds", "1..2000000"], ["--seeds", "a..b"],
            ["--seeds", "1..3", "--out", "bundle"], ["--seeds", "1..3", "--summary", "json"],
        ])
    func refusedSeeds(_ words: [String]) async throws {
        try await withFolder { folder in
            try write(in: folder)
            let outcome = try await GaleProcess.run(["simulate", "shop.yaml"] + words, in: folder)
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.errors.hasPrefix("--seeds: "), "\(outcome)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["shop.yaml"])
        }
    }

    @Test("a time scale is a number from 1, in every verb that reads a plan", arguments: ["0.5", "60x", "fast"])
    func refusedScale(_ scale: String) async throws {
        try await withFolder { folder in
            try write(in: folder)
            for verb in ["simulate", "run", "check"] {
                let outcome = try await GaleProcess.run([verb, "shop.yaml", "--time-scale", scale], in: folder)
                #expect(outcome.status == 64, "\(outcome)")
                #expect(outcome.errors.hasPrefix("--time-scale: "), "\(outcome)")
            }
        }
    }

    // MARK: What cannot be simulated

    @Test("a target that is no model is refused with the remedy, and nothing is written")
    func refusals() async throws {
        let load = "load: [{ rate: 10/s, for: 1s }]\n"
        let lab = "lab: { services: { shop: { time: 1ms } } }\n"
        let rows: [(plan: String, words: [String], says: [String])] = [
            ("target: http://127.0.0.1:1\n" + load, [], ["no `lab:`", "describe it there"]),
            (
                "target: lab/shop\nendpoints: [lab/shop, \"127.0.0.1:8080\"]\n" + lab + load, [],
                ["some of the endpoints", "write `lab/`"]
            ),
            ("target: http://127.0.0.1:1\n" + lab + load, [], ["http://127.0.0.1:1", "--target lab/shop"]),
            (
                "target: lab/shop\n" + lab + load, ["--target", "http://127.0.0.1:1"],
                ["http://127.0.0.1:1", "--target lab/shop"]
            ),
            ("target: lab/shop\n" + lab + load, ["--target", "lab/stock"], ["no such service", "lab/shop"]),
        ]
        for (plan, words, says) in rows {
            try await withFolder { folder in
                try write(plan, in: folder)
                let outcome = try await GaleProcess.run(["simulate", "shop.yaml"] + words, in: folder)
                #expect(outcome.status == 64, "\(plan)\(outcome)")
                #expect(outcome.output == "")
                for part in says { #expect(outcome.errors.contains(part), "\(plan)\(outcome)") }
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["shop.yaml"])
            }
        }
    }

    // MARK: What is said

    @Test("the summary says what the model was, and nothing of the machine or the day")
    func summary() async throws {
        try await withFolder { folder in
            try write(in: folder)
            let outcome = try await GaleProcess.run(
                ["simulate", "shop.yaml", "--summary", "json", "--quiet", "--out", "bundle"], in: folder)
            #expect(outcome.errors == "")
            let summary = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let model = try #require(summary["model"] as? [String])
            #expect(model.count == 3, "the service, its episode and its fault: \(model)")
            #expect(model.allSatisfy { $0.hasPrefix("shop: ") })
            #expect(summary["environment"] == nil)
            let report = try String(contentsOfFile: folder + "/bundle/report.md", encoding: .utf8)
            #expect(report.contains("SIMULATED"))
            for line in model { #expect(report.contains(line)) }
            for file in try files(of: folder + "/bundle") {
                let text = String(decoding: file.value, as: UTF8.self)
                #expect(!text.contains(ProcessInfo.processInfo.hostName) || ProcessInfo.processInfo.hostName == "shop")
                #expect(!text.contains(folder), "\(file.key) names the folder of the run")
            }
        }
    }

    // MARK: Signals

    @Test("a signal ends a long simulation: exit status 130, and a whole bundle", arguments: [SIGINT, SIGTERM])
    func signal(_ number: Int32) async throws {
        try await withFolder { folder in
            try write(in: folder)
            let process = try GaleProcess(
                ["simulate", "shop.yaml", "--for", "30d", "--out", "bundle"], in: folder)
            try #require(await written { BundleTable("timeline.csv", of: folder + "/bundle").rows.count >= 3 })
            process.signal(number)
            let outcome = await process.wait()
            #expect(outcome.status == 130, "\(outcome)")
            #expect(outcome.output.contains("interrupted after"))
            let record = try Record.read(folder + "/bundle")
            #expect(record.state == "interrupted")
            #expect(record.contradictions == [])
            #expect(record.outcome?.labRequests == record.onTheWire)
            let names = try Set(FileManager.default.contentsOfDirectory(atPath: folder + "/bundle"))
            let whole: Set = ["run.json", "intervals.hlog", "timeline.csv", "summary.json", "summary.csv", "report.md"]
            #expect(whole.isSubset(of: names))
        }
    }

    @Test("a signal ends a campaign of seeds, and what was found until then is said")
    func signalToSeeds() async throws {
        try await withFolder { folder in
            try write(in: folder)
            let process = try GaleProcess(
                ["simulate", "shop.yaml", "--for", "1s", "--seeds", "1..1000000"], in: folder,
                shell: "echo $$ > pid.txt;")
            // Its runs have begun when it writes a bundle, which is gone again soon.
            try #require(await written { openFiles(folder).contains { $0.hasPrefix("/tmp/gale-seeds-") } })
            process.signal(SIGINT)
            let outcome = await process.wait()
            #expect(outcome.status == 130, "\(outcome)")
            #expect(outcome.output.contains("all that must hold held; interrupted"), "\(outcome)")
        }
    }
}

/// A plan of `Plans/simulations` and what comes of it. Milliseconds; errors as a share.
struct SimulatedExample: Sendable, CustomTestStringConvertible {
    var plan: String
    var variant: String?
    var status: Int32
    var errors: ClosedRange<Double>
    var p99: ClosedRange<Double>

    var testDescription: String { variant.map { "\(plan), \($0)" } ?? plan }
}

private struct SimulatedFigures: Decodable {
    struct Shares: Decodable { var error_share: Double }
    struct Response: Decodable { var p99_ms: Double }
    struct Run: Decodable { var response: Response }

    var figures: Shares
    var run: Run
}
