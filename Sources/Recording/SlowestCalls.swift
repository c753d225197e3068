package import Core

/// One of the slowest calls of a run, and where its time went.
package struct SlowCall: Hashable, Sendable {
    /// When it was to begin, since the start of the run.
    package var intended: Span
    /// By place in the series table.
    package var step: Int
    /// The endpoint that its last attempt went to; nil for a plan without.
    package var place: Int?
    /// The last status received; 0 if none.
    package var status: Int32
    /// Nil when it succeeded.
    package var failure: FailureKind?
    /// Attempts that were sent, those of all parts of a call to several shards.
    package var attempts: Int
    package var trace: TraceID
    /// From the intended start to the end of the call.
    package var response: Span
    /// Of its last attempt, from sending to its end.
    package var service: Span
    /// From the intended start to the sending of the last attempt: send lag, waits of policies, earlier attempts.
    package var wait: Span
    /// Parts of the last attempt; zero for a connection that was open already.
    package var phases: ConnectPhases
    /// From there to the first byte, and from that to the end; nil when no byte arrived.
    package var firstByte: Span?
    package var transfer: Span?
    /// Of the last attempt, with the redirects that it followed.
    package var bytesSent: Int64
    package var bytesReceived: Int64

    package init(
        intended: Span, step: Int, place: Int?, status: Int32, failure: FailureKind?, attempts: Int, trace: TraceID,
        response: Span, service: Span, wait: Span, phases: ConnectPhases, firstByte: Span?, transfer: Span?,
        bytesSent: Int64, bytesReceived: Int64
    ) {
        self.intended = intended
        self.step = step
        self.place = place
        self.status = status
        self.failure = failure
        self.attempts = attempts
        self.trace = trace
        self.response = response
        self.service = service
        self.wait = wait
        self.phases = phases
        self.firstByte = firstByte
        self.transfer = transfer
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
    }

    /// Whether it stands before the other: slower, or as slow and earlier.
    fileprivate func isBefore(_ other: SlowCall) -> Bool {
        if response != other.response { return response > other.response }
        return (intended, step) < (other.intended, other.step)
    }
}

/// The slowest calls of a run by response time, as many as a reader will look at: memory does not grow with the run.
package struct SlowestCalls: Sendable {
    /// Most calls that are kept.
    package static let most = 20

    /// The slowest first; of equally slow ones the earlier.
    package private(set) var calls: [SlowCall] = []
    /// Nobody who is not slower gets in.
    private var bound = Span(nanoseconds: .min)

    package init() {}

    /// Whether a call as slow as that gets in: all that most calls of a run are asked.
    package func takes(_ response: Span) -> Bool { response > bound }

    package mutating func add(_ call: SlowCall) {
        var place = calls.count
        while place > 0, call.isBefore(calls[place - 1]) { place -= 1 }
        guard place < Self.most else { return }
        if calls.count == Self.most { calls.removeLast() }
        calls.insert(call, at: place)
        if calls.count == Self.most, let last = calls.last { bound = last.response }
    }

    /// Adds those of another client.
    package mutating func add(_ other: SlowestCalls) {
        for call in other.calls { add(call) }
    }
}
