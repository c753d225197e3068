import Core
import Recording

extension LoadRun.Result {
    /// What does not add up, in words; empty when all books agree.
    /// - Parameters:
    ///   - received: requests that the target counted, health checks among them; nil when nobody did.
    ///   - isPolitic: whether the program's calls go by policies and endpoints.
    package func contradictions(received: Int?, isPolitic: Bool) -> [String] {
        var found = violations + totals.ledger.contradictions + totals.warmUp.contradictions.map { "warm-up: \($0)" }
        func check(_ text: String, _ left: Int, _ right: Int) {
            if left != right { found.append("\(text): \(left) is not \(right)") }
        }
        let (ledger, warmUp, endpoints, policies) = (totals.ledger, totals.warmUp, totals.endpoints, totals.policies)
        func sum(_ path: KeyPath<EndpointCounts, Int>) -> Int { endpoints.reduce(0) { $0 + $1[keyPath: path] } }
        let checks = sum(\.checks)
        if let received {
            check(
                "requests and health checks on the wire = those that the target received",
                ledger.requestsOnTheWire + warmUp.requestsOnTheWire + checks, received)
        }
        check("failed = the sum over the error patterns", ledger.failed, totals.notable.errors.count)
        check("rejected = the sum over the layers", ledger.rejected, policies.rejections.reduce(0, +))
        check("retries = the sum over the reasons", ledger.retries, policies.retries.reduce(0, +))
        if policies.hedgesWon + policies.hedgesWasted > ledger.hedges {
            found.append(
                "hedges won (\(policies.hedgesWon)) and wasted (\(policies.hedgesWasted)) are more than there were: "
                    + "\(ledger.hedges)")
        }
        guard isPolitic else { return found }
        check("attempts = the sum over the endpoints", ledger.attempts, sum(\.attempts))
        check("requests = the sum over the endpoints", ledger.requestsOnTheWire, sum(\.requests))
        check(
            "warm-up: requests = the sum over the endpoints", warmUp.requestsOnTheWire, sum(\.warmUpRequests))
        for (place, endpoint) in endpoints.enumerated() {
            check(
                "attempts to endpoint \(place) = succeeded + failed + cancelled", endpoint.attempts,
                endpoint.succeeded + endpoint.failed + endpoint.cancelled)
        }
        return found
    }
}
