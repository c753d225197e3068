import Core
import Model

/// `service:` of a resource.
enum BackServiceKeys {
    static let form: Form<BackServiceDescription> = record.form { entries, context in finish(entries, &context) }

    private static let record = Record<BackServiceDescription>(
        "lab.resources.service", noun: "a service behind others",
        doc: "A service that only other services call, such as that of a payment.",
        example: ResourceKeys.example(
            "payment: { service: { workers: 8, time: 100ms, failures: 1%, episodes: [{ outage: 5s, at: 2s }] } }",
            step: "call: payment"),
        start: BackServiceDescription(),
        keys: [
            .optional(
                "workers", .count(1...100_000, of: "workers"), into: \.workers, default: "16",
                doc: "Calls served at once.", example: "8"),
            .optional(
                "queue", .count(0...1_000_000, of: "places"), into: \.queue, default: "1_000",
                doc: "Calls that may wait; one more is refused.", example: "100"),
            .optional(
                "time", TimeKeys.form, into: \.time, default: "10ms", doc: "How long a call takes.",
                example: "{ p50: 80ms, p99: 400ms }"),
            .optional(
                "failures", .share, into: \.failures, default: "0%",
                doc: "Share of the calls that fail when they are over.", example: "1%"),
            .optional(
                "episodes", Forms.list(EpisodeKeys.form, of: "episodes"), into: \.episodes,
                doc: "What happens to it while the run lasts; it has no replicas, and nobody is told of it.",
                example: "[{ outage: 10s, at: 30s }]"),
            .optional(
                "recovery", RecoveryKeys.form, into: \.recovery, default: "it stays as it is",
                doc: "When it gets more workers by itself.", example: "{ every: 10s, delay: 5s }"),
        ])

    /// What an episode may say of replicas makes no sense here.
    private static func finish(
        _ entries: Entries<BackServiceDescription>, _ context: inout ReadingContext
    ) -> BackServiceDescription? {
        for item in entries.values["episodes"]?.items ?? [] {
            for key in ["restart", "replicas", "announced"] {
                guard let entry = item.entry(key) else { continue }
                context.complain(
                    .conflict, at: entry.keyPlace,
                    "`\(key)` belongs to services with replicas, and a service behind others has none",
                    remedy: key == "restart" ? "write an `outage`" : "remove it")
                return nil
            }
        }
        return entries.draft
    }
}

/// `recovery:` of a database or of a service behind others.
enum RecoveryKeys {
    static let form: Form<RecoveryDescription> = record.form { entries, context in finish(entries, &context) }

    private static let record = Record<RecoveryDescription>(
        "lab.resources.recovery", noun: "`recovery`",
        doc: """
            Rules by which a resource becomes bigger when too much of it fails, and smaller when that is over. Every so often \
            the share of failures since the last look is compared: above `double` it gets twice its workers (a database: its \
            connections), above `grow` half as many more, above `watch` the next look comes in half the time. After `calm` \
            looks without a share above `watch` it gives back a third, down to what it began with.
            """,
        example: ResourceKeys.example(
            "payment: { service: { workers: 4, time: 20ms, recovery: { every: 5s, minimum: 20, delay: 2s } } }",
            step: "call: payment"),
        start: RecoveryDescription(),
        keys: [
            .optional(
                "every", .period, into: \.every, default: "10s", doc: "From one look to the next.",
                example: "5s"),
            .optional(
                "minimum", .count(1...1_000_000, of: "calls"), into: \.minimum, default: "20",
                doc: "Calls since the last look without which it says nothing.", example: "50"),
            .optional(
                "double", .share, into: \.double, default: "50%", doc: "Share of failures above which it is doubled.",
                example: "40%"),
            .optional(
                "grow", .share, into: \.grow, default: "20%",
                doc: "Share of failures above which it grows by half.", example: "15%"),
            .optional(
                "watch", .share, into: \.watch, default: "10%",
                doc: "Share of failures above which it is looked at more often.", example: "5%"),
            .optional(
                "delay", .duration, into: \.delay, default: "0s", doc: "How long new workers take to be there.",
                example: "5s"),
            .optional(
                "most", .count(1...1_000, as: "a multiple"), into: \.most, default: "8",
                doc: "Never more than so many times what it began with.", example: "4"),
            .optional(
                "calm", .count(1...1_000, of: "looks"), into: \.calm, default: "3",
                doc: "Looks without too many failures after which it shrinks.", example: "5"),
        ])

    private static func finish(
        _ entries: Entries<RecoveryDescription>, _ context: inout ReadingContext
    ) -> RecoveryDescription? {
        let rules = entries.draft
        let steps = [("double", rules.double), ("grow", rules.grow), ("watch", rules.watch)]
        for (higher, lower) in zip(steps, steps.dropFirst()) where higher.1 < lower.1 {
            let key = entries[lower.0] == nil ? higher.0 : lower.0
            context.complain(
                .range, at: entries.place(of: key),
                "`\(lower.0)` is \(Units.text(share: lower.1)), more than `\(higher.0)` (\(Units.text(share: higher.1)))",
                remedy: "write shares that ascend from `watch` over `grow` to `double`")
            return nil
        }
        return rules
    }
}
