import Core
import Loops
import Synchronization

/// What the scripted target does with a request.
struct Reply: Sendable {
    var after: Span
    var status: Int32 = 200
    var failure: FailureKind?
}

/// A target that answers by a script, in virtual time, and counts what it was asked: the second book against which the
/// ledger is held.
final class ScriptedTarget: Sendable {
    private struct Book {
        var received = 0
        var urls: [String: Int] = [:]
        var sentAt: [Instant] = []
        var open = 0
        var most = 0
    }

    private let book = Mutex(Book())
    private let script: @Sendable (Int, Instant) -> Reply

    /// - Parameter script: given the number of the request, from 0, and the time at which it came.
    init(_ script: @escaping @Sendable (Int, Instant) -> Reply) {
        self.script = script
    }

    var received: Int { book.withLock { $0.received } }
    var urls: [String: Int] { book.withLock { $0.urls } }
    var sentAt: [Instant] { book.withLock { $0.sentAt } }
    var mostAtOnce: Int { book.withLock { $0.most } }

    func receive(_ request: Request, at now: Instant) -> Reply {
        let number = book.withLock { book in
            defer { book.received += 1 }
            book.urls[request.url, default: 0] += 1
            book.sentAt.append(now)
            book.open += 1
            book.most = max(book.most, book.open)
            return book.received
        }
        return script(number, now)
    }

    func answered() { book.withLock { $0.open -= 1 } }
}

final class ScriptedTransport: Transporting {
    private let loop: any Loop
    private let target: ScriptedTarget
    private let patience = SleepGroup(id: 1_000_000)
    private var requests: [Request] = []
    private var under = 0
    private(set) var peakConnections = 0
    var openConnections: Int { under }

    init(loop: any Loop, target: ScriptedTarget) {
        self.loop = loop
        self.target = target
    }

    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        if request.url.contains("unsendable") { throw InvalidRequest("unsendable") }
        requests.append(request)
        return PreparedID(index: requests.count - 1)
    }

    func send(_ id: PreparedID, deadline: Instant, deadlineKind: FailureKind) async -> Attempt {
        let request = requests[id.index]
        let sent = loop.now
        under += 1
        peakConnections = max(peakConnections, under)
        let reply = target.receive(request, at: sent)
        let end = min(sent + reply.after, deadline)
        let whole = await loop.sleep(until: end, in: patience)
        target.answered()
        under -= 1
        var attempt = Attempt(sent: sent, end: loop.now)
        attempt.reachedServer = true
        attempt.cancelled = !whole
        if whole {
            attempt.status = sent + reply.after > deadline ? 0 : reply.status
            attempt.failure = sent + reply.after > deadline ? deadlineKind : reply.failure
            attempt.firstByte = loop.now
        }
        return attempt
    }

    func close() { precondition(under == 0, "closed while \(under) transfers are under way") }

    func cancelAll() { loop.wake(patience) }
}
