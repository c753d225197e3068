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
    /// Nil when answers do not report the load.
    private(set) var load: LoadMeter?
    private let tls: NIOSSLContext?
    private var connections: [ObjectIdentifier: LabConnection] = [:]
    /// Requests that workers have just begun, while the first of them is being seen to.
    private var begun: CircularBuffer<ServiceModel<LabConnection>.Start> = []
    private var isHandingOut = false
    /// Set when the lab stops: fulfilled when the last connection is gone.
    private var drained: EventLoopPromise<Void>?

    init(_ description: ServiceDescription, seed: UInt64, tls: NIOSSLContext?) {
        model = ServiceModel(description, seed: seed)
        book = AnswerBook(description)
        echoes = description.echoes
        status = description.status
        load = description.reportsLoad ? LoadMeter(workers: description.replicas * description.workers) : nil
        self.tls = tls
    }

    /// True once the lab stops: every answer is then the last of its connection.
    var isStopping: Bool { drained != nil }

    /// The loop's clock, which is CLOCK_MONOTONIC, like every instant of ours.
    static var now: Instant { Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)) }

    /// Makes a new connection ready; called before its first byte is read.
    func accepted(_ channel: any Channel) throws {
        counts.connections += 1
        let pipeline = channel.pipeline.syncOperations
        if let fault = model.connected() {
            counts.struckConnections[fault, default: 0] += 1
            return try pipeline.addHandler(StruckConnection(fault))
        }
        if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
        try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
        try pipeline.addHandler(LabConnection(of: self))
    }

    /// The good answer to a request of that form, whose worker is still busy.
    func goodAnswer(to form: Form) -> Answer {
        guard load != nil else { return book.good(to: form) }
        load?.answered(busy: model.busy, at: Self.now)
        return load.map { book.good(to: form, load: $0) } ?? book.good(to: form)
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

    func arrived(
        _ connection: LabConnection, path: String, at now: Instant
    ) -> ServiceModel<LabConnection>.Admission {
        model.arrived(connection, path: path, at: now)
    }

    /// A waiting request's client is gone.
    func left(_ seat: ServiceModel<LabConnection>.Seat) {
        model.left(seat)
        counts.abandoned += 1
    }

    /// A worker is idle since `instant`; the next in line begins.
    ///
    /// The next one may be over at once and free its worker in turn, and so on down the line: the line is walked
    /// here, not on the stack.
    func finished(_ job: ServiceModel<LabConnection>.Job, at instant: Instant) {
        guard let next = model.finished(job, at: instant) else { return }
        begun.append(next)
        guard !isHandingOut else { return }
        isHandingOut = true
        defer { isHandingOut = false }
        while let start = begun.popFirst() { start.ticket.begin(start.job, until: start.until) }
    }

    /// Ends every connection: idle ones now, the others after their answer, all of them after `grace`.
    func drain(within grace: Span, on loop: any EventLoop) -> EventLoopFuture<Void> {
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
