import Core
import Model
import NIOCore
import NIOHTTP1
import NIOSSL

/// One service while it runs: the model, the answers and the counts, all of one event loop.
///
/// A service lives on one loop, its connections with it, so nothing here is shared and nothing is locked; more
/// threads serve more services, not one service faster.
final class LabService {
    private(set) var model: ServiceModel<LabConnection>
    var book: AnswerBook
    var counts = ServiceCounts()
    /// Whether answers say back what was asked.
    let echoes: Bool
    /// Status of a good answer.
    let status: Int32
    /// Whether a request that waits is worked on although its client has left.
    let servesAbandoned: Bool
    /// Told when all replicas are out, and when one is back.
    var whenOut: ((_ isOut: Bool) -> Void)?
    /// What is behind the services of the lab, and which of them this is; nil when there is nothing.
    let backstage: LabBackstage?
    let place: Int
    /// Nil when answers do not report the load.
    private(set) var load: LoadMeter?
    private let loop: any EventLoop
    private let tls: NIOSSLContext?
    /// How long a new connection takes before it is read from.
    private let connectionTime: Span
    private var connections: [ObjectIdentifier: LabConnection] = [:]
    /// Connections that a fault struck at once.
    private var struck: [ObjectIdentifier: StruckConnection] = [:]
    /// When the model changes by itself next.
    private var nextChange = Instant.never
    private var isOut = false
    /// Requests that workers have just begun, while the first of them is being seen to.
    private var begun: CircularBuffer<ServiceModel<LabConnection>.Start> = []
    private var isHandingOut = false
    /// Set when the lab stops: fulfilled when the last connection is gone.
    private var drained: EventLoopPromise<Void>?

    /// - Parameter place: of the service in the lab's description, for what is behind it.
    init(
        _ description: ServiceDescription, seed: UInt64, tls: NIOSSLContext?, backstage: LabBackstage?, place: Int,
        on loop: any EventLoop
    ) {
        self.backstage = backstage
        self.place = place
        model = ServiceModel(description, seed: seed)
        book = AnswerBook(description)
        echoes = description.echoes
        status = description.status
        servesAbandoned = description.servesAbandoned
        connectionTime = description.connection
        load = description.reportsLoad ? LoadMeter(workers: description.replicas * description.workers) : nil
        self.tls = tls
        self.loop = loop
    }

    /// True once the lab stops: every answer is then the last of its connection.
    var isStopping: Bool { drained != nil }

    /// The loop's clock, which is CLOCK_MONOTONIC, like every instant of ours.
    static var now: Instant { Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// Makes a new connection ready; called before its first byte is read.
    func accepted(_ channel: any Channel) throws {
        counts.connections += 1
        let pipeline = channel.pipeline.syncOperations
        // Accepted in the same turn of the loop in which the last replica went.
        if isOut { return try pipeline.addHandler(StruckConnection(nil, of: self)) }
        if let fault = model.connected(at: Self.now) {
            counts.struckConnections[fault, default: 0] += 1
            return try pipeline.addHandler(StruckConnection(fault, of: self))
        }
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(LabConnection(of: self, on: loop))
        if connectionTime > .zero { try delayReading(from: channel) }
    }

    private func delayReading(from channel: any Channel) throws {
        try channel.syncOptions?.setOption(.autoRead, value: false)
        loop.assumeIsolated().scheduleTask(in: .nanoseconds(connectionTime.nanoseconds)) {
            // Refused only by a channel that has been closed meanwhile.
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    /// The load begins: episodes count from `origin`.
    func begin(at origin: Instant) {
        model.begin(at: origin)
        advance(to: Self.now)
    }

    /// Brings about what is due; before every arrival, for the timer may be late.
    func catchUp(to now: Instant) {
        if now >= nextChange { advance(to: now) }
    }

    private func advance(to now: Instant) {
        let turnover = model.advance(to: now)
        // First of all, for whoever is handed a request below may send the next, and come here again.
        nextChange = model.nextChange
        if nextChange < .never {
            // Never taken back: a timer that comes when its change is past finds nothing due.
            let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: nextChange.nanoseconds))
            loop.assumeIsolated().scheduleTask(deadline: deadline) { self.catchUp(to: Self.now) }
        }
        for connection in turnover.lost { connection.cutOff() }
        if !turnover.out.isEmpty {
            let out = Set(turnover.out)
            for connection in connections.values.filter({ $0.replica.map(out.contains) ?? false }) {
                connection.cutOff()
            }
        }
        if model.isOut != isOut { becomes(isOut: !isOut) }
        handOut(turnover.started)
    }

    /// The last replica has gone, and every connection is reset; or the first is back.
    private func becomes(isOut: Bool) {
        self.isOut = isOut
        whenOut?(isOut)
        guard isOut else { return }
        for connection in Array(connections.values) { connection.cutOff() }
        for connection in Array(struck.values) { connection.cutOff() }
    }

    /// The good answer to a request of that form, whose worker is still busy.
    func goodAnswer(to form: Form) -> Answer {
        guard load != nil else { return book.good(to: form) }
        load?.answered(utilisation: model.utilisation, at: Self.now)
        return load.map { book.good(to: form, load: $0) } ?? book.good(to: form)
    }

    /// The answer that work behind the service came to.
    func answer(to result: WorkResult, key: String, _ form: Form) -> Answer {
        book.reply(to: result, key: key).map { Wire.answer($0, to: form) } ?? goodAnswer(to: form)
    }

    func opened(_ connection: LabConnection) {
        connections[ObjectIdentifier(connection)] = connection
        counts.open += 1
        if isStopping { connection.closeIfIdle() }
    }

    func closed(_ connection: LabConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        counts.open -= 1
        if connections.isEmpty { drained?.succeed() }
    }

    func opened(_ connection: StruckConnection) { struck[ObjectIdentifier(connection)] = connection }

    func closed(_ connection: StruckConnection) { struck[ObjectIdentifier(connection)] = nil }

    func arrived(
        _ connection: LabConnection, path: String, at now: Instant
    ) -> ServiceModel<LabConnection>.Admission {
        model.arrived(connection, path: path, at: now)
    }

    /// What the request of `job` is answered, now that its service time is over: nil is the good answer.
    func outcome(of job: ServiceModel<LabConnection>.Job) -> FaultKind? { model.outcome(of: job) }

    /// A waiting request's client is gone.
    func left(_ seat: ServiceModel<LabConnection>.Seat) {
        model.left(seat)
    }

    /// A worker is idle since `instant`; the next in line begins.
    ///
    /// The next one may be over at once and free its worker in turn, and so on down the line: the line is walked
    /// here, not on the stack.
    func finished(_ job: ServiceModel<LabConnection>.Job, at instant: Instant) {
        guard let next = model.finished(job, at: instant) else { return }
        handOut(CollectionOfOne(next))
    }

    private func handOut(_ starts: some Sequence<ServiceModel<LabConnection>.Start>) {
        begun.append(contentsOf: starts)
        guard !isHandingOut else { return }
        isHandingOut = true
        defer { isHandingOut = false }
        while let start = begun.popFirst() { start.ticket.begin(start.job, until: start.until) }
    }

    /// Ends every connection: idle ones now, the others after their answer, all of them after `grace`.
    func drain(within grace: Span) -> EventLoopFuture<Void> {
        if let drained { return drained.futureResult }
        let promise = loop.makePromise(of: Void.self)
        drained = promise
        for connection in Array(connections.values) { connection.closeIfIdle() }
        if connections.isEmpty { promise.succeed() }
        let late = loop.assumeIsolated().scheduleTask(in: .nanoseconds(grace.nanoseconds)) {
            for connection in Array(self.connections.values) { connection.closeNow() }
        }
        promise.futureResult.whenComplete { _ in late.cancel() }
        return promise.futureResult
    }
}
