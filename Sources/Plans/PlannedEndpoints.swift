package import Policies

/// `endpoints:` where calls go, instead of the host of the target. The target is still what `Host`, SNI and the
/// certificate are about.
package enum PlannedEndpoints: Hashable, Sendable {
    /// Written in the plan, at least one.
    case fixed([PlannedEndpoint])
    /// Asked for during the run; never `EndpointSource.fixed`.
    case source(EndpointSource)

    /// Whether some are services of the plan's lab, which then has to run.
    package var areOfLab: Bool {
        guard case .fixed(let endpoints) = self else { return false }
        return endpoints.contains { if case .lab = $0.place { true } else { false } }
    }

    /// Whether all are, so that the lab alone is asked.
    package var areAllOfLab: Bool {
        guard case .fixed(let endpoints) = self else { return false }
        return endpoints.allSatisfy { if case .lab = $0.place { true } else { false } }
    }

    /// How many there are; nil when only the run will know.
    package var count: Int? {
        if case .fixed(let endpoints) = self { endpoints.count } else { nil }
    }
}

/// One address that the plan wrote.
package struct PlannedEndpoint: Hashable, Sendable {
    package enum Place: Hashable, Sendable {
        /// Host name or IP address (IPv6 without brackets), and a port from 1.
        case address(host: String, port: UInt16)
        /// What listens in the plan's lab, by name: `shop`, or `shop/3` where each replica listens. Its port is known when
        /// it runs.
        case lab(service: String)
    }

    package var place: Place
    /// Share of the load relative to the others, 0 to 65,535; default 1. With 0 it gets nothing new, unless all have 0.
    package var weight = 1
    /// Where it stands, for reports; nil when nobody said.
    package var zone: String?

    package init(_ place: Place, weight: Int = 1, zone: String? = nil) {
        self.place = place
        self.weight = weight
        self.zone = zone
    }
}
