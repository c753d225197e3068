import Arrivals
import Core
import Flows

/// The keys of one phase of `load:`. `PhaseShape` makes a phase of what they say.
enum PhaseKeys {
    struct Draft: Sendable {
        var rate: (from: Rate, to: Rate?)?
        var duration: Span?
        var arrivals: ArrivalProcess?
        var step: Rate?
        var every: Span?
        var wave: Rate?
        var period: Span?
        var spike: Rate?
        var at: Span?
        var lasts: Span?
        var burst: Int?
        var users: (from: Int, to: Int?)?
        var count: Int?
        var think: Span?
        var replay: ReplayFile?
        var speed: Double?
        var warmUp = false
    }

    static let form: Form<LoadPhase> = record.form { entries, context in
        PhaseShape(entries: entries).read(&context).map { LoadPhase($0, warmUp: entries.draft.warmUp) }
    }

    private static let record = Record<Draft>(
        "load", noun: "a phase",
        doc: """
            Phases of load, one after the other. A phase with `rate` is open: calls begin when the schedule says so, \
            whatever the target does. A phase with `users` is closed: each user begins its next call when its last one \
            has ended. A phase with `replay` is open, too: calls begin at recorded times.

            - constant: `{ rate: 200/s, for: 10s }`
            - ramp: `{ rate: 200/s to 2000/s, for: 2m }`
            - steps: `{ rate: 100/s to 1000/s, step: 100/s, every: 30s }`
            - wave: `{ rate: 500/s, wave: 200/s, period: 1m, for: 10m }`
            - spike: `{ rate: 500/s, spike: 2000/s, at: 1m, lasts: 10s, for: 3m }`
            - bursts: `{ rate: 500/s, burst: 50, for: 1m }`
            - users: `{ users: 10, for: 1m, think: 1s }`, `{ users: 10 to 200, for: 1m }`, `{ users: 10, count: 10_000 }`
            - replay: `{ replay: access.csv, speed: 2 }`
            """,
        example: """
            load:
              - { rate: 200/s, for: 10s, warm-up: true }
              - { rate: 200/s to 2000/s, for: 2m, arrivals: poisson }
              - { users: 10 to 200, for: 1m, think: 1s }
            """,
        start: Draft(),
        keys: [
            .optional(
                "rate", rates, into: \.rate,
                doc: "Arrivals per second, minute or hour. `RATE to RATE` is a straight line over the phase, or a "
                    + "staircase with `step`.", example: "200/s to 2000/s"),
            .optional(
                "for", .positiveDuration, into: \.duration,
                doc: "How long the phase lasts. A staircase does without: it lasts until its last level has had its "
                    + "time.", example: "2m"),
            .optional(
                "arrivals", .choice(["regular": .regular, "poisson": .poisson]), into: \.arrivals, default: "regular",
                doc: "How arrivals fall around the rate: evenly, or at random as those of many independent clients do.",
                example: "poisson"),
            .optional(
                "step", .positiveRate, into: \.step, doc: "How much a staircase climbs, or falls, at a time.",
                example: "100/s"),
            .optional(
                "every", .positiveDuration, into: \.every, doc: "How long a level of a staircase lasts.",
                example: "30s"),
            .optional(
                "wave", .positiveRate, into: \.wave,
                doc: "How far the rate swings above and below `rate`, at most by `rate` itself.", example: "200/s"),
            .optional(
                "period", .positiveDuration, into: \.period, doc: "How long one swing of the wave takes.",
                example: "1m"),
            .optional("spike", .rate, into: \.spike, doc: "The rate during the spike.", example: "2000/s"),
            .optional(
                "at", .duration, into: \.at, doc: "When the spike begins, from the start of the phase.", example: "1m"),
            .optional("lasts", .positiveDuration, into: \.lasts, doc: "How long the spike lasts.", example: "10s"),
            .optional(
                "burst", .count(1...1_000_000, of: "arrivals in a burst"), into: \.burst,
                doc: "How many arrivals come at once; bursts follow each other so that `rate` is kept.", example: "50"),
            .optional(
                "users", users, into: \.users,
                doc: "Users of a closed phase. `N to M` is a straight line over the phase.", example: "10 to 200"),
            .optional(
                "count", .count(1...1_000_000_000, of: "calls"), into: \.count,
                doc: "A closed phase ends after that many calls, all users together; instead of `for`.",
                example: "10_000"),
            .optional(
                "think", .duration, into: \.think, default: "0s",
                doc: "How long a user of a closed phase waits between two calls.", example: "1s"),
            .optional(
                "replay", replay, into: \.replay,
                doc:
                    "A CSV file in the plan's directory or below, whose column `at` has the time of each arrival: seconds "
                    + "since the start of the phase, with decimals, ascending. The phase lasts until the last one, unless "
                    + "`for` makes it longer or cuts it. The same file under `data:` begins anew with the phase, so that "
                    + "each arrival has its own row.", example: "access.csv"),
            .optional(
                "speed", .number("a speed"), into: \.speed, default: "1",
                doc: "How many times as fast as it was recorded a replay runs: its times are divided by this.",
                example: "2"),
            .optional(
                "warm-up", .boolean, into: \.warmUp, default: "false",
                doc: "Results of the phase are kept apart from those of the run, and budgets do not see them.",
                example: "true"),
        ])

    private static let rates: Form<(from: Rate, to: Rate?)> = {
        let form = rateTexts
        return Form(form.kind) { node, context in
            guard let rates = form.read(node, &context),
                context.canRun(max(rates.from, rates.to ?? rates.from), at: node.place)
            else { return nil }
            return rates
        }
    }()

    private static let rateTexts: Form<(from: Rate, to: Rate?)> = Form(
        .rateOrRange,
        text: { text throws(Complaint) in
            let ends = Units.ends(of: text)
            return try complaining { () throws(UnitProblem) in
                (
                    from: try Units.rate(ends.from),
                    to: try ends.to.map { text throws(UnitProblem) in try Units.rate(text) }
                )
            }
        })

    private static let users: Form<(from: Int, to: Int?)> = Form(
        .countOrRange(range),
        text: { text throws(Complaint) in
            let ends = Units.ends(of: text)
            return try complaining { () throws(UnitProblem) in
                let from = try Units.count(ends.from, in: range, noun: "a number of users")
                return (
                    from: from,
                    to: try ends.to.map { text throws(UnitProblem) in
                        try Units.count(text, in: range, noun: "a number of users")
                    }
                )
            }
        })

    private static let replay = Form<ReplayFile>(.file) { node, context in
        guard let path = Form<String>.text("path").read(node, &context) else { return nil }
        do throws(Complaint) {
            let bytes = try context.files.data(path)
            do throws(DataError) {
                return try ReplayFile(bytes, label: node.source ?? path)
            } catch {
                let line = error.line.map { ", line \($0)" } ?? ""
                throw Complaint(
                    .data, "`\(path.printable)`\(line): \(error.message.printable(upTo: 300))", remedy: error.remedy)
            }
        } catch {
            context.complain(error, at: node.place)
            return nil
        }
    }

    private static let range = 1...Units.maximumUsers
}
