import Core
import Model
import Testing

/// A host of one service in virtual time: requests begin when they are told to, and what is done is written down.
final class BackstageHost {
    struct Done: Equatable {
        var ticket: Int
        var result: WorkResult
        var began: Instant
        var ended: Instant

        var took: Span { ended - began }
    }

    let backstage: Backstage
    private(set) var done: [Done] = []
    private var began: [Int: Instant] = [:]
    private var tickets = 0
    private(set) var now = Instant(nanoseconds: 1)

    /// - Parameter routes: `GET /x/{id}` or `POST /x`, and what is done for it.
    init(
        _ resources: [ResourceDescription], routes: [(String, [WorkStep])], seed: UInt64 = 1, begins: Bool = true
    ) {
        var service = ServiceDescription(name: "shop")
        service.routes = routes.map { line, steps in
            let words = line.split(separator: " ").map(String.init)
            return RouteDescription(
                method: words.count > 1 ? words[0] : nil, path: words[words.count - 1], steps: steps)
        }
        backstage = Backstage(LabDescription(services: [service], resources: resources), seed: seed)
        if begins { backstage.begin(at: now) }
    }

    /// Seconds since the load began.
    var seconds: Double { (now - Instant(nanoseconds: 1)).seconds }

    /// A request's own service time is over.
    @discardableResult
    func start(_ method: String, _ path: String, bodyBytes: Int = 0) -> Int {
        guard let task = backstage.task(of: 0, method: method, path: path) else {
            Issue.record("no route for \(method) \(path)")
            return -1
        }
        tickets += 1
        began[tickets] = now
        backstage.start(task, bodyBytes: bodyBytes, ticket: tickets, at: now)
        return tickets
    }

    /// Lets what is due in the next so long happen.
    func pass(_ span: Span) { pass(until: now + span) }

    func pass(until instant: Instant) {
        while backstage.next <= instant { step() }
        now = max(now, instant)
    }

    /// Until nothing is under way for any request.
    func finish() {
        while backstage.underWay.errands > 0 { step() }
    }

    private func step() {
        now = max(now, backstage.next)
        backstage.run(at: now) { ticket, result, at in
            guard let start = began.removeValue(forKey: ticket) else {
                Issue.record("ticket \(ticket) was handed out twice, or never began")
                return
            }
            done.append(Done(ticket: ticket, result: result, began: start, ended: at))
        }
    }

    /// Requests at random times, so many per second in the mean.
    func offer(_ count: Int, rate: Double, seed: UInt64, request: (Int) -> (String, String)) {
        let gap = TimeDistribution.exponential(mean: Span(seconds: 1 / rate))
        var gaps = SeededRandom(seed: seed, stream: 77)
        for number in 0..<count {
            pass(gap.sample(using: &gaps))
            let (method, path) = request(number)
            start(method, path)
        }
        finish()
    }

    func total(_ resource: String, _ metric: ResourceMetric, in known: ResourceReport? = nil) -> Double {
        let report = known ?? backstage.report(at: now)
        guard let record = report.resources.first(where: { $0.name == resource }),
            let column = ResourceMetric.columns(of: record.kind).firstIndex(of: metric)
        else {
            Issue.record("\(resource) has no column \(metric)")
            return .nan
        }
        return record.totals[column]
    }

    /// One request alone: what it came to and how long it took.
    func one(_ method: String, _ path: String, bodyBytes: Int = 0) -> Done? {
        let ticket = start(method, path, bodyBytes: bodyBytes)
        finish()
        return done.last { $0.ticket == ticket }
    }
}

/// A database by its changes.
func database(_ name: String = "db", _ change: (inout DatabaseDescription) -> Void = { _ in }) -> ResourceDescription {
    var own = DatabaseDescription()
    change(&own)
    return ResourceDescription(name: name, kind: .database(own))
}

func service(_ name: String = "payment", _ change: (inout BackServiceDescription) -> Void) -> ResourceDescription {
    var own = BackServiceDescription()
    change(&own)
    return ResourceDescription(name: name, kind: .service(own))
}
