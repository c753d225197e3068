package import Core

/// Which fault strikes: the first of the list that fits the request and whose share it falls into.
///
/// Every fault that fits draws one number until one strikes, so a plan that changes the share of the last fault leaves
/// the ones before it striking the same requests. One with a window or replicas of its own draws always and keeps nobody
/// behind it from drawing: when and where it strikes changes nothing for the others.
package struct FaultChoice: Sendable {
    private struct Choice {
        let fault: Fault
        /// Nil: it strikes at any time, before the load starts too.
        let window: TimeWindow?
        /// Whether it strikes everywhere and at any time.
        let isConstant: Bool

        init(_ fault: Fault) {
            self.fault = fault
            let isTimed = fault.at > .zero || fault.lasts != nil
            window = isTimed ? TimeWindow(at: fault.at, lasts: fault.lasts, every: nil) : nil
            isConstant = !isTimed && fault.replicas == nil
        }

        func isOpen(at time: Span?, replica: Int) -> Bool {
            if let replicas = fault.replicas, !replicas.contains(replica) { return false }
            guard let window else { return true }
            return time.map { window.contains($0.nanoseconds) } ?? false
        }
    }

    private let ofRequests: [Choice]
    private let ofConnections: [Choice]

    package init(_ faults: [Fault]) {
        ofRequests = faults.filter { !$0.kind.strikesConnections }.map(Choice.init)
        ofConnections = faults.filter { $0.kind.strikesConnections }.map(Choice.init)
    }

    /// The fault that strikes a request for `path` (query included), or nil.
    /// - Parameters:
    ///   - time: since the start of the load; nil before it.
    ///   - replica: the number of the replica that it goes to.
    package func forRequest(
        path: String, at time: Span? = nil, replica: Int = 0, using generator: inout some RandomNumberGenerator
    ) -> FaultKind? {
        var struck: FaultKind?
        for choice in ofRequests {
            // Bytes, not characters: a path is ASCII, and the comparison of characters would normalise it.
            if let prefix = choice.fault.path, !path.utf8.starts(with: prefix.utf8) { continue }
            guard SeededRandom.unit(generator.next()) <= choice.fault.share else { continue }
            if choice.isConstant { return struck ?? choice.fault.kind }
            if struck == nil, choice.isOpen(at: time, replica: replica) { struck = choice.fault.kind }
        }
        return struck
    }

    /// The fault that strikes a new connection, or nil.
    /// - Parameter time: since the start of the load; nil before it.
    package func forConnection(at time: Span? = nil, using generator: inout some RandomNumberGenerator) -> FaultKind? {
        var struck: FaultKind?
        for choice in ofConnections where SeededRandom.unit(generator.next()) <= choice.fault.share {
            if choice.isConstant { return struck ?? choice.fault.kind }
            if struck == nil, choice.isOpen(at: time, replica: 0) { struck = choice.fault.kind }
        }
        return struck
    }
}
