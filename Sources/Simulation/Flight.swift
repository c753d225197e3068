import Core
import Model

/// One request from its sending to its end, on the client's side and on the service's: a place in the lab's table.
///
/// A place is taken by `send` and free again when the client has its answer, or gave up, *and* the service has nothing to
/// do with it any more: a worker goes on with what nobody waits for.
struct Flight {
    /// How far it is.
    enum Stage: UInt8 {
        case free
        /// The connection is being opened.
        case connecting
        /// Its TLS handshake is under way.
        case securing
        /// On the way to the service, or not read yet.
        case travelling
        /// In the line of a replica.
        case waiting
        /// With a worker.
        case serving
        /// With a worker that waits for what is behind the service.
        case working
        /// With a worker that sends the answer byte by byte.
        case trickling
        /// With a worker that will not go on.
        case silent
        /// On a connection that nobody will ever read.
        case unheard
        /// The service has nothing to do with it any more.
        case answered
        /// The next request of its chain is about to go out.
        case goingOn
    }

    var stage = Stage.free
    /// Of its events: one that bears another number is stale.
    var serial: UInt32 = 0
    /// Its events that are not stale.
    var pending: UInt16 = 0
    /// Of its deadline.
    var term: UInt32 = 0
    var hasDeadline = false

    // The client's side.
    /// Nil when nobody waits for the answer.
    var continuation: UnsafeContinuation<Attempt, Never>?
    var attempt = Attempt(sent: .unset, end: .unset)
    var request: SimulatedRequest!
    /// Whether the exchange changes the request; its response is filled in any case.
    var varies = false
    var exchange: Exchange?
    var handle: SendHandle?
    var deadline = Instant.never
    var deadlineKind = FailureKind.attempt_timeout
    var client: Int32 = -1
    var way: Int32 = -1
    /// The way of the first request of its chain; and its origin, when redirects are followed.
    var firstWay: Int32 = -1
    var origin: String?
    var connection: Int32 = -1
    /// Whether the connection had carried requests before this one.
    var isReused = false
    var connectingSince = Instant.unset
    var requestsSent: Int32 = 0
    /// Times that it was sent again on another connection, in this hop.
    var retries = 0

    // The service's side.
    var listener: Int32 = -1
    /// When the request is read.
    var arrivesAt = Instant.unset
    var seat: ServiceModel<Int>.Seat?
    var job: ServiceModel<Int>.Job?
    /// Of the work behind the service: an end that bears another number is that of a request before.
    var errand: UInt32 = 0
    /// The key that the work was for.
    var key = ""
    /// Set when the service has noticed that the client is gone: what a worker does for it is for nobody.
    var isAbandoned = false
    /// What the client will see.
    var outcome = FaultOutcome.nothing
    /// When the first byte of an answer left that is long in coming; `.unset` when none did.
    var begunAt = Instant.unset

    var isWanted: Bool { continuation != nil }
}
