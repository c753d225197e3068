package import Model

/// Why a lab did not start. Nothing is left listening then.
package enum LabProblem: Error, Sendable, CustomStringConvertible {
    /// The description cannot be served.
    case flaw(LabFlaw)
    /// A certificate or its key could not be used; `file` is the one to look at.
    case certificate(service: String, file: String, reason: String)
    /// The address could not be listened on; `port` is 0 when any free one was asked for.
    case address(service: String, host: String, port: UInt16, reason: String)

    package var description: String {
        switch self {
        case .flaw(let flaw):
            flaw.description
        case .certificate(let service, let file, let reason):
            "lab service \"\(service)\": \"\(file)\" cannot be used for TLS: \(reason); "
                + "give a certificate and its own key, both as PEM files"
        case .address(let service, let host, let port, let reason):
            "lab service \"\(service)\": cannot listen on \(host):\(port): \(reason); "
                + (port == 0 ? "give an address of this machine" : "give another port, or none for any free one")
        }
    }
}
