import Analysis
import Core
import Recording

/// Comparisons made of numbers that are written down, as if trials had been run.
enum ComparisonSamples {
    /// By variant, pair and figure. Each figure of a pair is the base's times the factor times a noise that is written out.
    static func comparison(
        factors: [(name: String, latency: Double)], pairs: Int = 6, calls: Int = 2_000, isSimulated: Bool = true,
        noise: Double = 0.01
    ) -> TrialComparison {
        var comparison = TrialComparison(
            gale: "0.0.0", name: "checkout", command: "gale compare checkout.yaml --simulate --seed 7",
            isSimulated: isSimulated, seed: 7, started: isSimulated ? nil : "2026-01-31T12:00:00Z",
            method: TrialComparison.Method(delta: 0.05, alpha: 0.05, looks: [pairs]),
            variants: factors.map {
                TrialComparison.Variant(name: $0.name, text: "variant of checkout.yaml", planHash: "abc")
            },
            environment: isSimulated
                ? nil
                : EnvironmentRecord(
                    kernel: "Linux 6", cpu: "a CPU", cores: 2, memoryBytes: 8_000_000_000, libcurl: "8", tls: "TLS",
                    build: "release", insecure: false))
        let schedule = TrialSchedule(seed: 7, variants: factors.map(\.name))
        for (place, variant) in factors.enumerated() {
            for pair in 1...pairs {
                var random = SeededRandom(seed: 7, named: "\(variant.name)/\(pair)")
                var figures = TrialFigures(calls: calls)
                for figure in ComparedFigure.ofTrials {
                    let factor = figure.percent == nil ? 1 : variant.latency
                    figures[figure] = base[figure]! * factor * (1 + noise * (2 * random.nextUnit() - 1))
                }
                comparison.add(
                    TrialComparison.Trial(
                        pair: pair, seed: schedule.seed(ofPair: pair),
                        labSeed: schedule.labSeed(ofPair: pair, variant: place), isValid: true, isRepeated: false,
                        figures: figures), ofVariant: place)
            }
        }
        comparison.judge()
        return comparison
    }

    private static let base: [ComparedFigure: Double] = [
        .p50: 20, .p95: 60, .p99: 120, .errors: 0.02, .goodput: 490, .amplification: 1.05, .targetLoad: 525,
    ]

    /// A trial that is left out, names that want to be markup, and a variant without latencies.
    static var hostile: TrialComparison {
        var comparison = comparison(
            factors: [("a|b", 1), ("<script>\u{1B}[31m", 1.2)], pairs: 4, calls: 300, isSimulated: false, noise: 0.2)
        comparison.variants[1].trials[2].isValid = false
        comparison.leftOut = [
            TrialComparison.LeftOut(pair: 3, variant: "<script>", reason: "the generator `was` | late")
        ]
        comparison.notes = ["*Closed* phases"]
        for place in comparison.variants[1].trials.indices {
            comparison.variants[1].trials[place].figures[.goodput] = nil
        }
        comparison.isInterrupted = true
        comparison.judge()
        return comparison
    }
}
