import Core
import Model
import Policies

/// What must hold between policies, endpoints and steps.
enum PolicyRules {
    static func check(
        _ entries: Entries<PlanKeys.Draft>, scenarios: [Scenario], endpoints: PlannedEndpoints?,
        _ context: inout ReadingContext
    ) {
        let draft = entries.draft
        checkBulkheads(draft.client.bulkheads ?? [], scenarios: scenarios, &context)
        let policies = draft.client.settings.policies
        checkSharding(policies.shard, endpoints: endpoints, root: entries.node, &context)
        if case .health(let header) = policies.balance.weights, policies.check == nil {
            context.complain(
                .missing, at: entries.node.deepest("client", "balance", "weights"),
                "weights come from `\(header.printable)` in the answers to health checks, and there are none",
                remedy: "write `client.health.check`, or take `header`")
        }
    }

    private static func checkBulkheads(
        _ bulkheads: [BulkheadKeys.Draft], scenarios: [Scenario], _ context: inout ReadingContext
    ) {
        guard bulkheads.contains(where: { !$0.steps.isEmpty }) else { return }
        var names: [String] = []
        for scenario in scenarios {
            for step in scenario.steps { names += [step.name, "\(scenario.name)/\(step.name)"] }
        }
        let known = Set(names)
        for step in bulkheads.flatMap(\.steps) where !known.contains(step.value) {
            let near = context.nearest(to: step.value, in: names)
            context.complain(
                .scope, at: step.place, "`\(step.value.printable)` is no step of this plan",
                remedy: near.map { "did you mean `\($0)`?" }
                    ?? "known are " + names.prefix(8).map { "`\($0.printable)`" }.joined(separator: ", "))
        }
    }

    /// Most points of a ring, of all shards together: that of Envoy.
    private static let mostPoints = 8_000_000

    private static func checkSharding(
        _ shard: ShardSettings?, endpoints: PlannedEndpoints?, root: PlanNode, _ context: inout ReadingContext
    ) {
        guard let shard else {
            for step in context.sharded {
                for (word, place) in [("batch", step.batch), ("gather", step.gather)] {
                    guard let place else { continue }
                    context.complain(
                        .missing, at: place, "`\(word)` is about the answers of several shards, and there are none",
                        remedy: "write `client.shard`, or remove it")
                }
            }
            return
        }
        for step in context.sharded where step.key == nil {
            guard let place = step.extract else { continue }
            context.complain(
                .conflict, at: place,
                "the step has no `key`, so that it goes to several shards, and `extract` takes values from one answer",
                remedy: "write a `key`, or `gather` in place of `extract`")
        }
        guard let count = endpoints?.count else { return }
        switch shard.rule {
        case .range(let bounds) where count != bounds.count + 1 && count > 1:
            context.complain(
                .conflict, at: root.deepest("client", "shard", "bounds"),
                "\(bounds.count.grouped) bounds divide the keys among \((bounds.count + 1).grouped) shards, and the plan has "
                    + "\(count.grouped) endpoints", remedy: "write one bound fewer than endpoints")
        case .maglev(let size) where size < count:
            context.complain(
                .range, at: root.deepest("client", "shard", "table"),
                "a table of \(size.grouped) has no room for \(count.grouped) endpoints",
                remedy: "write a prime number of at least 100 times as many")
        case .ring(let nodes) where nodes * count > mostPoints:
            context.complain(
                .range, at: root.deepest("client", "shard", "nodes"),
                "\(nodes.grouped) points for each of \(count.grouped) endpoints are more than \(mostPoints.grouped)",
                remedy: "write fewer")
        default: break
        }
    }
}

extension PlanNode {
    /// The place of the value under the last of these nested keys that stands there, else this one's.
    func deepest(_ keys: String...) -> Place {
        var node = self
        for key in keys {
            guard let entry = node.entry(key) else { break }
            node = entry.value
        }
        return node.place
    }
}
