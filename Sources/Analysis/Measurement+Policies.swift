import Recording

extension Measurement {
    /// Policies, endpoints, shards and events; what a killed run could not write down from its timeline and its log.
    mutating func takePolicies(_ bundle: Bundle) {
        let record = bundle.record
        policies = record.policies.map { PolicyCounts(named: $0) }
        if record.outcome == nil {
            let sums = Self.policies(in: bundle.timeline)
            if policies != nil || !sums.isEmpty { policies = sums }
        }
        endpoints = [EndpointSummary](record, bundle.latencies)
        availability = Availability(bundle.timeline)
        shards = record.shards.map { ShardSummary($0, endpoints, policies) }
        events = bundle.events
        eventsLost = record.eventsLost ?? 0
    }

    private static func policies(in rows: [TimelineRow]) -> PolicyCounts {
        var sums = PolicyCounts()
        for row in rows where row.kind == .run { sums.add(row.policies) }
        return sums
    }

    /// Cross-checks of the two ledgers, of calls and of attempts, with what policies and endpoints counted.
    func findPolicyContradictions(_ bundle: Bundle) -> [String] {
        var found: [String] = []
        func check(_ text: String, _ left: Int, _ right: Int) {
            if left != right { found.append("\(text): \(left) is not \(right)") }
        }
        if let policies {
            check("rejected = the sum of the layers", ledger.rejected, policies.rejected)
            // A retry that a breaker turns away had a reason, and was no attempt.
            let reasons = policies.retries.reduce(0, +)
            if ledger.retries > reasons {
                found.append("retries ≤ the sum of their reasons: \(ledger.retries) is more than \(reasons)")
            }
            let sums = Self.policies(in: bundle.timeline)
            if sums != policies, let name = PolicyCounts.names.first(where: { sums[$0] != policies[$0] }) {
                check("\(name) = the sum of the timeline", policies[name], sums[name])
            }
        }
        let counted = endpoints.filter { !$0.counts.isEmpty }
        if !counted.isEmpty {
            check(
                "attempts = the sum of the endpoints", ledger.attempts, counted.reduce(0) { $0 + $1.counts["attempts"] }
            )
            let broken = counted.first {
                $0.counts["attempts"] != $0.counts["succeeded"] + $0.counts["failed"] + $0.counts["cancelled"]
            }
            if let counts = broken?.counts, let address = broken?.address {
                check(
                    "attempts to \(address) = succeeded + failed + cancelled", counts["attempts"],
                    counts["succeeded"] + counts["failed"] + counts["cancelled"])
            }
        }
        return found
    }

    /// True when the steps know all of the calls that were rejected or answered by a fallback.
    var stepsKnowRejections: Bool {
        steps.reduce(0) { $0 + ($1.rejected ?? 0) } == ledger.rejected
            && steps.reduce(0) { $0 + ($1.fallbacks ?? 0) } == ledger.fallbacks
    }
}
