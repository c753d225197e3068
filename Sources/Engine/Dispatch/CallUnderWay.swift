import Core
import Policies
import Recording

/// One call on its way through the policies. Memory of calls that are over serves the next ones.
final class CallUnderWay {
    /// By place in the program's steps.
    private(set) var step = 0
    private(set) var intended = Instant.unset
    /// When the policies got it.
    private(set) var began = Instant.unset
    /// When the whole call is given up.
    private(set) var deadline = Instant.never
    private(set) var warmUp = false
    private(set) var trace = TraceID.none
    /// Where it must go: its shard, or one part of a call to all of them. Nil: wherever the balancer says.
    var pinned: Int?
    /// Places that have been tried, and for this attempt those that turned it away.
    var tried: [Int] = []
    /// How long policies let it wait before it was first sent, and whether they did.
    var waited = Span.zero
    var hasWaited = false
    /// The bulkheads that it is in, as so many of its step's.
    var bulkheads = 0
    /// Throttle and bulkheads have let it in, itself and not as a part of another.
    var isAdmitted = false
    /// Why it is tried again, once it is.
    var reason = RetryReason.connect
    /// Its endpoint was picked although too few are available.
    var isPanicking = false
    /// Attempts that were really sent.
    var sent = 0
    /// A hedge may still hold it when it is over.
    var isShared = false
    /// By how much its first attempt was sent too late by us.
    var lag = Span.zero

    /// Nothing has taken any time yet: it is still the moment at which the policies got it.
    var isFresh: Bool { sent == 0 && !hasWaited }

    func begin(
        _ step: Int, intended: Instant, at now: Instant, deadline: Instant, warmUp: Bool, trace: TraceID
    ) {
        self.step = step
        self.intended = intended
        began = now
        self.deadline = deadline
        self.warmUp = warmUp
        self.trace = trace
        pinned = nil
        tried.removeAll(keepingCapacity: true)
        waited = .zero
        hasWaited = false
        bulkheads = 0
        isAdmitted = false
        isPanicking = false
        sent = 0
        isShared = false
        lag = .zero
    }
}

/// The way of one of several attempts that run beside each other: for whoever ends it early.
final class Lane {
    let handle = SendHandle()
    /// Where it waits, if it does.
    var ticket: WaitingRoom.Ticket?
    var wasSent = false
    /// Another attempt was better: it is to end, wherever it is.
    var isOver = false
}

/// What came of a call, or of one of its attempts.
struct CallEnd {
    /// The attempt that ended it; of a rejected one only the times count.
    var attempt: Attempt
    /// The layer that turned it away before anything was sent; nil when an attempt was made.
    var rejection: Rejection?
    /// By how much its first attempt was sent too late by us.
    var lag = Span.zero
    /// When the call was over: with the attempt, or when a policy allowed no other.
    var over: Instant
    /// The endpoint of the attempt, and how many the call had sent; a call that no policy has a say in has one, to no place.
    var place: Int?
    var attempts = 1
    var trace = TraceID.none

    /// Whether the target has accepted it: there is an answer, and none that says "too much".
    var isAccepted: Bool {
        guard rejection == nil, attempt.failure == nil else { return false }
        return attempt.status != 0 && attempt.status != 429 && attempt.status != 503
    }

    init(_ attempt: Attempt, lag: Span = .zero, trace: TraceID = .none) {
        self.attempt = attempt
        self.lag = lag
        self.trace = trace
        over = attempt.end
    }

    init(_ attempt: Attempt, of call: CallUnderWay, at place: Int) {
        self.init(attempt, lag: call.lag, trace: call.trace)
        self.place = place
    }

    init(_ rejection: Rejection, at now: Instant) {
        attempt = Attempt(sent: now, end: now)
        self.rejection = rejection
        over = now
    }

    /// Cut off by ourselves before anything was sent.
    static func cancelled(at now: Instant) -> CallEnd {
        var attempt = Attempt(sent: now, end: now)
        attempt.cancelled = true
        return CallEnd(attempt)
    }
}
