package import Core

/// A model whose tickets are numbers, for a host that has its requests in a table.
///
/// The same as `ServiceModel<Int>`, but not generic to the outside: its code is made for numbers here, once, where a generic
/// one of another module would look up types on the path of every request. A reference, because a model is large and a
/// copy of one would be made unseen.
package final class NumberedModel {
    package typealias Model = ServiceModel<Int>

    private var model: Model

    /// - Precondition: the description has no flaw.
    package init(_ description: ServiceDescription, seed: UInt64) {
        model = Model(description, seed: seed)
    }

    package var nextChange: Instant { model.nextChange }
    package var isOut: Bool { model.isOut }
    package var utilisation: Double { model.utilisation }
    package var busy: Int { model.busy }
    package var waiting: Int { model.waiting }

    package func begin(at origin: Instant) { model.begin(at: origin) }

    package func advance(to now: Instant) -> Model.Turnover { model.advance(to: now) }

    package func connected(at now: Instant) -> FaultKind? { model.connected(at: now) }

    package func arrived(_ ticket: Int, path: String, at now: Instant) -> Model.Admission {
        model.arrived(ticket, path: path, at: now)
    }

    package func outcome(of job: Model.Job) -> FaultKind? { model.outcome(of: job) }

    package func finished(_ job: Model.Job, at instant: Instant) -> Model.Start? {
        model.finished(job, at: instant)
    }

    package func left(_ seat: Model.Seat) { model.left(seat) }
}
