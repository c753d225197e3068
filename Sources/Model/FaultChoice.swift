import Core

/// Which fault strikes: the first of the list that fits the request and whose share it falls into.
///
/// Every fault that fits draws one number until one strikes, so a plan that changes the share of the last fault leaves
/// the ones before it striking the same requests.
package struct FaultChoice: Sendable {
    private let ofRequests: [Fault]
    private let ofConnections: [Fault]

    package init(_ faults: [Fault]) {
        ofRequests = faults.filter { !$0.kind.strikesConnections }
        ofConnections = faults.filter { $0.kind.strikesConnections }
    }

    /// The fault that strikes a request for `path` (query included), or nil.
    package func forRequest(path: String, using generator: inout some RandomNumberGenerator) -> FaultKind? {
        for fault in ofRequests {
            // Bytes, not characters: a path is ASCII, and the comparison of characters would normalise it.
            if let prefix = fault.path, !path.utf8.starts(with: prefix.utf8) { continue }
            if SeededRandom.unit(generator.next()) <= fault.share { return fault.kind }
        }
        return nil
    }

    /// The fault that strikes a new connection, or nil.
    package func forConnection(using generator: inout some RandomNumberGenerator) -> FaultKind? {
        for fault in ofConnections where SeededRandom.unit(generator.next()) <= fault.share {
            return fault.kind
        }
        return nil
    }
}
