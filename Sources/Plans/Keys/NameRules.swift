import Flows

/// Every name that a text mentions must come from somewhere: the data, setup, or a step of the same scenario.
enum NameRules {
    /// Mentions that belong together, and the flow that they stand in.
    typealias Scope = (mentions: [Placed<String>], flow: [FlowItem])

    /// - Parameter shared: names that setup leaves for everybody.
    static func check(_ scopes: [Scope], data: [DataSource], shared: [FlowItem], _ context: inout ReadingContext) {
        let columns = Set(data.flatMap { source in source.columns.map { source.variable(of: $0) } })
        let left = extracted(shared, context.variables)
        let sources = Dictionary(data.map { ($0.name, $0) }) { first, _ in first }
        for scope in scopes {
            let known = columns.union(left).union(extracted(scope.flow, context.variables))
            for mention in scope.mentions where !known.contains(mention.value) {
                complain(mention, known: known, sources, &context)
            }
        }
        // A data source and an extracted value of one name would overwrite each other.
        for name in context.extracted where sources[name.value] != nil {
            context.complain(
                .variable, at: name.place,
                "`\(name.value.printable)` is extracted here, and is a data source as well",
                remedy: "give the extracted value another name")
        }
    }

    /// A data source that no step reads is probably a name written wrongly.
    /// - Parameter node: the value of `data:`.
    static func warnOfUnused(
        _ data: [DataSource], in node: PlanNode?, _ scopes: [Scope], _ context: inout ReadingContext
    ) {
        guard case .map(let entries)? = node?.content else { return }
        let mentioned = Set(scopes.flatMap(\.mentions).map(\.value))
        let drawn = Set(scopes.flatMap { $0.flow.flatMap(draws) })
        for (index, (source, entry)) in zip(data, entries).enumerated() {
            guard !source.columns.contains(where: { mentioned.contains(source.variable(of: $0)) }) else { continue }
            let example = source.columns.first.map { source.variable(of: $0) } ?? source.name
            context.warn(
                .unreached, at: entry.keyPlace,
                "no step reads a value of the data source `\(source.name)`"
                    + (drawn.contains(index) ? ", and `next` draws it all the same" : ""),
                remedy: "write `{{\(example)}}` where it belongs, or remove the source")
        }
    }

    /// The sources that an item draws anew.
    private static func draws(_ item: FlowItem) -> [Int] {
        if case .draw(let sources) = item { sources } else { item.items.flatMap(draws) }
    }

    private static func extracted(_ flow: [FlowItem], _ variables: VariableTable) -> Set<String> {
        let steps = flow.flatMap(\.steps)
        let gathered = steps.flatMap(\.gathers).map { variables.names[$0.slot] }
        return Set(steps.flatMap(\.extractions).map(\.name) + gathered)
    }

    private static func complain(
        _ mention: Placed<String>, known: Set<String>, _ sources: [String: DataSource],
        _ context: inout ReadingContext
    ) {
        let name = mention.value
        let source = sources[String(name.prefix { $0 != "." })]
        let message: String
        let remedy: String
        if let source, source.columns == [""] {
            message =
                "the data source `\(source.name)` has single values and no columns, and `\(name.printable)` is one"
            remedy = "write `{{\(source.name)}}`"
        } else if let source {
            let columns = source.columns.prefix(8).map { "`\(source.variable(of: $0))`" }.joined(separator: ", ")
            message =
                name == source.name
                ? "the data source `\(source.name)` has columns, and `\(name)` alone is none of them"
                : "`\(name.printable)` is no column of the data source `\(source.name)`"
            remedy =
                context.nearest(to: name, in: source.columns.map { source.variable(of: $0) })
                .map { "did you mean `\($0)`?" } ?? "known are \(columns)"
        } else {
            message = "nothing gives `\(name.printable)` a value"
            remedy =
                context.nearest(to: name, in: known.sorted()).map { "did you mean `\($0)`?" }
                ?? "describe it under `data:`, or extract it in a step of the same scenario or of `setup`"
        }
        context.complain(.variable, at: mention.place, message, remedy: remedy)
    }
}
