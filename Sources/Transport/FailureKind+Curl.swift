import CCurl
import Core
import Glibc

/// What besides libcurl's result tells one failure from another.
struct CurlEvidence {
    /// errno of a failed connect; 0 otherwise.
    var systemError: Int32 = 0
    /// errno of a socket that the kernel refused to open; 0 otherwise.
    var openError: Int32 = 0
    /// OpenSSL's verification result.
    var verifyResult = 0
    /// libcurl's error text.
    var text = ""
    /// The kind to use when a connection did not come about in time.
    var connectionTimeout = FailureKind.connect_timeout
    /// Whether the request went out.
    var requestSent = true
}

extension FailureKind {
    /// Names libcurl's result. One result stands for several failures, so the evidence decides; the table is in
    /// `Docs/failures.md`, each row with the fault that produces it.
    init(curl code: CURLcode, evidence: CurlEvidence) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .dns_failed
        case CURLE_COULDNT_CONNECT: self = Self.connect(evidence)
        case CURLE_OPERATION_TIMEDOUT: self = evidence.connectionTimeout
        case CURLE_GOT_NOTHING: self = .empty_reply
        case CURLE_PARTIAL_FILE: self = .truncated
        case CURLE_PEER_FAILED_VERIFICATION: self = Self.verification(evidence)
        case CURLE_SSL_CONNECT_ERROR: self = .tls_handshake
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE: self = .tls_certificate
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: self = Self.exchange(evidence, sending: code == CURLE_SEND_ERROR)
        case CURLE_WEIRD_SERVER_REPLY: self = .bad_response
        // 7.88 calls a status line that is none an unsupported protocol (HTTP/0.9), and so does a forbidden scheme.
        case CURLE_UNSUPPORTED_PROTOCOL: self = evidence.requestSent ? .bad_response : .redirect_refused
        // 7.88 has no memory for a header line of a megabyte; 8.x says what it is.
        case CURLE_OUT_OF_MEMORY, CURLcode(rawValue: 100):
            self = evidence.requestSent ? .header_too_large : .generator_fault
        case CURLE_TOO_MANY_REDIRECTS: self = .too_many_redirects
        case CURLE_BAD_CONTENT_ENCODING: self = .bad_encoding
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: self = .protocol_http2
        default: self = .generator_fault
        }
    }

    private static func connect(_ evidence: CurlEvidence) -> FailureKind {
        switch (evidence.openError, evidence.systemError) {
        case (EMFILE, _), (ENFILE, _): .fd_exhausted
        case (let refused, _) where refused != 0: .generator_fault
        case (_, EADDRNOTAVAIL): .port_exhausted
        case (_, ECONNREFUSED): .connect_refused
        case (_, ETIMEDOUT): .connect_timeout
        case (_, ECONNRESET): .reset
        default: .connect_unreachable
        }
    }

    /// OpenSSL's X509_V_ERR codes.
    private static func verification(_ evidence: CurlEvidence) -> FailureKind {
        switch evidence.verifyResult {
        case 10: .tls_expired
        case 9: .tls_not_yet_valid
        case 18: .tls_self_signed
        case 19, 20, 21: .tls_unknown_ca
        // The chain was good, so it was the name: libcurl compares it itself.
        case 0, 1, 62: .tls_wrong_host
        default: .tls_certificate
        }
    }

    private static func exchange(_ evidence: CurlEvidence, sending: Bool) -> FailureKind {
        let text = evidence.text.lowercased()
        if text.contains("too large") || text.contains("too long") { return .header_too_large }
        if text.contains("chunk") || text.contains("hexadecimal") || text.contains("malformed encoding") {
            return .bad_chunk
        }
        if text.contains("reset by peer") || text.contains("broken pipe") || text.contains("connection was reset") {
            return .reset
        }
        if text.contains("ssl") || text.contains("tls") { return .reset }
        return sending ? .send_failed : .reset
    }
}
