/// How one step, or one endpoint, differs between the two sides.
package struct PartDiff: Hashable, Sendable, Encodable {
    package var name: String
    /// The fewest calls of a run, of each side.
    package var aCalls: Int
    package var bCalls: Int
    /// By the raw values of figures, over the runs of the side.
    package var a: [String: Double]
    package var b: [String: Double]
    /// In the order of `ComparedFigure.ofParts`.
    package var changes: [FigureChange]

    package subscript(figure: ComparedFigure) -> FigureChange? { changes.first { $0.figure == figure } }

    /// The parts that both runs of each pair have, in the order of the first run. All their figures are judged together.
    static func all(
        of pairs: [RunPairs.Pair], _ list: KeyPath<DiffRun, [DiffRun.Part]>, _ method: TrialComparison.Method
    ) -> [PartDiff] {
        var maps: [(first: [String: TrialFigures], other: [String: TrialFigures])] = []
        func map(_ run: DiffRun) -> [String: TrialFigures] {
            Dictionary(run[keyPath: list].map { ($0.name, $0.figures) }) { first, _ in first }
        }
        for pair in pairs { maps.append((map(pair.first), map(pair.other))) }
        guard let names = pairs.first?.first[keyPath: list].map(\.name) else { return [] }
        var parts: [PartDiff] = names.compactMap { name in
            let figures = maps.compactMap { map in
                map.first[name].flatMap { one in map.other[name].map { (first: one, other: $0) } }
            }
            return figures.count == maps.count ? PartDiff(name, figures, method) : nil
        }
        // One family: the chance that any of them all is called different by accident is at most α.
        var all = parts.flatMap(\.changes)
        all.judgeTogether(headline: nil)
        var next = 0
        for index in parts.indices {
            let count = parts[index].changes.count
            parts[index].changes = Array(all[next..<(next + count)])
            next += count
        }
        return parts
    }

    private init(
        _ name: String, _ pairs: [(first: TrialFigures, other: TrialFigures)], _ method: TrialComparison.Method
    ) {
        self.name = name
        aCalls = pairs.map(\.first.calls).min() ?? 0
        bCalls = pairs.map(\.other.calls).min() ?? 0
        a = BundleDiff.values(of: pairs.map(\.first), ComparedFigure.ofParts)
        b = BundleDiff.values(of: pairs.map(\.other), ComparedFigure.ofParts)
        changes = ComparedFigure.ofParts.map { figure in
            if pairs.count == 1 {
                return FigureChange(
                    figure, of: name, first: pairs[0].first, other: pairs[0].other, delta: method.delta, interval: nil)
            }
            return FigureChange(figure, of: name, pairs: pairs, delta: method.delta, alpha: method.alpha)
        }
    }
}
