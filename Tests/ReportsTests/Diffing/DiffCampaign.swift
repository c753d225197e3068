import Analysis
import Core
import Glibc
import Recording

/// Comparisons of runs that never happened, as many as one likes, to count how often a diff is wrong and how much it finds.
///
/// A run has 60 seconds whose levels follow a first-order autoregression, so a slow second is followed by slow ones; a noise of
/// its own, which no second shows; and its place in the course of a machine that becomes slower all the time. The two runs of a
/// pair follow each other in an order that is drawn.
struct DiffCampaign {
    var seed: UInt64 = 1
    var pairs = 20
    /// How much slower the other side is, as a share.
    var change = 0.0
    var seconds = 60
    /// From one second to the next.
    var correlation = 0.8
    /// Standard deviation of the logarithm of a second's level.
    var secondNoise = 0.11
    /// The same of a whole run.
    var runNoise = 0.02
    /// By how much the machine becomes slower from the first pair to the last.
    var drift = 0.03
    var calls = 60_000

    /// Standard normal numbers (Box and Muller 1958).
    struct Gaussian {
        var random: SeededRandom

        mutating func next() -> Double {
            (-2 * log(random.nextUnit())).squareRoot() * cos(2 * Double.pi * random.nextUnit())
        }
    }

    /// Comparison number `index`, as `gale diff` would make it.
    func diff(_ index: Int) -> BundleDiff {
        var noise = Gaussian(random: SeededRandom(seed: seed, named: "diff/\(index)"))
        var sides: ([DiffRun], [DiffRun]) = ([], [])
        for pair in 0..<pairs {
            let isFirstEarlier = noise.random.nextUnit() > 0.5
            let start = 1e9 + Double(pair) * 300
            let drifted = pairs > 1 ? drift * Double(pair) / Double(pairs - 1) : 0
            sides.0.append(
                run("a/\(pair)", UInt64(pair), start + (isFirstEarlier ? 0 : 100), drifted, &noise))
            sides.1.append(
                run("b/\(pair)", UInt64(pair), start + (isFirstEarlier ? 100 : 0), drifted + log(1 + change), &noise))
        }
        return BundleDiff(sides.0, sides.1, names: ("A", "B"), delta: 0.05, gale: "0.0.0", command: "gale diff a b")
    }

    /// Levels of the seconds of a run, as logarithms.
    func levels(_ noise: inout Gaussian) -> [Double] {
        var level = secondNoise * noise.next()
        let step = secondNoise * (1 - correlation * correlation).squareRoot()
        return (0..<seconds).map { _ in
            defer { level = correlation * level + step * noise.next() }
            return level
        }
    }

    private func run(
        _ path: String, _ seed: UInt64, _ start: Double, _ shift: Double, _ noise: inout Gaussian
    ) -> DiffRun {
        let mean = levels(&noise).reduce(0, +) / Double(seconds)
        var figures = TrialFigures(calls: calls)
        figures[.p99] = 120 * exp(mean + shift + runNoise * noise.next())
        figures[.errors] = 0.01 * exp(0.05 * noise.next())
        figures[.goodput] = 990 * exp(0.001 * noise.next())
        return DiffRun(
            path: path, identity: Self.identity, seed: seed, started: "", startedEpoch: start, seconds: 60,
            figures: figures, response: CompactHistogram(), within: WithinRun([]))
    }

    private static let identity: RunIdentity = {
        let record = RunRecord(
            gale: "0.0.0", state: .finished, name: "campaign", target: "http://t", seed: 1, started: "",
            startedEpoch: 0, plan: .init(file: nil, hash: "1", text: "", overrides: []), environment: nil,
            phases: [.init(text: "1000/s for 60s", open: true, warmUp: false, start: 0, end: 60)], steps: [],
            budgets: [])
        return RunIdentity(record)
    }()

    // MARK: One run of each

    /// Comparison number `index` of one run each, with nothing but the noise of its seconds: each second has the same
    /// distribution, with a long tail, times its level.
    func single(_ index: Int) -> BundleDiff {
        var noise = Gaussian(random: SeededRandom(seed: seed, named: "single/\(index)"))
        let runs = ["a", "b"].map { recorded($0, &noise) }
        return BundleDiff(
            [runs[0]], [runs[1]], names: ("A", "B"), delta: 0.05, gale: "0.0.0", command: "gale diff a b")
    }

    private static let perSecond = 100

    private func recorded(_ path: String, _ noise: inout Gaussian) -> DiffRun {
        var (all, block) = (LatencyHistogram(), LatencyHistogram())
        var blocks: [WithinRun.Block] = []
        for (second, level) in levels(&noise).enumerated() {
            for place in 0..<Self.perSecond {
                let unit = (Double(place) + noise.random.nextUnit()) / Double(Self.perSecond)
                block.record(Span(seconds: 0.02 * exp(level) * (0.5 - log(max(1e-6, 1 - unit)))))
            }
            let size = max(5, seconds / WithinRun.mostBlocks)
            guard second % size == size - 1 else { continue }
            all.add(block)
            blocks.append(
                WithinRun.Block(
                    seconds: Double(size), response: CompactHistogram(block), ended: block.count, errors: 0,
                    succeeded: block.count))
            block.reset()
        }
        var figures = TrialFigures(calls: all.count)
        for figure in ComparedFigure.ofRuns {
            if let percent = figure.percent { figures[figure] = all.value(atPercentile: percent).milliseconds }
        }
        figures[.mean] = all.mean / 1e6
        return DiffRun(
            path: path, identity: Self.identity, seed: 1, started: "", startedEpoch: 0, seconds: Double(seconds),
            figures: figures, response: CompactHistogram(all), within: WithinRun(blocks))
    }
}
