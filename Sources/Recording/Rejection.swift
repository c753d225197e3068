/// The layers that can turn a call away before anything of it is sent, outermost first; a closed list with stable names.
package enum Rejection: UInt8, CaseIterable, Sendable {
    case throttle
    case bulkhead_full
    case bulkhead_timeout
    /// There is no endpoint, or none that may be used.
    case no_endpoint
    case breaker_open
    case pool_full
    case pool_timeout

    /// The stable short name, as it stands in reports, CSV and JSON.
    package var name: String { "\(self)" }
}
