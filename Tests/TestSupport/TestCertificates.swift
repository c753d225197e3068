import Foundation
import Glibc
package import Model

/// Certificates good and bad, made by the `openssl` command in a folder of this process, which goes when it does.
package struct TestCertificates: Sendable {
    /// The authority that has signed all of them but one; PEM, for a client to trust.
    package let authority: String
    /// For localhost, 127.0.0.1 and ::1, valid from 2020 to 2049.
    package let good: ServiceCertificate
    /// The same, over since 2021.
    package let expired: ServiceCertificate
    /// The same, from 2048 on.
    package let notYetValid: ServiceCertificate
    /// For elsewhere.invalid.
    package let wrongHost: ServiceCertificate
    /// For localhost, signed by itself.
    package let selfSigned: ServiceCertificate

    /// True when there is an `openssl` command; tests that need certificates are disabled without.
    package static let isAvailable = (try? run(["version"])) != nil

    /// Made on first use, once for the process.
    package static func shared() throws -> TestCertificates { try made.get() }

    private static let made = Result { try TestCertificates() }
    private static let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("gale-certificates-\(ProcessInfo.processInfo.processIdentifier)")

    private init() throws {
        let folder = Self.folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: TestCertificates.folder) }
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

        try Self.configuration(folder.path).write(toFile: path("ca.cnf"), atomically: true, encoding: .utf8)
        try "".write(toFile: path("index.txt"), atomically: true, encoding: .utf8)
        try "01".write(toFile: path("serial"), atomically: true, encoding: .utf8)

        func selfSign(_ name: String, subject: String, extensions: String) throws -> ServiceCertificate {
            try Self.run(
                Self.newKey + ["-x509", "-days", "10000", "-subj", "/CN=\(subject)", "-config", path("ca.cnf")]
                    + ["-extensions", extensions, "-keyout", path("\(name).key"), "-out", path("\(name).pem")])
            return ServiceCertificate(certificate: path("\(name).pem"), key: path("\(name).key"))
        }
        func sign(_ name: String, extensions: String = "here", from: Int, to: Int) throws -> ServiceCertificate {
            let (key, request, certificate) = (path("\(name).key"), path("\(name).csr"), path("\(name).pem"))
            try Self.run(
                Self.newKey + ["-subj", "/CN=\(name)", "-config", path("ca.cnf"), "-keyout", key, "-out", request])
            // `openssl ca` and not `openssl x509`, for only the former lets one choose both dates.
            try Self.run(
                ["ca", "-batch", "-notext", "-config", path("ca.cnf"), "-extensions", extensions]
                    + ["-startdate", "\(from)0101000000Z", "-enddate", "\(to)0101000000Z"]
                    + ["-in", request, "-out", certificate])
            return ServiceCertificate(certificate: certificate, key: key)
        }

        authority = try selfSign("authority", subject: "Gale test authority", extensions: "authority").certificate
        good = try sign("good", from: 2020, to: 2049)
        expired = try sign("expired", from: 2020, to: 2021)
        notYetValid = try sign("early", from: 2048, to: 2049)
        wrongHost = try sign("elsewhere", extensions: "elsewhere", from: 2020, to: 2049)
        selfSigned = try selfSign("self", subject: "localhost", extensions: "here")
    }

    /// A request or certificate with a new key on P-256, which is made in no time.
    private static let newKey = [
        "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    ]

    private static func configuration(_ folder: String) -> String {
        """
        [req]
        distinguished_name = name
        [name]
        [ca]
        default_ca = lab
        [lab]
        database = \(folder)/index.txt
        serial = \(folder)/serial
        new_certs_dir = \(folder)
        certificate = \(folder)/authority.pem
        private_key = \(folder)/authority.key
        default_md = sha256
        policy = anything
        [anything]
        commonName = supplied
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        [here]
        basicConstraints = CA:FALSE
        extendedKeyUsage = serverAuth
        subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
        [elsewhere]
        basicConstraints = CA:FALSE
        extendedKeyUsage = serverAuth
        subjectAltName = DNS:elsewhere.invalid

        """
    }

    /// Runs `openssl` and returns what it printed.
    /// - Parameter input: its standard input.
    /// - Throws: `OpenSSLProblem` with what it complained of, when it fails.
    @discardableResult
    package static func run(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        // Files and not pipes: a process that ends before it has read its input would end us too, by SIGPIPE.
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("gale-openssl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let (given, complaints) = (scratch.appendingPathComponent("in"), scratch.appendingPathComponent("err"))
        try Data(input.utf8).write(to: given)
        try Data().write(to: complaints)
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: given)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaint = (try? String(contentsOf: complaints, encoding: .utf8)) ?? ""
            throw OpenSSLProblem(description: "openssl \(arguments.joined(separator: " ")): \(complaint)")
        }
        return String(decoding: printed, as: UTF8.self)
    }
}

/// The `openssl` command has failed.
package struct OpenSSLProblem: Error, CustomStringConvertible {
    package let description: String
}
