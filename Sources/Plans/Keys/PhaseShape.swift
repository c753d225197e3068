import Arrivals
import Core

/// The rules between the keys of a phase: which ones make a shape, and what must hold among their values.
struct PhaseShape {
    let entries: Entries<PhaseKeys.Draft>

    /// Keys of each shape of an open phase; the first one is the one that names it.
    private static let shapes = [["step", "every"], ["wave", "period"], ["spike", "at", "lasts"], ["burst"]]
    private static let closedOnly = ["count", "think"]
    private static let openOnly = ["arrivals"] + shapes.flatMap { $0 }
    private static let scheduled = ["rate", "users"] + closedOnly + openOnly

    private var draft: PhaseKeys.Draft { entries.draft }

    func read(_ context: inout ReadingContext) -> LoadShape? {
        if let file = draft.replay { return replay(file, &context) }
        guard refuse(["speed"], "belongs to a phase with `replay`, and this one has none", &context) else { return nil }
        switch (draft.rate, draft.users) {
        case (let rate?, nil): return open(from: rate.from, to: rate.to, &context)
        case (nil, let users?): return closed(from: users.from, to: users.to, &context)
        case (.some, .some):
            context.complain(
                .conflict, at: entries["users"] ?? entries.node.place,
                "`users` and `rate` stand in one phase, which is either open or closed",
                remedy: "make two phases of it")
        case (nil, nil):
            context.complain(
                .missing, at: entries.node.place, "the phase has neither `rate` nor `users` nor `replay`",
                remedy: "write one, such as `rate: 200/s`")
        }
        return nil
    }

    // MARK: Open

    private func open(from: Rate, to: Rate?, _ context: inout ReadingContext) -> LoadShape? {
        guard refuse(Self.closedOnly, "belongs to a phase with `users`, and this one has a `rate`", &context) else {
            return nil
        }
        guard let shape = shape(&context) else { return nil }
        if let to, !shape.isEmpty, shape[0] != "step" {
            context.complain(
                .conflict, at: entries.place(of: "rate"),
                "`\(Units.text(from)) to \(Units.text(to))` is a ramp, and a phase with `\(shape[0])` has one rate",
                remedy: "write a single rate, or remove `\(shape[0])`")
            return nil
        }
        // A staircase says by itself how long it lasts; all others must be told.
        guard shape.first == "step" || draft.duration != nil else {
            context.complain(
                .missing, at: entries.node.place, "`for` is missing, and a phase with a `rate` needs it",
                remedy: "write how long it lasts, such as `for: 30s`")
            return nil
        }
        guard let (curve, length) = curve(shape: shape.first, from: from, to: to, &context) else { return nil }
        return .open(curve, arrivals: draft.arrivals ?? .regular, for: length)
    }

    /// The keys of the one shape that is there; empty for a constant rate or a ramp; nil after a complaint.
    private func shape(_ context: inout ReadingContext) -> [String]? {
        let there = Self.shapes.filter { !entries.present($0).isEmpty }
        guard let shape = there.first else { return [] }
        if there.count > 1 {
            let key = entries.present(there[1])[0]
            context.complain(
                .conflict, at: entries[key] ?? entries.node.place,
                "`\(key)` and `\(entries.present(shape)[0])` stand in one phase, which has one shape",
                remedy: "make two phases of it")
            return nil
        }
        for key in shape where entries[key] == nil {
            let present = entries.present(shape)[0]
            context.complain(
                .missing, at: entries[present] ?? entries.node.place,
                "`\(key)` is missing, and a phase with `\(present)` needs it",
                remedy: "write it beside `\(present)`")
            return nil
        }
        return shape
    }

    private func curve(
        shape: String?, from: Rate, to: Rate?, _ context: inout ReadingContext
    ) -> (RateCurve, Span)? {
        let length = draft.duration ?? .zero
        switch shape {
        case "step": return steps(from: from, to: to, &context)
        case nil:
            guard let to else {
                return sends(from, &context) ? (.constant(from), length) : nil
            }
            guard sends(max(from, to), &context) else { return nil }
            return (.ramp(from: from, to: to), length)
        case "wave":
            guard sends(from, &context), let wave = draft.wave, let period = draft.period else { return nil }
            guard wave <= from else {
                context.complain(
                    .range, at: entries.place(of: "wave"),
                    "the wave swings by \(Units.text(wave)) around \(Units.text(from)), and a rate cannot be negative",
                    remedy: "write at most \(Units.text(from))")
                return nil
            }
            return (.wave(mean: from, amplitude: wave, period: period), length)
        case "spike":
            guard let peak = draft.spike, let at = draft.at, let lasts = draft.lasts else { return nil }
            guard sends(max(from, peak), &context) else { return nil }
            guard at + lasts <= length else {
                context.complain(
                    .range, at: entries.place(of: "lasts"),
                    "the spike ends \(Units.text(at + lasts)) after the start of the phase, which lasts "
                        + Units.text(length), remedy: "shorten the spike, or lengthen the phase")
                return nil
            }
            return (.spike(base: from, peak: peak, at: at, lasts: lasts), length)
        default:
            guard sends(from, &context), let burst = draft.burst else { return nil }
            return (.bursts(from, size: burst), length)
        }
    }

    private func steps(from: Rate, to: Rate?, _ context: inout ReadingContext) -> (RateCurve, Span)? {
        guard let step = draft.step, let every = draft.every else { return nil }
        guard let to, to != from else {
            context.complain(
                .conflict, at: entries.place(of: "rate"),
                "`rate` does not change, and a phase with `step` goes from one rate to another",
                remedy: "write it like `100/s to 1000/s`")
            return nil
        }
        let height = (to.perSecond - from.perSecond).magnitude
        // A hair is allowed, so that 0.1/s to 1/s by 0.1/s has ten levels and not eleven.
        let climbs = (height / step.perSecond - 1e-9).rounded(.up)
        guard climbs <= 10_000 else {
            context.complain(
                .range, at: entries.place(of: "step"),
                "from \(Units.text(from)) to \(Units.text(to)) by \(Units.text(step)) makes more than 10_000 levels",
                remedy: "write a larger step")
            return nil
        }
        let levels = Int(climbs) + 1
        let whole = Double(levels) * Double(every.nanoseconds)
        guard whole <= Double(Units.maximumDuration.nanoseconds) else {
            context.complain(
                .range, at: entries.place(of: "every"),
                "\(levels.grouped) levels of \(Units.text(every)) last longer than 30d, the longest duration of a plan",
                remedy: "write fewer or shorter levels")
            return nil
        }
        let all = Span(nanoseconds: every.nanoseconds * Int64(levels))
        let length = draft.duration ?? all
        // The last level counts as reached once it has begun.
        let climb = Span(nanoseconds: every.nanoseconds * Int64(levels - 1))
        if length <= climb {
            context.warn(
                .unreached, at: entries.place(of: "for"),
                "the phase lasts \(Units.text(length)), and the last level begins only after \(Units.text(climb))",
                remedy: "lengthen it, or remove `for`, which makes it \(Units.text(all))")
        }
        return (.steps(from: from, to: to, by: step, every: every), length)
    }

    /// Complains of a phase whose highest rate is zero.
    private func sends(_ rate: Rate, _ context: inout ReadingContext) -> Bool {
        guard rate.perSecond <= 0 else { return true }
        context.complain(
            .range, at: entries.place(of: "rate"), "at \(Units.text(rate)) the phase sends nothing",
            remedy: "write a rate above zero")
        return false
    }

    // MARK: Replay

    private func replay(_ file: ReplayFile, _ context: inout ReadingContext) -> LoadShape? {
        guard
            refuse(Self.scheduled, "says when calls begin, and in this phase the times of the `replay` do", &context)
        else { return nil }
        let whole = ReplaySchedule(file.times, speed: draft.speed ?? 1, source: file.label)
        guard let length = draft.duration else {
            guard whole.end <= Units.maximumDuration else {
                context.complain(
                    .range, at: entries.place(of: "replay"),
                    "the last arrival is due \(Int(whole.end.seconds).grouped) s after the start, and a phase lasts at most 30d",
                    remedy: "count the seconds since the first arrival, write a higher `speed`, or cut it with `for`")
                return nil
            }
            return .replay(whole, for: whole.end)
        }
        let cut = whole.cut(at: length)
        guard cut.count > 0 else {
            context.complain(
                .range, at: entries.place(of: "for"),
                "the phase lasts \(Units.text(length)), and its first arrival is due after "
                    + Units.text(whole.offset(of: 0) ?? .zero), remedy: "lengthen it, or remove `for`")
            return nil
        }
        return .replay(cut, for: length)
    }

    // MARK: Closed

    private func closed(from: Int, to: Int?, _ context: inout ReadingContext) -> LoadShape? {
        guard refuse(Self.openOnly, "belongs to a phase with a `rate`, and this one has `users`", &context) else {
            return nil
        }
        let end: ClosedEnd
        switch (draft.duration, draft.count) {
        case (let duration?, nil): end = .after(duration)
        case (nil, let count?):
            guard to == nil else {
                context.complain(
                    .conflict, at: entries["count"] ?? entries.node.place,
                    "`count` and a ramp of users stand in one phase, and a ramp needs to know how long it lasts",
                    remedy: "write `for` instead of `count`")
                return nil
            }
            end = .count(count)
        case (.some, .some):
            context.complain(
                .conflict, at: entries["count"] ?? entries.node.place,
                "`count` and `for` stand in one phase, which ends by one of them", remedy: "remove one")
            return nil
        case (nil, nil):
            context.complain(
                .missing, at: entries.node.place, "the phase has no end",
                remedy: "write `for: 30s`, or `count: 10_000`")
            return nil
        }
        let users = to.map { UserCurve.ramp(from: from, to: $0) } ?? .constant(from)
        return .closed(users, think: draft.think ?? .zero, until: end)
    }

    /// Complains of the first of `keys` that is there.
    private func refuse(_ keys: [String], _ reason: String, _ context: inout ReadingContext) -> Bool {
        guard let key = entries.present(keys).first else { return true }
        context.complain(
            .conflict, at: entries[key] ?? entries.node.place, "`\(key)` \(reason)", remedy: "remove it")
        return false
    }
}
