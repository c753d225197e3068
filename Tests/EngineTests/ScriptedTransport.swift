import Core
import Loops

/// Carries requests to a scripted target, in virtual time.
final class ScriptedTransport: Transporting {
    private let loop: any Loop
    private let target: ScriptedTarget
    private let patience: SleepGroup
    private var requests: [Request] = []
    private var under = 0
    /// By place: transfers under way, and where the way leads; nil when it is closed.
    private var places: [Int: (under: Int, address: String?)] = [:]
    /// Who may be cancelled alone: each has a group of its own.
    private var groups: Set<SleepGroup> = []
    private var nextGroup: UInt32
    private(set) var peakConnections = 0
    var openConnections: Int { under }

    /// - Parameter number: tells the transports of one loop apart.
    init(loop: any Loop, target: ScriptedTarget, number: UInt32 = 0) {
        self.loop = loop
        self.target = target
        patience = SleepGroup(id: 1_000_000 + number)
        nextGroup = 0x4000_0000 + number << 20
    }

    func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        if request.url.contains("unsendable") { throw InvalidRequest("unsendable") }
        requests.append(request)
        return PreparedID(index: requests.count - 1)
    }

    func openRoute(_ place: Int, to address: String, named name: String?) {
        places[place, default: (0, nil)].address = address
    }

    func closeRoute(_ place: Int) { places[place]?.address = nil }

    func openConnections(of place: Int) -> Int { places[place]?.under ?? 0 }

    func idleConnections(of place: Int) -> Int { 0 }

    func cancel(_ handle: SendHandle) {
        if handle.transfer >= 0 { loop.wake(SleepGroup(id: UInt32(handle.transfer))) }
    }

    func send(
        _ id: PreparedID, _ exchange: Exchange?, over place: Int, _ handle: SendHandle?, trace: TraceContext?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        let request = requests[id.index]
        let sent = loop.now
        var patience = patience
        if let handle {
            nextGroup += 1
            patience = SleepGroup(id: nextGroup)
            handle.transfer = Int(patience.id)
            groups.insert(patience)
        }
        defer {
            if let handle {
                groups.remove(patience)
                handle.transfer = -1
                handle.requestGoesOut = nil
            }
            places[place, default: (0, nil)].under -= 1
        }
        places[place, default: (0, nil)].under += 1
        under += 1
        peakConnections = max(peakConnections, under)
        var message = Self.message(request, exchange, at: sent)
        message.place = place
        message.trace = trace
        message.address = places[place]?.address ?? ""
        let reply = target.receive(message, url: request.url)
        let end = min(sent + reply.after, deadline)
        var whole = true
        if reply.connect > .zero { whole = await loop.sleep(until: min(sent + reply.connect, end), in: patience) }
        if reply.goesOut { handle?.requestGoesOut?() }
        if whole { whole = await loop.sleep(until: end, in: patience) }
        target.answered(place)
        under -= 1
        var attempt = Attempt(sent: sent, end: loop.now)
        attempt.reachedServer = reply.goesOut
        attempt.cancelled = !whole
        attempt.retryAfter = reply.retryAfter
        if whole {
            let inTime = sent + reply.after <= deadline
            attempt.status = inTime ? reply.status : 0
            attempt.failure = inTime ? reply.failure : deadlineKind
            if attempt.failure == nil { attempt.firstByte = loop.now }
            if inTime, let exchange { Self.answer(reply, exchange) }
        }
        return attempt
    }

    func close() { precondition(under == 0, "closed while \(under) transfers are under way") }

    func cancelAll() {
        loop.wake(patience)
        for group in groups { loop.wake(group) }
    }

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
