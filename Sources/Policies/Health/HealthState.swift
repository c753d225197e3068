/// What the health checks of one endpoint say: healthy at the start, then by so many checks in a row.
package struct HealthState: Sendable {
    package enum Change: Hashable, Sendable, CaseIterable {
        case becameHealthy, becameUnhealthy
    }

    private let unhealthyAfter: Int
    private let healthyAfter: Int
    /// Checks in a row that speak against what it is.
    private var against = 0
    package private(set) var isHealthy = true

    package init(_ settings: HealthCheckSettings) {
        unhealthyAfter = max(settings.unhealthy, 1)
        healthyAfter = max(settings.healthy, 1)
    }

    /// A check has ended. `good` is an answer within the time-out whose status means health.
    /// - Returns: what became of it, nil when it is what it was.
    package mutating func checked(good: Bool) -> Change? {
        if good == isHealthy {
            against = 0
            return nil
        }
        against &+= 1
        guard against >= (isHealthy ? unhealthyAfter : healthyAfter) else { return nil }
        against = 0
        isHealthy = good
        return good ? .becameHealthy : .becameUnhealthy
    }
}

extension HealthState.Change: CustomStringConvertible {
    /// One word for tables: `healthy`, `unhealthy`.
    package var description: String { self == .becameHealthy ? "healthy" : "unhealthy" }
}
