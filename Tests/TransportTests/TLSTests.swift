import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

@Suite(
    "TLS", .serialized,
    .enabled(if: TestCertificates.isAvailable, "the `openssl` command, which makes the certificates, is missing"))
struct TLSTests {
    enum Certificate: String, CaseIterable, Sendable {
        case good, expired, notYetValid, wrongHost, selfSigned

        func of(_ certificates: TestCertificates) -> ServiceCertificate {
            switch self {
            case .good: certificates.good
            case .expired: certificates.expired
            case .notYetValid: certificates.notYetValid
            case .wrongHost: certificates.wrongHost
            case .selfSigned: certificates.selfSigned
            }
        }

        var failure: FailureKind? {
            switch self {
            case .good: nil
            case .expired: .tls_expired
            case .notYetValid: .tls_not_yet_valid
            case .wrongHost: .tls_wrong_host
            case .selfSigned: .tls_self_signed
            }
        }
    }

    private func attempt(
        _ certificate: ServiceCertificate, faults: [Fault] = [], _ change: (inout TransportSettings) -> Void
    ) async throws -> Attempt {
        let result = Result()
        try await withService {
            $0.tls = certificate
            $0.faults = faults
        } _: { _, port in
            await result.set(
                try await TransportHost.with(change) { host in
                    try await host.send(Request(url: "https://127.0.0.1:\(port)/"), within: .seconds(2))
                })
        }
        return try #require(await result.attempt)
    }

    private actor Result {
        var attempt: Attempt?
        func set(_ attempt: Attempt) { self.attempt = attempt }
    }

    @Test("each bad certificate has a name of its own", arguments: Certificate.allCases)
    func verification(_ certificate: Certificate) async throws {
        let certificates = try TestCertificates.shared()
        let attempt = try await attempt(certificate.of(certificates)) { $0.tls.authority = certificates.authority }
        #expect(attempt.failure == certificate.failure, "\(attempt)")
        if certificate == .good {
            #expect(attempt.status == 200)
            #expect(attempt.phases.tls > .zero)
        } else {
            #expect(!attempt.reachedServer)
        }
    }

    @Test("an authority that we do not trust: tls_unknown_ca")
    func unknownAuthority() async throws {
        let certificates = try TestCertificates.shared()
        let attempt = try await attempt(certificates.good) { _ in }
        #expect(attempt.failure == .tls_unknown_ca, "\(attempt)")
    }

    @Test("`insecure` accepts every certificate", arguments: Certificate.allCases)
    func insecure(_ certificate: Certificate) async throws {
        let attempt = try await attempt(certificate.of(try TestCertificates.shared())) { $0.tls.insecure = true }
        #expect(attempt.failure == nil)
        #expect(attempt.status == 200)
    }

    @Test("a handshake that never ends is tls_timeout, told apart from a connection that never came about")
    func handshakeHangs() async throws {
        let certificates = try TestCertificates.shared()
        let attempt = try await attempt(certificates.good, faults: [Fault(.tlsStall)]) {
            $0.tls.authority = certificates.authority
            $0.connectTimeout = .milliseconds(300)
        }
        #expect(attempt.failure == .tls_timeout, "\(attempt)")
        #expect(!attempt.reachedServer)
    }

    @Test("a server that speaks no TLS: tls_handshake")
    func noTLS() async throws {
        try await withService { _, port in
            let attempt = try await TransportHost.with { host in
                try await host.send(Request(url: "https://127.0.0.1:\(port)/"))
            }
            #expect(attempt.failure == .tls_handshake, "\(attempt)")
        }
    }
}
