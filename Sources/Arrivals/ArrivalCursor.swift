import Core

/// Walks through one stripe of a schedule: arrival index, index + width, index + 2·width, …
///
/// A value of a few words: `next()` allocates nothing and takes O(1) amortised. A stripe of a Poisson schedule draws
/// the gaps of the other stripes' arrivals too, because S_n is a sum over all of them; a draw costs some nanoseconds, and
/// in return arrival n is due at the same nanosecond however many clients share the schedule.
package struct ArrivalCursor: IteratorProtocol, Sequence, Sendable {
    private let schedule: OpenSchedule
    private let width: Int
    private var n: Int
    private var points: PoissonPoints

    init(_ schedule: OpenSchedule, _ stripe: Stripe) {
        self.schedule = schedule
        width = stripe.width
        n = stripe.index
        points = PoissonPoints(seed: schedule.seed, stream: schedule.stream)
    }

    /// The next arrival of the stripe; nil, from then on always, when the phase has no more.
    package mutating func next() -> Arrival? {
        let due: Double
        switch schedule.process {
        case .regular:
            guard n < schedule.regularCount else { return nil }
            due = Double(schedule.size == 1 ? n : n - n % schedule.size)
        case .poisson:
            let burst = schedule.size == 1 ? n : n / schedule.size
            while points.drawn <= burst {
                // Not beyond the end: a stripe that has run out must not draw on when it is asked again.
                guard points.last * Double(schedule.size) < schedule.intensity.total else { return nil }
                _ = points.draw()
            }
            due = points.last * Double(schedule.size)
            guard due < schedule.intensity.total else { return nil }
        }
        defer { n += width }
        return Arrival(n: n, offset: schedule.offset(at: due))
    }
}
