import Core
import Loops

/// Carries requests to a scripted target, in virtual time.
final class ScriptedTransport: Transporting {
    private let loop: any Loop
    private let target: ScriptedTarget
    private let patience: SleepGroup
    private var requests: [Request] = []
    private var under = 0
    private(set) var peakConnections = 0
    var openConnections: Int { under }

    /// - Parameter number: tells the transports of one loop apart.
    init(loop: any Loop, target: ScriptedTarget, number: UInt32 = 0) {
        self.loop = loop
        self.target = target
        patience = SleepGroup(id: 1_000_000 + number)
    }

    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        if request.url.contains("unsendable") { throw InvalidRequest("unsendable") }
        requests.append(request)
        return PreparedID(index: requests.count - 1)
    }

    func send(
        _ id: PreparedID, _ exchange: Exchange?, deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        let request = requests[id.index]
        let sent = loop.now
        under += 1
        peakConnections = max(peakConnections, under)
        let reply = target.receive(Self.message(request, exchange, at: sent), url: request.url)
        let end = min(sent + reply.after, deadline)
        let whole = await loop.sleep(until: end, in: patience)
        target.answered()
        under -= 1
        var attempt = Attempt(sent: sent, end: loop.now)
        attempt.reachedServer = true
        attempt.cancelled = !whole
        if whole {
            let inTime = sent + reply.after <= deadline
            attempt.status = inTime ? reply.status : 0
            attempt.failure = inTime ? reply.failure : deadlineKind
            attempt.firstByte = loop.now
            if inTime, let exchange { Self.answer(reply, exchange) }
        }
        return attempt
    }

    func close() { precondition(under == 0, "closed while \(under) transfers are under way") }

    func cancelAll() { loop.wake(patience) }

    /// The request that goes out: what was prepared, and what this call changes of it.
    private static func message(_ request: Request, _ exchange: Exchange?, at now: Instant) -> SentRequest {
        func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
        // `http://host`, then path and query.
        let prepared = request.url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        var sent = SentRequest(
            at: now, method: request.method, target: "/" + (prepared.count > 3 ? prepared[3] : ""),
            headers: request.headers.map { "\($0.name): \($0.value)" }, body: request.body ?? [])
        guard let exchange else { return sent }
        if !exchange.method.isEmpty { sent.method = text(exchange.method) }
        if !exchange.target.isEmpty { sent.target = text(exchange.target) }
        if exchange.hasBody { sent.body = exchange.body }
        sent.headers += exchange.headers.split(separator: 0).map { text($0) }
        return sent
    }

    /// What a transport leaves in an exchange, within its limits.
    private static func answer(_ reply: Reply, _ exchange: Exchange) {
        exchange.forgetResponse()
        if exchange.keepsHeaders {
            for line in reply.headers { exchange.responseHeaders.append(contentsOf: (line + "\r\n").utf8) }
        }
        Array(reply.body.utf8).withUnsafeBufferPointer { exchange.keep($0) }
    }
}
