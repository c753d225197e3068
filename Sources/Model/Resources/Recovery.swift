import Core

/// The rules that make one resource bigger, or smaller again, by its share of failures: `RecoveryDescription` at work.
///
/// | since the last look | comes to |
/// |---|---|
/// | fewer than `minimum` calls | nothing: they say nothing |
/// | failures above `double` | twice the workers; calm begins anew |
/// | failures above `grow` | half as many more, rounded up; calm begins anew |
/// | failures above `watch` | the next look in half the time; calm begins anew |
/// | else | calm, and after `calm` such looks in a row a third fewer, rounded up |
///
/// Never more than `most` times, never fewer than at first. While workers that were asked for are not there yet, nothing is
/// changed: else one overload would be answered twice.
struct Recovery {
    private let rules: RecoveryDescription
    private let usual: Int
    private var workers: Int
    private var calls = 0
    private var failures = 0
    private var calmLooks = 0
    private var isWaiting = false
    /// How often it changed the workers.
    private(set) var steps = 0

    struct Look: Hashable {
        /// From now on, when `delay` is over; nil: as many as before.
        var workers: Int?
        /// Until the next look.
        var next: Span
    }

    /// - Parameter workers: that it has at first; at least 1.
    init(_ rules: RecoveryDescription, workers: Int) {
        self.rules = rules
        usual = max(1, workers)
        self.workers = usual
    }

    var delay: Span { rules.delay }
    /// Until the first look; with none at all they would never end.
    var every: Span { max(rules.every, .milliseconds(1)) }

    /// A call came to its end.
    mutating func ended(failed: Bool) {
        calls &+= 1
        if failed { failures &+= 1 }
    }

    mutating func look() -> Look {
        let (seen, failed) = (calls, failures)
        (calls, failures) = (0, 0)
        guard seen >= rules.minimum, seen > 0 else { return Look(workers: nil, next: every) }
        let share = Double(failed) / Double(seen)
        if share > rules.double {
            calmLooks = 0
            return Look(workers: change(to: workers.multipliedReportingOverflow(by: 2).partialValue), next: every)
        }
        if share > rules.grow {
            calmLooks = 0
            return Look(workers: change(to: workers + (workers + 1) / 2), next: every)
        }
        if share > rules.watch {
            calmLooks = 0
            return Look(workers: nil, next: max(Span(nanoseconds: every.nanoseconds / 2), .milliseconds(1)))
        }
        calmLooks += 1
        guard calmLooks >= rules.calm else { return Look(workers: nil, next: every) }
        calmLooks = 0
        return Look(workers: change(to: workers - workers / 3), next: every)
    }

    /// The workers that were asked for are there.
    mutating func arrived() { isWaiting = false }

    private mutating func change(to wanted: Int) -> Int? {
        let (product, overflow) = usual.multipliedReportingOverflow(by: max(1, rules.most))
        let next = min(max(wanted, usual), overflow ? .max : product)
        guard !isWaiting, next != workers else { return nil }
        (workers, isWaiting) = (next, true)
        steps += 1
        return next
    }
}
