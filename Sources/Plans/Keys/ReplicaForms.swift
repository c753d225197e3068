import Core
import Model

/// Replicas of a service by number.
enum ReplicaForms {
    /// Most replicas of a service.
    static let most = 1_000

    /// `0`, or `0 to 3`: numbers from 0.
    static let range = Form<ClosedRange<Int>>(
        .countOrRange(0...(most - 1)),
        text: { text throws(Complaint) in
            let ends = Units.ends(of: text)
            return try complaining { () throws(UnitProblem) in
                let first = try number(ends.from)
                let last = try ends.to.map { (text) throws(UnitProblem) in try number(text) } ?? first
                guard first <= last else {
                    throw UnitProblem(
                        .range, "`\(text.printable)` runs backwards", remedy: "write `\(last) to \(first)`")
                }
                return first...last
            }
        })

    private static func number(_ text: String) throws(UnitProblem) -> Int {
        try Units.count(text, in: 0...(most - 1), noun: "the number of a replica")
    }

    /// Complains of replicas that the service does not have.
    /// - Parameter place: of the value of `replicas`.
    static func check(
        _ replicas: ClosedRange<Int>, of service: ServiceDescription, at place: Place, _ context: inout ReadingContext
    ) {
        guard replicas.upperBound >= service.replicas else { return }
        context.complain(
            .range, at: place, "there is no replica \(replicas.upperBound), because the service has \(having(service))",
            remedy: "write \(numbers(service)), or raise `replicas` of the service")
    }

    /// `3 replicas, numbered from 0`.
    static func having(_ service: ServiceDescription) -> String {
        service.replicas == 1 ? "one replica, number 0" : "\(service.replicas.grouped) replicas, numbered from 0"
    }

    private static func numbers(_ service: ServiceDescription) -> String {
        service.replicas == 1 ? "`0`" : "`0` to `\(service.replicas - 1)`"
    }
}
