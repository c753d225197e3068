import Core
import Glibc
import Plans
import Recording
import Testing

/// Random plans against random misfortune. `GALE_SEEDS=100000` runs so many seeds, `GALE_FIRST_SEED` says with which to
/// begin, and `GALE_SEED` runs one and prints its plan. `GALE_TRACE=1` names every seed before it runs.
@Suite("Whole runs with faults at every point")
struct CampaignTests {
    private static func setting(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }

    private static let isAlone = setting("GALE_SEED") != nil
    private static let isTraced = setting("GALE_TRACE") != nil

    private static let seeds: Range<UInt64> = {
        if let one = setting("GALE_SEED") { return one..<one + 1 }
        let first = setting("GALE_FIRST_SEED") ?? 1
        return first..<first + (setting("GALE_SEEDS") ?? 2_000)
    }()

    /// Seeds that run one after the other.
    private static let heap: UInt64 = 50
    /// One seed in so many runs twice; every one does when somebody has asked for seeds.
    private static let every: UInt64 = setting("GALE_SEEDS") == nil ? 10 : 1
    /// More than so many failures of a heap say nothing new.
    private static let mostFailures = 2

    @Test("no seed breaks what must hold, each that runs twice does the same, and everything happens to some")
    func campaign() async {
        let reach = await withTaskGroup(of: Reach.self) { group in
            var next = Self.seeds.lowerBound
            var reach = Reach()
            // As many at once as there are threads: each run keeps one busy.
            func addHeap() {
                guard next < Self.seeds.upperBound else { return }
                let heap = next..<min(next + Self.heap, Self.seeds.upperBound)
                next = heap.upperBound
                group.addTask { Self.run(heap) }
            }
            for _ in 0..<8 { addHeap() }
            for await part in group {
                reach.add(part)
                addHeap()
            }
            return reach
        }
        // A few seeds cannot come across everything.
        if Self.seeds.count >= 2_000 { #expect(reach.missing == []) }
        if Self.seeds.count != 2_000 { print(reach.words) }
    }

    private static func run(_ heap: Range<UInt64>) -> Reach {
        var reach = Reach()
        var failures = 0
        for seed in heap where failures < mostFailures {
            // The last line names the seed that brings the process down.
            if isTraced { print("seed", seed) }
            let drawn = RandomPlan(seed: seed)
            do throws(PlanProblems) {
                let plan = try drawn.read()
                let run = SimulatedRun(plan, drawn)
                reach.add(run.outcome)
                if isAlone { print(drawn.text, drawn.stopsAt as Any, drawn.shuffles, run.outcome) }
                var words = run.violations
                if seed % every == 0, SimulatedRun(plan, drawn).outcome != run.outcome {
                    words.append("the second run differs")
                }
                if !words.isEmpty { failures += 1 }
                #expect(words == [], "\(drawn)")
            } catch {
                failures += 1
                Issue.record("\(drawn) is no plan: \(error)")
            }
        }
        return reach
    }
}
