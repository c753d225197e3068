/// Carries requests to a target: libcurl on real sockets, or a model in virtual time.
///
/// A transport belongs to one client and is used on that client's loop only; it is not `Sendable`, so the compiler
/// holds it there.
package protocol Transporting: AnyObject {
    /// Makes a request ready once, to be sent many times (its header list, its parsed URL).
    /// - Throws: `InvalidRequest` when the request could not be put on the wire as it is (CR or LF in a header).
    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID

    /// Sends once and returns when the transfer has ended, at the latest at `deadline`.
    ///
    /// - Parameters:
    ///   - id: what `prepare` of this transport returned.
    ///   - exchange: what differs from the prepared request, and what to keep of the response; nil sends the request as
    ///     it is and keeps nothing. It must not be touched until this returns.
    ///   - deadline: when to give up.
    ///   - deadlineKind: the failure to report then: `.attempt_timeout` or `.total_timeout`. A connection or TLS
    ///     handshake that never came about is reported as such instead.
    func send(_ id: PreparedID, _ exchange: Exchange?, deadline: Instant, deadlineKind: FailureKind) async -> Attempt

    /// Ends every transfer under way at once; each returns as an attempt that was `cancelled`.
    func cancelAll()

    /// Closes every connection; nothing is sent afterwards. Only when no transfer is under way.
    func close()

    /// Open connections now: in use and idle.
    var openConnections: Int { get }

    /// The most that were open at once.
    var peakConnections: Int { get }
}

/// A request that a transport has made ready: a place in its own table.
///
/// A number rather than an associated type: what uses a transport needs no generics then, whose metadata would be
/// looked up on the path of every request.
package struct PreparedID: Hashable, Sendable {
    package let index: Int

    package init(index: Int) {
        self.index = index
    }
}

/// A request that cannot be sent as it stands.
package struct InvalidRequest: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
