import Core
import Testing

@Suite("Failure kinds")
struct FailureKindTests {
    /// Names stand in CSV files, JSON and dashboards of people we do not know: a name on this list never changes, and
    /// a new one is added where its table row belongs.
    static let golden = [
        "dns_failed", "connect_refused", "connect_unreachable", "connect_timeout", "tls_timeout", "tls_handshake",
        "tls_expired", "tls_not_yet_valid", "tls_wrong_host", "tls_self_signed", "tls_unknown_ca", "tls_certificate",
        "reset", "empty_reply", "truncated", "send_failed", "bad_response", "bad_chunk", "bad_encoding",
        "header_too_large", "too_large", "too_many_redirects", "redirect_refused", "host_refused", "protocol_http2",
        "attempt_timeout", "total_timeout", "status_4xx", "status_5xx", "status_unexpected", "check_failed",
        "missing_value", "unsendable_value", "shard_unavailable", "fd_exhausted", "port_exhausted", "generator_fault",
    ]

    @Test("have the names, and the order, that reports have always had")
    func names() {
        #expect(FailureKind.allCases.map(\.name) == Self.golden)
    }

    @Test("have names that no two share and that fit a label")
    func unique() {
        #expect(Set(FailureKind.allCases.map(\.name)).count == FailureKind.allCases.count)
        for kind in FailureKind.allCases {
            #expect(kind.name.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" })
        }
    }

    @Test("are found again by their names", arguments: FailureKind.allCases)
    func roundTrip(kind: FailureKind) {
        #expect(FailureKind(name: kind.name) == kind)
    }

    @Test("are not found by any other text", arguments: ["", "RESET", "reset ", "timeout"])
    func unknown(name: String) {
        #expect(FailureKind(name: name) == nil)
    }

    @Test("say of two kinds only that nothing was written")
    func unsent() {
        #expect(FailureKind.allCases.filter(\.isUnsent) == [.missing_value, .unsendable_value])
    }

    @Test("blame the generator for three kinds only")
    func generator() {
        let faults = FailureKind.allCases.filter(\.isGeneratorFault)
        #expect(faults == [.fd_exhausted, .port_exhausted, .generator_fault])
    }
}
