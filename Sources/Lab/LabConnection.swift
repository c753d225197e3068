import Core
import FoundationEssentials
import Model
import NIOCore
import NIOHTTP1

/// One client's connection: reads requests, lets the model decide, and says what the book has for it.
///
/// | state | a worker is held | left by |
/// |---|---|---|
/// | idle | no | the next whole request |
/// | waiting | no | a worker that begins it, or the client's leaving |
/// | serving | yes | the end of its service time |
/// | working | yes | the end of the work behind the service |
/// | trickling | yes | the last byte, or the client's leaving |
/// | silent | yes | the client's leaving, and nothing else |
/// | ending | no | the connection is gone |
/// | absent | no | a worker that begins it: the client of a waiting request has left, and it is served all the same |
/// | orphaned | yes | the end of its service time: a server goes on with what nobody waits for |
/// | orphaned work | yes | the end of the work behind the service |
/// | gone | no | |
///
/// Requests that a client sends ahead are answered in order, one after the other. An outage of the replica ends
/// every state.
final class LabConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer
    typealias Job = ServiceModel<LabConnection>.Job

    enum State {
        case idle
        case waiting(ServiceModel<LabConnection>.Seat)
        case serving(Job, until: Instant)
        case working(Job)
        case trickling(Job, Answer, next: Instant)
        case silent(Job)
        case ending
        case absent
        case orphaned(Job, until: Instant)
        case orphanedWork(Job)
        case gone
    }

    /// Requests read ahead of their turn; beyond this, reading pauses.
    private static let aheadLimit = 64
    /// How long a client that sent nonsense may take to read the answer before its connection is closed.
    static let lingering = TimeAmount.seconds(1)
    private static let goOn = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

    let service: LabService
    let loop: any EventLoop
    var context: ChannelHandlerContext?
    var state = State.idle
    private var requests: CircularBuffer<Exchange> = []
    /// Form and path of the request in turn, and the whole of it if it is said back.
    var form = Form(isHead: false, keepAlive: true)
    private var path = ""
    private var method = ""
    private var bodyBytes = 0
    private var key = ""
    private var echo: Echo?
    private var isAdvancing = false
    var isReading = false
    private var isPaused = false

    init(of service: LabService, on loop: any EventLoop) {
        self.service = service
        self.loop = loop
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        service.opened(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        service.closed(self)
        service.counts.abandoned += requests.count { $0.kind == .request }
        requests.removeAll()
        let last = state
        state = .gone
        switch last {
        case .idle, .ending, .absent, .orphaned, .orphanedWork, .gone:
            break
        case .waiting(let seat):
            service.counts.abandoned += 1
            if service.servesAbandoned { state = .absent } else { service.left(seat) }
        case .serving(let job, let until):
            service.counts.abandoned += 1
            state = .orphaned(job, until: until)
        case .working(let job):
            service.counts.abandoned += 1
            state = .orphanedWork(job)
        case .trickling(let job, _, _), .silent(let job):
            service.finished(job, at: LabService.now)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            var exchange = Exchange(head)
            if service.echoes {
                exchange.echo = Echo(
                    method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) })
            }
            if exchange.kind == .request { service.counts.received += 1 }
            requests.append(exchange)
            if exchange.expectsContinue { advance() }
        case .body(let part):
            guard !requests.isEmpty else { return }
            let last = requests.index(before: requests.endIndex)
            requests[last].bodyBytes += part.readableBytes
            if service.echoes { requests[last].echo?.add(Array(part.readableBytesView)) }
        case .end:
            guard !requests.isEmpty else { return }
            requests[requests.index(before: requests.endIndex)].isComplete = true
            advance()
            if requests.count > Self.aheadLimit { pause(true) }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        context.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        advance()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The end of the input in the middle of a request is the client's leaving, which is told separately.
        guard let error = error as? HTTPParserError, error != .invalidEOFState else {
            return context.close(promise: nil)
        }
        if requests.last?.isComplete == false, requests.removeLast().kind == .request {
            service.counts.abandoned += 1
        }
        requests.append(.malformed)
        advance()
    }

    // MARK: Turns

    /// Takes up requests as long as each is over at once; stops at one that takes time, or when the client does not
    /// read its answers.
    func advance() {
        guard !isAdvancing, let context else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while case .idle = state, context.channel.isWritable, let exchange = requests.first {
            guard exchange.isComplete else {
                if exchange.expectsContinue {
                    requests[requests.startIndex].expectsContinue = false
                    context.writeAndFlush(wrapOutboundOut(Self.goOn), promise: nil)
                }
                return
            }
            requests.removeFirst()
            if isPaused, requests.count <= Self.aheadLimit / 2 { pause(false) }
            take(exchange)
        }
    }

    private func take(_ exchange: Exchange) {
        form = exchange.form
        path = exchange.path
        method = exchange.method
        bodyBytes = exchange.bodyBytes
        echo = exchange.echo
        switch exchange.kind {
        case .request:
            let now = LabService.now
            service.catchUp(to: now)
            guard case .idle = state else {
                // An outage that was due cut the connection off.
                service.counts.lost += 1
                return
            }
            switch service.arrived(self, path: path, at: now) {
            case .started(let job, let until): begin(job, until: until)
            case .queued(let seat): state = .waiting(seat)
            case .rejected:
                service.counts.rejected += 1
                say(service.book.busy(to: form), holding: nil)
            }
        case .counts: tell(service.counts)
        case .resources: tell(service.backstage?.report() ?? ResourceReport())
        case .malformed:
            service.counts.malformed += 1
            refuse()
        }
    }

    /// Numbers and names: there is nothing in them that could fail to encode.
    private func tell(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let body = (try? encoder.encode(value)).map(Array.init) ?? []
        say(Wire.answer(Reply(200, type: "application/json", body: body), to: form), holding: nil)
    }

    /// A worker has begun the request in turn.
    func begin(_ job: Job, until: Instant) {
        let isOver = until <= LabService.now
        if case .absent = state {
            state = .orphaned(job, until: until)
            if isOver { orphanOver(job, at: until) } else { wake(at: until) }
        } else {
            state = .serving(job, until: until)
            if isOver { serviceOver(job, at: until) } else { wake(at: until) }
        }
    }

    private func orphanOver(_ job: Job, at instant: Instant) {
        // What it changes is changed, although nobody hears of it.
        let fault = service.outcome(of: job)
        if startWork(unless: fault, at: instant) {
            state = .orphanedWork(job)
        } else {
            state = .gone
            service.finished(job, at: instant)
        }
    }

    /// Begins what is to be done behind the service, if anything; `workOver` comes later, never before this returns.
    private func startWork(unless fault: FaultKind?, at instant: Instant) -> Bool {
        guard fault?.leavesAnswer ?? true, let backstage = service.backstage,
            let task = backstage.task(of: service.place, method: method, path: path)
        else { return false }
        key = task.key
        backstage.start(task, bodyBytes: bodyBytes, for: self, at: instant)
        return true
    }

    /// The work behind the service is done.
    func workOver(_ result: WorkResult, at instant: Instant) {
        switch state {
        case .working(let job):
            service.counts.answered(result)
            say(service.answer(to: result, key: key, form), holding: job, at: instant)
        case .orphanedWork(let job):
            state = .gone
            service.finished(job, at: instant)
        // An outage has cut the connection off.
        case .idle, .waiting, .serving, .trickling, .silent, .ending, .absent, .orphaned, .gone: break
        }
    }

    private func serviceOver(_ job: Job, at instant: Instant) {
        let fault = service.outcome(of: job)
        if startWork(unless: fault, at: instant) {
            state = .working(job)
            return
        }
        guard let fault else {
            service.counts.answered += 1
            let answer =
                echo.map { Wire.answer($0.reply(id: service.counts.answered, status: service.status), to: form) }
                ?? service.goodAnswer(to: form)
            return say(answer, holding: job, at: instant)
        }
        service.counts.faulted[fault, default: 0] += 1
        say(service.book.faulty(fault, to: form, path: path), holding: job, at: instant)
    }

    // MARK: Ends

    /// Closes unless a request is under way.
    func closeIfIdle() {
        if case .idle = state, requests.isEmpty { closeNow() }
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    /// The replica of the request under way, once a worker has it and as long as its client is there.
    var replica: Int? {
        switch state {
        case .serving(let job, _), .working(let job), .trickling(let job, _, _), .silent(let job): job.replica
        case .idle, .waiting, .ending, .absent, .orphaned, .orphanedWork, .gone: nil
        }
    }

    /// An outage: what was read, was waiting or was being served is lost, and the connection ends with RST.
    func cutOff() {
        service.counts.lost += requests.count { $0.kind == .request }
        requests.removeAll()
        switch state {
        case .waiting, .serving, .working: service.counts.lost += 1
        case .absent: state = .gone
        case .idle, .trickling, .silent, .ending, .orphaned, .orphanedWork, .gone: break
        }
        guard let context else { return }
        // The worker is not let go: it went with its replica.
        state = .ending
        context.resetConnection()
    }

    private func pause(_ pausing: Bool) {
        guard isPaused != pausing, let context else { return }
        isPaused = pausing
        context.channel.setOption(.autoRead, value: !pausing).assumeIsolated().whenFailure { _ in
            // Only a closed channel refuses, and that one is told about elsewhere.
        }
    }
}

extension LabConnection: NIOScheduledCallbackHandler {
    /// Asks to be called at `instant`. There is one call outstanding at most, and none is ever taken back: whoever comes
    /// too late finds a state that wants nothing of it.
    func wake(at instant: Instant) {
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(instant.nanoseconds))
        // Refused only by a loop that has been shut down, and nobody waits for an answer from there.
        _ = try? loop.assumeIsolated().scheduleCallback(at: deadline, handler: self)
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        switch state {
        case .serving(let job, let until): serviceOver(job, at: until)
        case .orphaned(let job, let until): orphanOver(job, at: until)
        case .trickling(let job, let answer, let next): trickle(job, answer, at: next)
        case .idle, .waiting, .working, .silent, .ending, .absent, .orphanedWork, .gone: break
        }
    }
}
