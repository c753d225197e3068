package import Recording

/// How evenly the calls were shared out over the shards.
package struct ShardSummary: Hashable, Sendable, Encodable {
    /// In words: `ring of 150 nodes per shard`.
    package var rule: String
    /// The imbalance above which there is a finding.
    package var limit: Double
    /// (max − mean) / mean of the keyed calls per shard, and of all attempts per shard; nil without one.
    package var keyedImbalance: Double?
    package var imbalance: Double?
    /// Calls that went to several shards, because they had no key or a batch of them, of those and the keyed ones, 0 to 1; nil without one.
    package var crossShardShare: Double?
    /// Keys that changes of the set of endpoints gave to another shard.
    package var moved: [RunRecord.ShardRecord.MovedKeys]

    package init(_ record: RunRecord.ShardRecord, _ endpoints: [EndpointSummary], _ policies: PolicyCounts?) {
        rule = record.rule
        limit = record.imbalance
        moved = record.moved
        keyedImbalance = Self.imbalance(of: endpoints.map { $0.counts["keyed"] })
        imbalance = Self.imbalance(of: endpoints.map(\.attempts))
        if let policies, policies.scattered + policies.keyed > 0 {
            crossShardShare = Figures.ratio(policies.scattered, of: policies.scattered + policies.keyed)
        }
    }

    /// With (max − min) / mean a healthy ring of 100 shards would nearly always seem out of balance.
    package static func imbalance(of counts: [Int]) -> Double? {
        let sum = counts.reduce(0, +)
        guard sum > 0, let most = counts.max() else { return nil }
        let mean = Double(sum) / Double(counts.count)
        return (Double(most) - mean) / mean
    }
}
