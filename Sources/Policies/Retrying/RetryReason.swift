/// Why a call is tried again: a closed list for reports, in the order of tables.
package enum RetryReason: UInt8, CaseIterable, Sendable {
    /// No connection came about.
    case connect
    /// The connection ended before a whole answer.
    case reset
    /// The attempt's time-out.
    case timeout
    case status_5xx
    case status_429
    case status_409

    /// The stable short name, as it stands in reports, CSV and JSON.
    package var name: String { "\(self)" }
}
