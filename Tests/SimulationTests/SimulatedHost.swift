import Core
import Loops
import Model
import Simulation

/// A lab and clients on one loop, for the length of a test. Used on that loop, or before it runs.
final class SimulatedHost: @unchecked Sendable {
    let loop: VirtualLoop
    let lab: SimulatedLab
    private(set) var transports: [SimulatedTransport] = []
    private var prepared: [Key: PreparedID] = [:]
    private let seed: UInt64

    private struct Key: Hashable {
        var client: Int
        var request: Request
    }

    init(_ services: [ServiceDescription], seed: UInt64 = 1, shuffle: SeededRandom? = nil) {
        loop = VirtualLoop(shuffle: shuffle)
        lab = SimulatedLab(LabDescription(services: services), seed: seed, loop: loop)
        self.seed = seed
    }

    convenience init(seed: UInt64 = 1, _ describe: (inout ServiceDescription) -> Void) {
        var service = ServiceDescription(name: "shop")
        describe(&service)
        self.init([service], seed: seed)
    }

    /// `http://…` of a listener.
    func base(_ listener: Int = 0) -> String { "http://" + lab.listeners[listener].address }

    @discardableResult
    func client(_ change: (inout TransportSettings) -> Void = { _ in }) -> SimulatedTransport {
        var settings = TransportSettings()
        change(&settings)
        let transport = SimulatedTransport(lab: lab, loop: loop, settings: settings, seed: seed)
        transports.append(transport)
        return transport
    }

    /// Sends a request of the client of that number.
    func send(
        _ request: Request, from client: Int = 0, exchange: Exchange? = nil, over place: Int = 0,
        handle: SendHandle? = nil, within patience: Span = .seconds(10), kind: FailureKind = .attempt_timeout
    ) async -> Attempt {
        let id: PreparedID
        let key = Key(client: client, request: request)
        if let known = prepared[key] {
            id = known
        } else {
            guard let new = try? transports[client].prepare(request) else {
                return .unsent(.unsendable_value, at: loop.now)
            }
            prepared[key] = new
            id = new
        }
        return await transports[client].send(
            id, exchange, over: place, handle, trace: nil, deadline: loop.now + patience, deadlineKind: kind)
    }

    /// Sends a GET for a path of a listener.
    func get(
        _ path: String = "/", of listener: Int = 0, from client: Int = 0, exchange: Exchange? = nil,
        over place: Int = 0,
        handle: SendHandle? = nil, within patience: Span = .seconds(10), kind: FailureKind = .attempt_timeout
    ) async -> Attempt {
        await send(
            Request(url: base(listener) + path), from: client, exchange: exchange, over: place, handle: handle,
            within: patience, kind: kind)
    }

    func sleep(_ span: Span) async {
        _ = await loop.sleep(until: loop.now + span, in: SleepGroup(id: 9))
    }

    /// Runs on the loop.
    func run<Value: Sendable>(_ body: @escaping @Sendable (SimulatedHost) async -> Value) -> Value {
        loop.run { await body(self) }
    }

    /// So many at once, each after the one before has begun.
    func together(_ count: Int, _ body: @escaping @Sendable (SimulatedHost, Int) async -> Attempt) async -> [Attempt] {
        await withTaskGroup(of: (Int, Attempt).self) { tasks in
            for number in 0..<count {
                tasks.addTask(executorPreference: loop.taskExecutor) { (number, await body(self, number)) }
            }
            var attempts = Array(repeating: Attempt(sent: .unset, end: .unset), count: count)
            for await (number, attempt) in tasks { attempts[number] = attempt }
            return attempts
        }
    }
}

extension Attempt {
    var took: Span { end - sent }
}
