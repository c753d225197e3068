import Core
import Lab
import Model
import TestSupport
import Testing

/// The lab over TLS, seen by the `openssl` command.
@Suite(.enabled(if: TestCertificates.isAvailable, "there is no openssl command to make certificates with"))
struct TLSTests {
    private let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    private func service(
        _ certificate: ServiceCertificate, _ change: (inout ServiceDescription) -> Void = { _ in }
    ) -> ServiceDescription {
        var service = ServiceDescription(name: "lab")
        service.tls = certificate
        change(&service)
        return service
    }

    /// Sends a request and returns all that came back; throws when the certificate was not to be trusted, or the
    /// connection broke.
    private func ask(_ lab: LabServer, _ request: String) throws -> String {
        let authority = try TestCertificates.shared().authority
        return try TestCertificates.run(
            [
                "s_client", "-quiet", "-connect", lab.addresses[0].authority, "-CAfile", authority,
                "-verify_hostname", "localhost", "-verify_return_error",
            ], input: request)
    }

    @Test func aGoodCertificateIsTrustedAndTheAnswerComes() async throws {
        let certificates = try TestCertificates.shared()
        try await withLab([service(certificates.good)]) { lab in
            #expect(lab.addresses[0].url.hasPrefix("https://127.0.0.1:"))
            let answer = try ask(lab, request)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("UVWX.\n"))
            #expect(await lab.counts(of: "lab")?.answered == 1)
        }
    }

    @Test(arguments: [
        (\TestCertificates.expired, "certificate has expired"),
        (\.notYetValid, "certificate is not yet valid"),
        (\.wrongHost, "hostname mismatch"),
        (\.selfSigned, "self-signed certificate"),
    ])
    func aBadCertificateIsBadInItsOwnWay(
        _ certificate: any KeyPath<TestCertificates, ServiceCertificate> & Sendable, complaint: String
    ) async throws {
        let certificates = try TestCertificates.shared()
        try await withLab([service(certificates[keyPath: certificate])]) { lab in
            let problem = #expect(throws: OpenSSLProblem.self) { try ask(lab, request) }
            #expect(problem?.description.lowercased().contains(complaint) == true)
            #expect(await lab.counts(of: "lab")?.received == 0)
        }
    }

    @Test func faultsKeepTheirBytesOverTLS() async throws {
        let certificates = try TestCertificates.shared()
        let truncated = service(certificates.good) { $0.faults = [Fault(.truncate)] }
        try await withLab([truncated]) { lab in
            let answer = try ask(lab, request)
            #expect(answer.contains("Content-Length: 64\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n0123456789 abcdefghijklmnopqrstu"))
        }
    }

    @Test(arguments: [FaultKind.reset, .resetInBody])
    func aResetOverTLSIsAReset(_ kind: FaultKind) async throws {
        let certificates = try TestCertificates.shared()
        let resetting = service(certificates.good) { $0.faults = [Fault(kind)] }
        try await withLab([resetting]) { lab in
            let problem = #expect(throws: OpenSSLProblem.self) { try ask(lab, request) }
            #expect(problem?.description.contains("errno=104") == true)
            #expect(await lab.counts(of: "lab")?.faulted == [kind: 1])
        }
    }

    @Test func aHandshakeThatStallsNeverGetsAWord() async throws {
        let certificates = try TestCertificates.shared()
        let mute = service(certificates.good) { $0.faults = [Fault(.tlsStall)] }
        try await withLab([mute]) { lab in
            let client = try RawClient(port: lab.addresses[0].port)
            // The beginning of a ClientHello: a record of the handshake, TLS 1.0 to 1.3.
            try client.send([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00])
            let (bytes, ending) = try client.readToEnd(patience: .milliseconds(100))
            #expect(bytes.isEmpty)
            #expect(ending == .open)
            #expect(await lab.counts(of: "lab")?.struckConnections == [.tlsStall: 1])
        }
    }

    @Test func whatIsNoTLSIsClosed() async throws {
        let certificates = try TestCertificates.shared()
        try await withLab([service(certificates.good)]) { lab in
            let client = try RawClient(port: lab.addresses[0].port)
            try client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")
            #expect(try client.readToEnd().ending != .open)
            #expect(await eventually { await lab.counts(of: "lab")?.open == 0 })
        }
    }

    @Test func aCertificateThatIsNotThereIsAProblemWithItsFile() async throws {
        let missing = service(ServiceCertificate(certificate: "/nowhere/lab.pem", key: "/nowhere/lab.key"))
        let problem = await #expect(throws: LabProblem.self) {
            try await LabServer.start(LabDescription(services: [missing]), seed: 1)
        }
        #expect(
            problem?.description.hasPrefix("lab service \"lab\": \"/nowhere/lab.pem\" cannot be used for TLS: ") == true
        )
    }

    @Test func aKeyOfAnotherCertificateIsAProblemWithItsFile() async throws {
        let certificates = try TestCertificates.shared()
        let mixed = ServiceCertificate(certificate: certificates.good.certificate, key: certificates.expired.key)
        let problem = await #expect(throws: LabProblem.self) {
            try await LabServer.start(LabDescription(services: [service(mixed)]), seed: 1)
        }
        #expect(problem?.description.contains(certificates.expired.key) == true)
    }
}
