import Analysis
import Core
import Recording

/// Diffs of synthetic runs, as if bundles had been read.
enum DiffSamples {
    static let names = ["diff-worse", "diff-single", "diff-incomparable"]

    private static let cache = Dictionary(uniqueKeysWithValues: names.map { name in (name, Result { try make(name) }) })

    static func diff(_ name: String) throws -> BundleDiff {
        guard let diff = try cache[name]?.get() else { preconditionFailure("no diff is called '\(name)'") }
        return diff
    }

    /// A run as a diff keeps it.
    static func run(
        _ path: String, seed: UInt64 = 1, median: Double = 20, start: Double = 0,
        _ change: (inout SyntheticRun) -> Void = { _ in }
    ) throws -> DiffRun {
        var synthetic = SyntheticRun()
        synthetic.median = median
        synthetic.seed = seed
        change(&synthetic)
        return try Kinds.with(synthetic) { bundle in
            var run = DiffRun(bundle, summary: RunSummary(bundle))
            run.path = path
            run.startedEpoch += start
            return run
        }
    }

    private static func make(_ name: String) throws -> BundleDiff {
        switch name {
        case "diff-worse":
            // The other side is a fifth slower in all it does, and its runs come first in every other pair.
            let sides = try [20.0, 24.0].enumerated().map { side, median in
                try (0..<4).map { pair in
                    let start = Double(pair * 100 + (pair % 2 == side ? 0 : 50))
                    return try run(
                        "runs/\("ab".dropFirst(side).prefix(1))/\(pair + 1)", seed: UInt64(pair), median: median,
                        start: start
                    ) {
                        $0.steps = [("browse", "home"), ("buy", "cart")]
                        $0.policies = Kinds.policies
                        $0.phases = [12]
                        $0.failEvery = side == 0 ? 250 : 50
                    }
                }
            }
            return diff(sides[0], sides[1])
        case "diff-single":
            let one = try run("runs/a/1") { $0.phases = [60] }
            let two = try run("runs/b/1", seed: 2, median: 22) {
                $0.phases = [60]
                $0.target = "https://new.staging.example"
            }
            return diff([one], [two])
        case "diff-incomparable":
            let ones = try (0..<3).map { try run("runs/a/\($0)", seed: UInt64($0)) }
            let twos = try (0..<4).map { pair in
                try run("runs/<b>|\u{1B}[31m/\(pair)", seed: UInt64(pair)) {
                    $0.rate = 50
                    $0.name = "<script>`x`|\u{1B}[31m"
                    $0.steps = [("=cmd|'x'", "<img src=x>"), ("browse", "home")]
                    $0.build = "debug"
                    $0.settings = ["a=\"b\"|", "<i>"]
                    if pair == 1 { $0.sendLag = .milliseconds(900) }
                }
            }
            return diff(ones, twos, names: ("a|b", "<b>\u{1B}[31m"))
        default: preconditionFailure("no diff is called '\(name)'")
        }
    }

    static func diff(
        _ first: [DiffRun], _ other: [DiffRun], names: (String, String) = ("A", "B"), delta: Double = 0.05
    ) -> BundleDiff {
        BundleDiff(first, other, names: names, delta: delta, gale: "0.0.0", command: "gale diff runs/a runs/b")
    }
}
