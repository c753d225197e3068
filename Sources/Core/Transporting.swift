/// Carries requests to a target: libcurl on real sockets, or a model in virtual time.
///
/// A transport belongs to one client and is used on that client's loop only; it is not `Sendable`, so the compiler
/// holds it there.
package protocol Transporting: AnyObject {
    /// Makes a request ready once, to be sent many times (its header list, its parsed URL).
    /// - Throws: `InvalidRequest` when the request could not be put on the wire as it is (CR or LF in a header).
    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID

    /// Makes a way to one address of the target, with connections of its own. Host, SNI and certificate stay those of
    /// the URL. Place 0 leads to the URL's own address until this says otherwise.
    /// - Parameters:
    ///   - place: a small number from 0; a place that was closed may be opened again, to the same address.
    ///   - address: `host:port`, IPv6 in brackets.
    ///   - name: the host name that the address was found by: whether it may be sent to is then asked of that name. Nil:
    ///     of the address.
    func openRoute(_ place: Int, to address: String, named name: String?)

    /// Nothing new goes that way: its idle connections are closed at once, the others when their transfers end.
    func closeRoute(_ place: Int)

    /// Sends once and returns when the transfer has ended, at the latest at `deadline`.
    ///
    /// - Parameters:
    ///   - id: what `prepare` of this transport returned.
    ///   - exchange: what differs from the prepared request, and what to keep of the response; nil sends the request as
    ///     it is and keeps nothing. It must not be touched until this returns.
    ///   - place: which way; one that is open.
    ///   - handle: for `cancel`, and to be told when the request goes out; nil when nobody asks.
    ///   - trace: what the header `traceparent` is to say; nil sends none. A request that names that header itself has none.
    ///   - deadline: when to give up.
    ///   - deadlineKind: the failure to report then: `.attempt_timeout` or `.total_timeout`. A connection or TLS
    ///     handshake that never came about is reported as such instead.
    func send(
        _ id: PreparedID, _ exchange: Exchange?, over place: Int, _ handle: SendHandle?, trace: TraceContext?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt

    /// Ends that transfer at once, if it is under way; it returns as an attempt that was `cancelled`.
    func cancel(_ handle: SendHandle)

    /// Ends every transfer under way at once; each returns as an attempt that was `cancelled`.
    func cancelAll()

    /// Closes every connection; nothing is sent afterwards. Only when no transfer is under way.
    func close()

    /// Open connections now: in use and idle.
    var openConnections: Int { get }

    /// Those of one way; and how many of them nobody uses.
    func openConnections(of place: Int) -> Int
    func idleConnections(of place: Int) -> Int

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

/// One sending, for whoever may have to end it early. Used on the transport's loop only.
package final class SendHandle {
    /// Where the transport has it; negative while it is not under way.
    package var transfer = -1
    /// Called once, when the connection stands and the request goes out; dropped when the transfer ends before that.
    package var requestGoesOut: (() -> Void)?
    /// For whoever asked to be told.
    package var hasGoneOut = false

    package init() {}
}

/// A request that cannot be sent as it stands.
package struct InvalidRequest: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
