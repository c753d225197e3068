package import Analysis
import Core
import Recording

/// `comparison.md`: the comparison for people.
package enum MarkdownComparison {
    package static func text(_ comparison: TrialComparison) -> String {
        var lines = head(comparison)
        func section(_ title: String, _ body: [String]) {
            guard !body.isEmpty else { return }
            lines += ["", "## \(title)", ""] + body
        }
        section("Figures", figures(comparison))
        for variant in comparison.variants.dropFirst() {
            let first = comparison.variants[0].name
            section(
                "\(Markdown.text(variant.name)) against \(Markdown.text(first))", changes(of: variant.name, comparison))
        }
        section("Variants", variants(comparison))
        section("Trials", trials(comparison))
        section("Left out", leftOut(comparison))
        section("Method", method(comparison))
        section("Environment", environment(comparison))
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ comparison: TrialComparison) -> [String] {
        let names = comparison.variants.map(\.name).joined(separator: ", ")
        var lines = ["# \(Markdown.text(comparison.name)): \(Markdown.text(names)) compared", ""]
        if comparison.isSimulated {
            lines += ["> SIMULATED: in virtual time, without a network. The targets are models.", ""]
        }
        if comparison.isInterrupted {
            lines += ["**Interrupted: what follows is of the trials before.**", ""]
        }
        lines += ComparisonCells.sentences(comparison).map { "- **\(Markdown.text($0))**" }
        lines += comparison.notes.map { "- \(Markdown.text($0))" }
        let pairs = Figures.count(comparison.pairs, "pair")
        let seed = "seed \(comparison.seed)\(comparison.started.map { ", \($0)" } ?? "")"
        return lines + ["", "\(pairs) of trials, \(seed). Again: \(Markdown.code(comparison.command))"]
    }

    private static func figures(_ comparison: TrialComparison) -> [String] {
        let figures = ComparedFigure.ofTrials
        return Markdown.table(
            ["Variant", ">fewest calls"] + figures.map { ">" + ComparisonCells.heading($0) },
            comparison.variants.map { variant in
                [Markdown.text(variant.name), Figures.count(variant.leastCalls)]
                    + figures.map { ComparisonCells.value(variant[$0], of: $0) }
            })
    }

    private static func changes(of variant: String, _ comparison: TrialComparison) -> [String] {
        Markdown.table(
            [
                "Figure", ">change", ">\(ComparisonCells.confidence(comparison.method)) interval", "Verdict", ">pairs",
                ">p", ">p together",
            ],
            comparison.changes.filter { $0.variant == variant }.map { found in
                [
                    found.figure.name, ComparisonCells.change(found.change, of: found.figure),
                    ComparisonCells.interval(found),
                    found.isDifferent
                        ? "**\(Markdown.text(ComparisonCells.verdict(found, comparison.method)))**"
                        : Markdown.text(ComparisonCells.verdict(found, comparison.method)),
                    Figures.count(found.pairs), ComparisonCells.probability(found.p),
                    ComparisonCells.probability(found.pTogether),
                ]
            })
    }

    private static func variants(_ comparison: TrialComparison) -> [String] {
        Markdown.table(
            ["Variant", "What it is", "Plan's hash"],
            comparison.variants.map {
                [Markdown.text($0.name), Markdown.text($0.text), Markdown.code($0.planHash, inTable: true)]
            })
    }

    private static func trials(_ comparison: TrialComparison) -> [String] {
        let shown: [ComparedFigure] = [.p50, .p95, .p99, .errors, .goodput]
        let rows = comparison.variants.flatMap { variant in variant.trials.map { (variant.name, $0) } }
        return Markdown.table(
            [">Pair", "Variant", ">seed", ">lab seed", ">calls"] + shown.map { ">" + ComparisonCells.heading($0) } + [
                ""
            ],
            // In the order of pairs; within one in that of the variants.
            rows.enumerated().sorted { ($0.element.1.pair, $0.offset) < ($1.element.1.pair, $1.offset) }.map(\.element)
                .map { name, trial in
                    let words = [trial.isValid ? nil : "left out", trial.isRepeated ? "repeated" : nil].compactMap(
                        \.self)
                    return [
                        String(trial.pair), Markdown.text(name), String(trial.seed), String(trial.labSeed),
                        Figures.count(trial.figures.calls),
                    ] + shown.map { ComparisonCells.value(trial.figures[$0], of: $0) } + [words.joined(separator: ", ")]
                })
    }

    private static func leftOut(_ comparison: TrialComparison) -> [String] {
        comparison.leftOut.map { "- pair \($0.pair), \(Markdown.text($0.variant)): \(Markdown.text($0.reason))" }
    }

    private static func method(_ comparison: TrialComparison) -> [String] {
        let method = comparison.method
        let confidence = ComparisonCells.confidence(method)
        var lines = [
            "- The trials of a pair have the same arrivals, data and client's choices, and service times of their own. "
                + "Warm-up phases are in no figure.",
            "- Latencies and amplification are compared by the differences of their logarithms, errors, goodput and target "
                + "load by plain differences. The interval is Student's, over the pairs.",
            "- *same within*: the whole interval is within \(Figures.share(method.delta)), for errors within "
                + "\(Figures.share(method.delta)) of the first variant's share or 0.1 points. *can't tell: needs N more "
                + "trials*: so many find a change of that size four times out of five.",
        ]
        if method.looks.count > 1 {
            let looks = method.looks.map(String.init).joined(separator: ", ")
            lines.append(
                "- It was looked at after \(looks) pairs until the headline was sure. So each interval is at "
                    + "\(confidence), and all looks together are wrong in 5 % of the cases.")
        }
        if ComparisonCells.doubtful(comparison) > 0 {
            lines.append(
                "- \\* The difference does not stand when the figures of the variant are judged together (Holm): of several "
                    + "figures one looks different by chance now and then. The headline, \(comparison.headline.name), was "
                    + "chosen before, and stands for itself.")
        }
        if comparison.isSimulated {
            lines.append(
                "- The intervals speak of chance in the model. How well the model fits a service they cannot know.")
        }
        return lines
    }

    private static func environment(_ comparison: TrialComparison) -> [String] {
        guard let machine = comparison.environment else { return [] }
        return [
            "- \(Markdown.text(machine.cpu)), \(Figures.count(machine.cores, "core")), "
                + "\(Figures.bytes(machine.memoryBytes)), \(Markdown.text(machine.kernel))",
            "- Gale \(Markdown.text(comparison.gale)), \(Markdown.text(machine.build)) build",
        ]
    }
}
