import Core
import Model

/// `episodes:` of a service: what happens to its replicas while the run lasts.
enum EpisodeKeys {
    struct Draft: Sendable {
        var slow: Double?
        var time: TimeDistribution?
        var pause: Span?
        var outage: Span?
        var coldStart: Double?
        var workers: Int?
        var restart: Span?
        var at: Span = .zero
        var lasts: Span?
        var every: Span?
        var replicas: ClosedRange<Int>?
        var isAnnounced = false
    }

    static let form: Form<Episode> = record.form { entries, context in finish(entries, &context) }

    /// The keys that say what happens.
    private static let kinds = ["slow", "time", "pause", "outage", "cold-start", "workers", "restart"]
    /// Those whose value is how long it lasts.
    private static let lengths = ["pause", "outage", "restart"]

    private static let record = Record<Draft>(
        "lab.services.episodes", noun: "an episode",
        doc: """
            What happens to the replicas of the service while the run lasts. Times count from the start of the load, warm-up \
            included. Each item has one of `slow`, `time`, `pause`, `outage`, `cold-start`, `workers` and `restart`.
            """,
        example: """
            target: lab/shop
            lab:
              services:
                shop:
                  replicas: 4
                  time: 10ms
                  episodes:
                    - { slow: 3x, at: 2s, for: 3s, replicas: 0 }
                    - { pause: 200ms, every: 5s }
                    - { outage: 1s, at: 6s, replicas: 1 to 2 }
                    - { cold-start: 5x, at: 7s, for: 2s, replicas: 1 to 2 }
                    - { restart: 500ms, at: 9s, every: 1s }
            """,
        start: Draft(),
        keys: [
            .optional(
                "slow", factor, into: \.slow,
                doc: "Work takes so many times as long; what is under way slows down too.", example: "3x"),
            .optional(
                "time", TimeKeys.form, into: \.time,
                doc:
                    "A [time](#time) that takes the place of the service's `time`, for requests that come in meanwhile.",
                example: "{ p50: 50ms, p99: 1s }"),
            .optional(
                "pause", .positiveDuration, into: \.pause,
                doc:
                    "For so long nothing is worked on and nobody is turned away, as while garbage is collected. What was under "
                    + "way goes on afterwards.", example: "200ms"),
            .optional(
                "outage", .positiveDuration, into: \.outage,
                doc:
                    "For so long connections are refused and open ones reset; what was waiting or being worked on is lost.",
                example: "10s"),
            .optional(
                "cold-start", factor, into: \.coldStart,
                doc: "Work takes so many times as long at first, and the usual time at the end of `for`.", example: "5x"
            ),
            .optional(
                "workers", .count(1...100_000, of: "workers"), into: \.workers,
                doc: "So many workers at each replica. Who is being served when there are fewer is served to the end.",
                example: "4"),
            .optional(
                "restart", .positiveDuration, into: \.restart,
                doc: "An outage of so long at one replica after the other, `every` so often.", example: "5s"),
            .optional("at", .duration, into: \.at, default: "0s", doc: "When it begins.", example: "10s"),
            .optional(
                "for", .positiveDuration, into: \.lasts, default: "to the end of the run",
                doc:
                    "How long `slow`, `time`, `workers` and `cold-start` last; `cold-start` needs it. The others carry their "
                    + "length themselves.", example: "30s"),
            .optional(
                "every", period, into: \.every, default: "only once",
                doc:
                    "From one beginning to the next, for what comes again and again; for `restart` from replica to replica. At "
                    + "least 1ms.",
                example: "5s"),
            .optional(
                "replicas", ReplicaForms.range, into: \.replicas, default: "all of them",
                doc: "Which replicas it strikes, by number from 0.", example: "0 to 3"),
            .optional(
                "announced", .boolean, into: \.isAnnounced, default: "false",
                doc:
                    "Whether whoever finds endpoints is told of an `outage` or `restart`: the replica leaves the endpoints and "
                    + "comes back. Else clients have to find out.", example: "true"),
        ])

    private static let factor = Form<Double>(
        .factor,
        text: { text throws(Complaint) in try complaining { () throws(UnitProblem) in try Units.factor(text) } })

    /// What comes more often is a matter of the service time.
    private static let period = Form<Span>.duration(runAtLeast: .milliseconds(1)).checked { span throws(Complaint) in
        guard span >= .milliseconds(1) else {
            throw Complaint(
                .range, "`every` is \(Units.text(span)), and nothing comes more often than every 1ms",
                remedy: "write `1ms` or longer, or a `slow` episode")
        }
    }

    // MARK: Rules between the keys

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Episode? {
        let present = entries.present(kinds)
        guard present.count == 1, let kind = kind(of: entries.draft) else {
            complain(ofKinds: present, in: entries, &context)
            return nil
        }
        let name = present[0]
        guard lengthFits(name, entries, &context), repetitionFits(name, entries, &context) else { return nil }
        if let place = entries["announced"], name != "outage", name != "restart" {
            context.complain(
                .conflict, at: place, "`announced` belongs to `outage` and `restart`, and this is `\(name)`",
                remedy: "remove `announced`")
            return nil
        }
        let draft = entries.draft
        var episode = Episode(kind, at: draft.at, lasts: draft.pause ?? draft.outage ?? draft.restart ?? draft.lasts)
        episode.every = draft.every
        episode.replicas = draft.replicas
        episode.isAnnounced = draft.isAnnounced
        return episode
    }

    private static func kind(of draft: Draft) -> Episode.Kind? {
        if let factor = draft.slow { return .slow(factor: factor) }
        if let time = draft.time { return .time(time) }
        if draft.pause != nil { return .pause }
        if draft.outage != nil { return .outage }
        if let factor = draft.coldStart { return .cold(factor: factor) }
        if let workers = draft.workers { return .workers(workers) }
        return draft.restart.map { _ in .restart }
    }

    private static func complain(
        ofKinds present: [String], in entries: Entries<Draft>, _ context: inout ReadingContext
    ) {
        guard present.count > 1 else {
            context.complain(
                .missing, at: entries.node.place, "the episode does not say what happens",
                remedy: "write one of " + kinds.map { "`\($0)`" }.joined(separator: ", "))
            return
        }
        context.complain(
            .conflict, at: entries[present[1]] ?? entries.node.place,
            "`\(present[0])` and `\(present[1])` stand in one episode, and each is an episode of its own",
            remedy: "write an item of the list for each")
    }

    private static func lengthFits(
        _ name: String, _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> Bool {
        if lengths.contains(name), let place = entries["for"], let lasts = entries.draft.lasts {
            context.complain(
                .conflict, at: place, "the length of `\(name)` is its own value, and `for` says another one",
                remedy: "remove `for`, or write `\(name): \(Units.text(lasts))`")
            return false
        }
        if name == "cold-start", entries["for"] == nil {
            context.complain(
                .missing, at: entries.place(of: name),
                "`for` is missing, and `cold-start` needs it to know when work takes the usual time",
                remedy: "write it, such as `for: 30s`")
            return false
        }
        return true
    }

    private static func repetitionFits(
        _ name: String, _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> Bool {
        let draft = entries.draft
        guard name != "restart", let every = draft.every else { return true }
        guard let lasts = draft.pause ?? draft.outage ?? draft.lasts else {
            context.complain(
                .conflict, at: entries["every"] ?? entries.node.place,
                "`\(name)` without `for` lasts to the end of the run, and cannot come again",
                remedy: "add `for`, or remove `every`")
            return false
        }
        guard every > lasts else {
            context.complain(
                .range, at: entries.place(of: "every"),
                "`every` is \(Units.text(every)), and each `\(name)` lasts \(Units.text(lasts)), so that they would overlap",
                remedy: "write one longer than \(Units.text(lasts)), or remove `every`")
            return false
        }
        return true
    }
}
