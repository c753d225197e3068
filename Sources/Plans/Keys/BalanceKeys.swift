import Core
import Policies

/// `client.balance:` how to choose among endpoints.
enum BalanceKeys {
    /// The words for rules.
    enum Word: Sendable {
        case rule(BalanceSettings.Rule)
        /// Weighted round robin by the load that endpoints report.
        case loadReport
    }

    struct Draft: Sendable {
        var word: Word?
        var choices: Int?
        var settings = BalanceSettings()
        var weights: BalanceSettings.Weights?
    }

    static let form: Form<BalanceSettings> = Forms.textOrMap(
        word.map { finish(Draft(word: $0)) }, record.form { entries, context in finish(entries, &context) })

    private static let word = Form<Word>.choice([
        "round-robin": .rule(.roundRobin), "weighted-round-robin": .rule(.weightedRoundRobin),
        "least-connections": .rule(.leastConnections), "least-request": .rule(.leastRequest(choices: 2)),
        "p2c": .rule(.leastRequest(choices: 2)), "peak-ewma": .rule(.peakEWMA), "random": .rule(.random),
        "load-report": .loadReport,
    ])

    private static let record = Record<Draft>(
        "client.balance", noun: "`client.balance`",
        doc: """
            How a call's endpoint is chosen among those that are available. In place of the map, the name of the `rule` \
            alone. When only few are available, all are chosen from (`panic`): it is better to lose some calls than to \
            drown the rest.

            | rule | chooses |
            |---|---|
            | `round-robin` | one after the other, from a random start |
            | `weighted-round-robin` | the same by weight, smoothly |
            | `least-connections` | the fewest calls in flight of all, relative to the weight |
            | `least-request`, `p2c` | the fewest calls in flight of two, or `choices`, drawn at random |
            | `peak-ewma` | of two drawn at random the smaller product of latency and calls in flight |
            | `random` | by weight, at random |
            | `load-report` | as `weighted-round-robin`, by the load that answers report in `endpoint-load-metrics` |
            """,
        example: """
            endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
            client:
              balance: { rule: least-request, choices: 3, slow-start: 30s }
            """,
        start: Draft(),
        keys: [
            .optional("rule", word, into: \.word, default: "round-robin", doc: "The rule.", example: "p2c"),
            .optional(
                "choices", .count(2...32, as: "a number of endpoints to draw"), into: \.choices, default: "2",
                doc: "How many `least-request` draws.", example: "3"),
            .optional(
                "weights", weights, into: \.weights, default: "plan",
                doc:
                    "Where weights come from: the plan or the source of the endpoints, or [reports](#clientbalanceweights) "
                    + "of load.", example: "{ header: X-Load }"),
            .optional(
                "slow-start", .positiveDuration, into: \.settings.slowStart,
                doc: "How long a new endpoint takes to get its full weight.", example: "30s"),
            .optional(
                "aggression", .number("an aggression", in: 0.1...100), into: \.settings.aggression, default: "1",
                doc: "The shape of the slow start: weight grows with the time to the power of 1/aggression.",
                example: "2"),
            .optional(
                "panic", .share, into: \.settings.panic, default: "50%",
                doc:
                    "With a smaller share of endpoints available all are chosen from. `0%` switches it off: without any "
                    + "available, calls are rejected.", example: "30%"),
            .optional(
                "decay", .positiveDuration, into: \.settings.decay, default: "10s",
                doc: "How long `peak-ewma` remembers a slow answer.", example: "5s"),
        ])

    private struct WeightsDraft: Sendable {
        var header: String?
        var health: String?
    }

    private static let weights: Form<BalanceSettings.Weights> = Forms.textOrMap(
        .choice(["plan": .plan]),
        Record<WeightsDraft>(
            "client.balance.weights", noun: "`weights`",
            doc: """
                Weights from what endpoints say of their load, in one of the two: an ORCA load report \
                (`endpoint-load-metrics`), or a number, the utilisation from 0 to 1.
                """,
            example: """
                endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
                client:
                  balance: { rule: weighted-round-robin, weights: { header: X-Load } }
                """,
            start: WeightsDraft(),
            keys: [
                .optional(
                    "header", Form(.text("name"), text: HTTPText.anyHeaderName), into: \.header,
                    doc: "A header of every answer.", example: "X-Load"),
                .optional(
                    "health", Form(.text("name"), text: HTTPText.anyHeaderName), into: \.health,
                    doc: "A header of the answers to `client.health.check`.", example: "X-Load"),
            ]
        ).form { entries, context in
            let present = entries.present(["header", "health"])
            guard present.count == 1 else {
                context.complain(
                    present.isEmpty ? .missing : .conflict, at: entries.node.place,
                    present.isEmpty
                        ? "the map does not say which header has the load"
                        : "`header` and `health` stand in one map, and weights come from one place",
                    remedy: present.isEmpty ? "write `header: X-Load`" : "keep one of them")
                return nil
            }
            return entries.draft.header.map { .header($0) } ?? entries.draft.health.map { .health($0) }
        })

    private static func finish(_ draft: Draft) -> BalanceSettings {
        var settings = draft.settings
        switch draft.word {
        case .loadReport?:
            settings.rule = .weightedRoundRobin
            settings.weights = .header("endpoint-load-metrics")
        case .rule(let rule)?: settings.rule = rule
        case nil: break
        }
        if let weights = draft.weights { settings.weights = weights }
        if let choices = draft.choices { settings.rule = .leastRequest(choices: choices) }
        return settings
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> BalanceSettings? {
        let rule = entries.values["rule"]?.text ?? "round-robin"
        let instead = "the rule is `\(rule)`"
        if rule != "least-request",
            !OwnerRule.refuse(["choices"], of: "`rule: least-request`", instead, in: entries, &context)
        {
            return nil
        }
        if rule != "peak-ewma",
            !OwnerRule.refuse(["decay"], of: "`rule: peak-ewma`", instead, in: entries, &context)
        {
            return nil
        }
        if entries["slow-start"] == nil, let place = entries["aggression"] {
            context.warn(
                .ignored, at: place, "`aggression` is of no use without `slow-start`", remedy: "write `slow-start: 30s`"
            )
        }
        if ["round-robin", "peak-ewma"].contains(rule), let place = entries["weights"] {
            context.warn(
                .ignored, at: place, "`\(rule)` does not look at weights",
                remedy: "write `rule: weighted-round-robin`")
        }
        return finish(entries.draft)
    }
}
