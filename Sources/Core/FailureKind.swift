/// Every way in which an attempt or a call can fail: a closed list, each with a short stable name that serves as
/// a column value or a metric label. The order here is the order of tables.
///
/// A transport failure beats the status: a response that was cut in the middle failed, whatever its status said.
package enum FailureKind: UInt8, CaseIterable, Sendable {
    // Finding the way to the server.
    case dns_failed
    case connect_refused
    case connect_unreachable
    case connect_timeout

    // TLS.
    case tls_timeout
    case tls_handshake
    case tls_expired
    case tls_not_yet_valid
    case tls_wrong_host
    case tls_self_signed
    case tls_unknown_ca
    case tls_certificate

    // The exchange.
    case reset
    case empty_reply
    case truncated
    case send_failed
    case bad_response
    case bad_chunk
    case bad_encoding
    case header_too_large
    case too_large
    case too_many_redirects
    case redirect_refused
    /// A host that the plan does not allow; nothing was sent to it.
    case host_refused
    case protocol_http2

    // Our own time-outs.
    case attempt_timeout
    case total_timeout

    // What the server answered.
    case status_4xx
    case status_5xx
    case status_unexpected
    /// The status was as expected, and something else of the answer was not.
    case check_failed

    // What the scenario could not say: nothing was sent.
    /// A template had no value to put in a place.
    case missing_value
    /// A value may not stand where a template puts it, such as a line break in a header.
    case unsendable_value

    // What the client's own policies did.
    /// A part of a call to several shards was turned away.
    case shard_unavailable

    // Faults of the generator: the target had no part in them.
    case fd_exhausted
    case port_exhausted
    case generator_fault

    /// The stable short name, as it stands in reports, CSV and JSON.
    package var name: String { "\(self)" }

    /// True for a failure that the generator's own machine caused; such a failure makes the run invalid.
    package var isGeneratorFault: Bool {
        switch self {
        case .fd_exhausted, .port_exhausted, .generator_fault: true
        default: false
        }
    }

    /// True for a failure of which no byte went out, because the request could not be written: such a call may have no
    /// latency.
    package var isUnsent: Bool { self == .missing_value || self == .unsendable_value }

    /// The kind of that name, or nil.
    package init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}
