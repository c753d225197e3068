/// What came of one transfer, or of a chain of them when redirects are followed. Integers only: it is copied on the path of
/// every request.
package struct Attempt: Sendable {
    /// When the request was handed to the transport.
    package var sent: Instant
    /// When the first byte of the response arrived; `.unset` if none did.
    package var firstByte: Instant = .unset
    /// When the transfer ended, well or badly.
    package var end: Instant
    /// The last status received; 0 if none.
    package var status: Int32 = 0
    /// Why the transfer failed; nil when a whole response arrived, whatever its status.
    package var failure: FailureKind?
    /// True when we ended the transfer ourselves for a reason that says nothing about the target (the run stopped).
    package var cancelled = false
    /// errno of a failed system call, 0 otherwise.
    package var systemError: Int32 = 0
    /// Connection phases; all zero on a reused connection.
    package var phases = ConnectPhases()
    /// Bytes of request headers and body written.
    package var bytesSent: Int64 = 0
    /// Bytes of response headers and body read, before decompression.
    package var bytesReceived: Int64 = 0
    /// Connections this attempt had to open (0 when it reused one).
    package var connectionsOpened: Int32 = 0
    /// Times libcurl sent the request again by itself after a reused connection had died.
    package var resends: Int32 = 0
    /// Further requests made to follow redirects.
    package var redirects: Int32 = 0
    /// True when the request went out to a server at least once.
    package var reachedServer = false
    /// `Retry-After` of a 429 or 503, in seconds (a date counts from the moment of the answer); 0 if none.
    package var retryAfter: Int32 = 0

    package init(sent: Instant, end: Instant) {
        self.sent = sent
        self.end = end
    }

    /// What came of a request that was never sent.
    package static func unsent(_ failure: FailureKind, at now: Instant) -> Attempt {
        var attempt = Attempt(sent: now, end: now)
        attempt.failure = failure
        return attempt
    }
}

/// How long each part of opening a connection took; zero for a part that did not happen.
package struct ConnectPhases: Hashable, Sendable {
    package var dns: Span = .zero
    package var connect: Span = .zero
    package var tls: Span = .zero

    package init() {}

    package var isEmpty: Bool { self == ConnectPhases() }
    package var total: Span { dns + connect + tls }
}
