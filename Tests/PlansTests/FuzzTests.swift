import Arrivals
import Core
import Flows
import Foundation
import Model
import Policies
import Testing

@testable import Plans

/// Plans that nobody would write: whatever the text, there is an answer, and it points into the text.
struct FuzzTests {
    /// The texts to begin with: right plans and broken ones.
    static let examples = texts(in: PlanInputs.examples) + texts(in: PlanInputs.inputs) { !$0.contains(".invalid.") }
    static let broken = texts(in: PlanInputs.inputs)

    private static func texts(in folder: URL, where isWanted: (String) -> Bool = { _ in true }) -> [String] {
        PlanInputs.names(in: folder, ending: ".yaml").filter(isWanted).compactMap {
            try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }
    }

    private static let pieces = [
        "{", "}", "[", "]", ":", ": ", "- ", "\n", "\n  ", "\t", "#", "&a ", "*a", "!x ", "? ", "|\n", ">", "'", "\"",
        "\\", ",",
        "%", "@", "`", "~", "null", "\0", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{1F600}", "\u{301}", "---\n",
        "...\n",
        "0", "-1", "1e308", "999999999999999999999", "0.0000000000000000001", "nan", "inf", "/s", "ms", "%", " to ",
        "2xx",
        "rate", "users", "for", "count", "step", "wave", "spike", "burst", "lab", "{{x}}", "p99 < ", "\r\n", "\r",
        "{{colour}}", "{{'", "'}}", "{{product.id}}", "$.a[?@.b == 1]", "$..", "[*]", "(a|b)*", "(?i)", "\\1",
        "status == 200",
        " and ", " or not ", " matches 'a+'", "!= ''", "< 10kB", "- { get: /, extract: { x: $.a } }\n",
        "- { group: a, steps: [{ get: / }] }\n", "- { repeat: 1 to 3, steps: [{ next: colour }] }\n", "if", "else",
        "parallel",
        "transaction", "next", "extract", "expect", "multipart", "form", "query", "cookies", "json", "data", "csv",
        "products.csv", "json-lines", "integer", "at-end: stop", "order: random", "per: user", "zipf", "normal",
        "choice", "endpoints: [10.0.0.1:80]\n", "endpoints: { dns: a:1 }\n", "[::1]:1", "lab/shop", "client", "none",
        "shard: ring", "{ by: range, bounds: [1, 2] }", "retry: 2", "hedge: p95", "breaker: { failure-rate: 1% }",
        "bulkhead: [{ name: a, steps: [GET /], running: 1 }]", "pool", "key: a", "batch: colour",
        "gather: { a: { sum: $.a } }",
        "episodes: [{ outage: 1s, replicas: 0 to 1 }]", "restart", "cold-start: 2x", "listen: each", "lab/shop/1",
        "every",
        "{ fast: 1ms, slow: 1s, share: 1% }", "recorded: run/intervals.hlog", "network: { loss: 1% }", "replicas: 3",
        "fallback: {}", "adaptive: p1", "100 calls", "balance: load-report",
    ]

    @Test(arguments: 0..<8)
    func aMutatedPlanIsAnswered(stream: Int) throws {
        var random = SeededRandom(seed: 20_26, stream: UInt64(stream))
        #expect(Self.examples.count >= 7 && Self.broken.count > 50)
        var right = 0
        for round in 0..<400 {
            // Every other round begins with a plan that is right, and changes little.
            let isGood = round.isMultiple(of: 2)
            let text = Self.mutate(isGood ? Self.examples : Self.broken, changes: isGood ? 2 : 4, &random)
            let lines = SourceLines(text)
            do throws(PlanProblems) {
                let plan = try PlanReader.read(
                    text: text, file: "plan.yaml", directory: PlanInputs.inputs.path(), abilities: PlanInputs.old
                ).plan
                right += 1
                Self.check(plan)
            } catch {
                #expect(error.problems.contains { $0.severity == .error })
                for problem in error.problems {
                    #expect(lines[problem.place.line] != nil || problem.place.line == lines.count + 1)
                    #expect(problem.place.column >= 1 && problem.place.length >= 1)
                    #expect(!error.headline(problem).contains("\n"))
                }
                #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            }
        }
        // Mutations that leave a plan right must occur, or the half of the reader behind the keys is never reached.
        #expect(right > 20)
    }

    /// What every plan that was accepted can be relied on for.
    private static func check(_ plan: Plan) {
        #expect(!plan.load.isEmpty && plan.load.contains { !$0.warmUp })
        #expect(!plan.scenarios.isEmpty && plan.scenarios.allSatisfy { $0.weight > 0 && !$0.steps.isEmpty })
        #expect(plan.lab?.flaw == nil)
        #expect(!plan.name.isEmpty && !plan.name.contains("/"))
        check(policies: plan)
        for phase in plan.load {
            #expect(!phase.text.isEmpty)
            guard case .open(let curve, _, let length) = phase.shape else { continue }
            #expect(Intensity(curve, over: length).total > 0)
        }
        for scenario in plan.scenarios {
            let names = scenario.steps.map(\.name) + scenario.transactions
            #expect(Set(names).count == names.count)
            for step in scenario.steps {
                let beginsWithPlace = if case .variable? = step.path.segments.first { true } else { false }
                #expect(step.path.sketch.hasPrefix("/") || beginsWithPlace)
                #expect(step.name.count <= 1_000 && !step.name.isEmpty)
                for slot in step.path.slots { #expect(slot < plan.variables.count) }
                for rule in step.counts { #expect(rule.counter < plan.counters.count) }
                let texts =
                    [step.path.sketch, step.method.sketch]
                    + (step.headers + step.cookies).flatMap { [$0.name, $0.value.sketch] }
                for text in texts { #expect(!text.unicodeScalars.contains { ["\r", "\n", "\0"].contains($0) }) }
            }
        }
    }

    /// What the client takes for granted of its policies.
    private static func check(policies plan: Plan) {
        let policies = plan.client.policies
        if let retry = policies.retry { #expect(retry.attempts >= 2 && retry.backoff.base <= retry.backoff.cap) }
        if case .range(let bounds)? = policies.shard?.rule { #expect(!bounds.isEmpty && bounds == bounds.sorted()) }
        if let bound = policies.shard?.bound { #expect(bound > 1) }
        for bulkhead in policies.bulkheads {
            #expect(bulkhead.running > 0 && bulkhead.queue >= 0)
            guard case .steps(let names) = bulkhead.scope else { continue }
            let known = plan.scenarios.flatMap { scenario in
                scenario.steps.flatMap { [$0.name, "\(scenario.name)/\($0.name)"] }
            }
            #expect(Set(names).isSubset(of: known))
        }
        if case .fixed(let endpoints)? = plan.endpoints {
            #expect(!endpoints.isEmpty && Set(endpoints.map(\.place)).count == endpoints.count)
        }
        for step in plan.scenarios.flatMap(\.steps) {
            #expect(step.key == nil || (step.batch == nil && step.gathers.isEmpty))
            #expect(policies.shard != nil || (step.batch == nil && step.gathers.isEmpty))
            #expect(policies.shard == nil || step.key != nil || step.extractions.isEmpty)
            #expect(step.gathers.allSatisfy { $0.slot < plan.variables.count })
        }
    }

    /// One change or several: pieces inserted, stretches removed, repeated, or taken from another plan.
    private static func mutate(_ seeds: [String], changes: Int, _ random: inout SeededRandom) -> String {
        func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }
        var scalars = Array(seeds[below(seeds.count)].unicodeScalars)
        for _ in 0..<(1 + below(changes)) {
            let at = below(scalars.count + 1)
            let end = min(scalars.count, at + below(20))
            switch below(6) {
            case 0, 1: scalars.insert(contentsOf: pieces[below(pieces.count)].unicodeScalars, at: at)
            case 2: scalars.removeSubrange(at..<end)
            case 3: scalars.insert(contentsOf: scalars[at..<end], at: at)
            case 4:
                let other = Array(broken[below(broken.count)].unicodeScalars)
                let from = below(other.count)
                scalars.insert(contentsOf: other[from..<min(other.count, from + below(60))], at: at)
            default:
                if at < scalars.count { scalars[at] = Unicode.Scalar(UInt8(below(128))) }
            }
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }
}
