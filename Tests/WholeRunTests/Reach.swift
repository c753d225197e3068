import Core
import Recording

/// How often each thing happened that may happen in a run: a campaign in which one of them never does has not looked at it.
struct Reach: Sendable {
    private var counts: [String: Int] = [:]
    private(set) var runs = 0

    mutating func add(_ other: Reach) {
        counts.merge(other.counts, uniquingKeysWith: +)
        runs += other.runs
    }

    mutating func add(_ outcome: SimulatedRun.Outcome) {
        runs += 1
        note("runs of which setup or teardown failed", outcome.failure.isEmpty ? 0 : 1)
        for rejection in Rejection.allCases {
            note("rejected: \(rejection)", outcome.policies.rejections[Int(rejection.rawValue)])
        }
        for (reason, count) in zip(PolicyCounts.retryReasons, outcome.policies.retries) {
            note("retried: \(reason)", count)
        }
        for field in PolicyCounts.fields { note(field.name, outcome.policies[keyPath: field.path]) }
        for field in Ledger.fields where field.name != "dropped_late" {
            note(field.name, outcome.ledger[keyPath: field.path])
        }
        for kind in FailureKind.allCases { note("failed: \(kind)", outcome.failures[kind] ?? 0) }
        for kind in RunEvent.Kind.allCases { note("events: \(kind.rawValue)", 0) }
        for event in outcome.events { note("events: \(event.kind.rawValue)", 1) }
    }

    private mutating func note(_ what: String, _ count: Int) { counts[what, default: 0] += count }

    /// What cannot happen here: it takes TLS, HTTP/2, a network of a machine, a place without a value, a huge body, or a
    /// connection that dies five times over.
    private static let impossible = Set(
        [
            FailureKind.connect_unreachable, .dns_failed, .fd_exhausted, .generator_fault, .host_refused,
            .missing_value,
            .port_exhausted, .protocol_http2, .redirect_refused, .send_failed, .tls_certificate, .tls_expired,
            .tls_handshake, .tls_not_yet_valid, .tls_self_signed, .tls_timeout, .tls_unknown_ca, .tls_wrong_host,
            .too_large, .unsendable_value,
        ].map { "failed: \($0)" })

    /// What never happened and could have.
    var missing: [String] {
        counts.filter { $0.value == 0 && !Self.impossible.contains($0.key) }.map(\.key).sorted()
    }

    var words: String {
        "\(runs) runs\n" + counts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n")
    }
}
