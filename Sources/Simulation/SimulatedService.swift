import Core
import Model

/// One listener while it runs: the model, the answers and the counts.
struct SimulatedService {
    let model: NumberedModel
    var counts = ServiceCounts()
    var network: NetworkPath
    let book: ReplyBook
    let good: FaultOutcome
    let goodHead: FaultOutcome
    let busy: FaultOutcome
    let busyHead: FaultOutcome
    /// How long a new connection takes before it is read from.
    let connection: Span
    let echoes: Bool
    let servesAbandoned: Bool
    let status: Int32
    /// Whether a fault looks at the path of requests.
    let asksForPath: Bool
    /// Nil when answers do not report the load.
    var load: LoadMeter?

    private var faulty: [FaultPage: FaultOutcome] = [:]

    private struct FaultPage: Hashable {
        var fault: FaultKind
        var isHead: Bool
        var keeps: Bool
        var limit: Int
    }

    init(_ description: ServiceDescription, seed: UInt64) {
        model = NumberedModel(description, seed: seed)
        network = NetworkPath(description, seed: seed)
        book = ReplyBook(description)
        let (good, busy) = (SimulatedAnswer(book.good), SimulatedAnswer(book.busy))
        self.good = FaultOutcome(good, isHead: false)
        goodHead = FaultOutcome(good, isHead: true)
        self.busy = FaultOutcome(busy, isHead: false)
        busyHead = FaultOutcome(busy, isHead: true)
        connection = description.connection
        echoes = description.echoes
        servesAbandoned = description.servesAbandoned
        status = description.status
        asksForPath = description.faults.contains { $0.path != nil }
        load = description.reportsLoad ? LoadMeter(workers: description.replicas * description.workers) : nil
    }

    /// The good answer to a request, whose worker is still busy; already counted.
    mutating func goodOutcome(
        _ request: SimulatedRequest, _ exchange: Exchange?, at now: Instant
    ) -> FaultOutcome {
        let isHead = request.isHead(varied: exchange)
        if echoes {
            let reply = request.echo(varied: exchange).reply(id: counts.answered, status: status)
            return FaultOutcome(SimulatedAnswer(reply), isHead: isHead, keeps: request.keeps)
        }
        if load != nil {
            load!.answered(utilisation: model.utilisation, at: now)
            return FaultOutcome(SimulatedAnswer(book.good(load: load!)), isHead: isHead, keeps: request.keeps)
        }
        return Self.form(isHead ? goodHead : good, isHead, request)
    }

    /// The answer that work behind the service came to; already counted.
    mutating func outcome(
        of result: WorkResult, key: String, _ request: SimulatedRequest, _ exchange: Exchange?, at now: Instant
    ) -> FaultOutcome {
        guard let reply = book.reply(to: result, key: key) else { return goodOutcome(request, exchange, at: now) }
        return FaultOutcome(
            SimulatedAnswer(reply), isHead: request.isHead(varied: exchange), keeps: request.keeps)
    }

    /// What comes of a fault. Its first request makes it; those after share it, but for a redirect to itself, which depends
    /// on the path.
    mutating func outcome(
        of fault: FaultKind, _ request: SimulatedRequest, _ exchange: Exchange?, limit: Int
    ) -> FaultOutcome {
        let page = FaultPage(fault: fault, isHead: request.isHead(varied: exchange), keeps: request.keeps, limit: limit)
        if let known = faulty[page] { return known }
        let outcome = FaultOutcome(
            fault, book, path: request.target(varied: exchange), isHead: page.isHead, keeps: page.keeps, limit: limit)
        if fault != .redirectLoop { faulty[page] = outcome }
        return outcome
    }

    /// The answer when the line is full.
    func busyOutcome(_ request: SimulatedRequest, _ exchange: Exchange?) -> FaultOutcome {
        let isHead = request.isHead(varied: exchange)
        return Self.form(isHead ? busyHead : busy, isHead, request)
    }

    private static func form(_ outcome: FaultOutcome, _ isHead: Bool, _ request: SimulatedRequest) -> FaultOutcome {
        guard !request.keeps, let answer = outcome.answer else { return outcome }
        return FaultOutcome(answer, isHead: isHead, keeps: false)
    }
}

/// The way to a service and back: how long messages travel.
struct NetworkPath {
    private let delay: TimeDistribution
    private let loss: Double
    private let isInstant: Bool
    private var random: SeededRandom

    /// How long TCP waits before it sends again, the first time and at most (Linux).
    private static let firstTimeout: Int64 = 200_000_000
    private static let longestTimeout: Int64 = 120_000_000_000
    /// Times that it sends again before it would give up (Linux: `tcp_retries2`).
    private static let mostLosses = 15

    init(_ description: ServiceDescription, seed: UInt64) {
        delay = description.network.delay
        loss = description.network.loss
        isInstant = delay == .constant(.zero) && loss <= 0
        random = SeededRandom(seed: seed, named: "lab/\(description.name)/network")
    }

    /// The time that the next message takes one way, those in which TCP finds out that it was lost among it.
    mutating func travel() -> Span {
        if isInstant { return .zero }
        var time = delay.sample(using: &random)
        guard loss > 0 else { return time }
        var timeout = Self.firstTimeout
        for _ in 0..<Self.mostLosses {
            guard random.nextUnit() <= loss else { break }
            time = time + Span(nanoseconds: timeout)
            timeout = min(2 * timeout, Self.longestTimeout)
        }
        return time
    }
}
