/// A plan's tree with its variants, before any of them is chosen.
struct OverlaidPlan: Sendable {
    struct Variant: Sendable {
        let name: String
        /// Where its name stands.
        let place: Place
        let changes: PlanNode
        /// Every place inside the variant, as a test: lines and columns in the plan's own text.
        let extent: ClosedRange<Place>
    }

    /// The plan without a variant.
    let root: PlanNode
    /// Those that are maps: the others are reported when the key is read.
    let variants: [Variant]

    private static let key = "variants"

    init(_ root: PlanNode) {
        self.root = root
        var variants: [Variant] = []
        if case .map(let entries)? = root.entry(Self.key)?.value.content {
            // The key is read with the plan; more than it allows are not looked at here.
            for entry in entries.prefix(VariantKeys.maximum) where entry.value.isMap {
                let last = entry.value.lastPlace
                variants.append(
                    Variant(
                        name: entry.key, place: entry.keyPlace, changes: entry.value,
                        extent: min(entry.keyPlace, last)...max(entry.keyPlace, last)))
            }
        }
        self.variants = variants
    }

    /// The plan with a variant laid over it.
    func root(of variant: Variant) -> PlanNode {
        // A variant of variants would be checked once for each of them; the key refuses it.
        root.merged(with: variant.changes.without(Self.key))
    }

    /// The plan with the variant of that name.
    /// - Parameter option: the number of the option that named it.
    func root(of name: String?, option: Int) throws(PlanProblem) -> PlanNode {
        guard let name else { return root }
        if let variant = variants.first(where: { $0.name == name }) { return root(of: variant) }
        let start = "--variant ".unicodeScalars.count
        let place = Place(
            line: 1, column: start + 1, length: max(1, name.unicodeScalars.count), in: .option(option))
        let names = variants.map(\.name)
        let remedy =
            if let near = NearestWord.find(name, in: names) {
                "did you mean `\(near)`?"
            } else if names.isEmpty {
                "describe it under `variants:`"
            } else {
                "known are " + names.map { "`\($0.printable)`" }.joined(separator: ", ")
            }
        throw PlanProblem(
            .error, .variant, at: place, "the plan has no variant `\(name.printable)`", remedy: remedy)
    }
}

extension PlanNode {
    /// A map without one of its keys.
    fileprivate func without(_ key: String) -> PlanNode {
        guard case .map(let entries) = content else { return self }
        var node = self
        node.content = .map(entries.filter { $0.key != key })
        return node
    }

    /// The last place at which something of this value begins.
    fileprivate var lastPlace: Place {
        switch content {
        case .scalar: place
        case .list(let items): items.last.map { max(place, $0.lastPlace) } ?? place
        case .map(let entries): entries.last.map { max(place, $0.keyPlace, $0.value.lastPlace) } ?? place
        }
    }
}
