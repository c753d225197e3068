extension RunRecord {
    /// An endpoint and, at the end, what came of the attempts to it.
    package struct EndpointRecord: Codable, Sendable {
        /// Its place among the endpoints of the run, from 0.
        package var place: Int
        /// `10.0.0.1:8080`; the series `endpoint/10.0.0.1:8080` has its service times.
        package var address: String
        /// What it had last; at least 0.
        package var weight: Int
        package var zone: String?
        /// By the names of `EndpointCounts.fields`; nil while running.
        package var counts: [String: Int]?

        package init(place: Int, address: String, weight: Int = 1, zone: String? = nil) {
            self.place = place
            self.address = address
            self.weight = weight
            self.zone = zone
        }

        /// Sets what came of it.
        package mutating func set(_ counts: EndpointCounts) {
            self.counts = Dictionary(
                uniqueKeysWithValues: EndpointCounts.fields.map { ($0.name, counts[keyPath: $0.path]) })
        }
    }

    /// How keys were shared out over the endpoints.
    package struct ShardRecord: Codable, Sendable {
        /// How many keys a change of the set of endpoints gave to another shard.
        package struct MovedKeys: Codable, Hashable, Sendable {
            /// Seconds since the start of the run.
            package var time: Double
            /// Share of the keys, 0 to 1.
            package var share: Double

            package init(time: Double, share: Double) {
                self.time = time
                self.share = share
            }
        }

        /// In words: `ring of 150 nodes per shard`.
        package var rule: String
        /// The report warns when (max − mean) / mean of the calls per shard is above it; at least 0.
        package var imbalance: Double
        package var moved: [MovedKeys]

        package init(rule: String, imbalance: Double, moved: [MovedKeys] = []) {
            self.rule = rule
            self.imbalance = imbalance
            self.moved = moved
        }
    }

    /// Most endpoints of a run.
    package static let mostEndpoints = 4_096

    /// Says what the policies did and what came of each endpoint; at the end.
    ///
    /// `endpoints` must name all places by then. A plan without policies has no `policies` in its record, unless something
    /// was counted all the same.
    package mutating func setPolicies(_ totals: Interval, planHasPolicies: Bool) {
        if planHasPolicies || !totals.policies.isEmpty {
            policies = Dictionary(uniqueKeysWithValues: totals.policies.named.map { ($0.name, $0.count) })
        }
        for index in endpoints.indices {
            let place = endpoints[index].place
            let isKnown = totals.endpoints.indices.contains(place)
            endpoints[index].set(isKnown ? totals.endpoints[place] : EndpointCounts())
        }
        if totals.eventsLost > 0 { eventsLost = totals.eventsLost }
    }
}
