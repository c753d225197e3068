import Core
import Loops
import Transport

/// A transport on a loop of its own, for the length of a test.
actor TransportHost {
    private nonisolated let loop: EpollLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }
    private var transport: CurlTransport?
    private weak var closed: CurlTransport?
    private var handles: [String: SendHandle] = [:]
    private var told: [String: Int] = [:]

    private static let library: Void = try! CurlLibrary.start()

    private init() throws {
        _ = Self.library
        loop = try EpollLoop(name: "test-loop")
        loop.start()
    }

    static func with<Value: Sendable>(
        _ change: (inout TransportSettings) -> Void = { _ in }, resolved: String? = nil,
        _ body: (TransportHost) async throws -> Value
    ) async throws -> Value {
        var settings = TransportSettings()
        change(&settings)
        let host = try TransportHost()
        await host.open(settings, resolved)
        do {
            let value = try await body(host)
            await host.close()
            return value
        } catch {
            await host.close()
            throw error
        }
    }

    private func open(_ settings: TransportSettings, _ resolved: String?) {
        transport = CurlTransport(loop: loop, settings: settings, resolved: resolved)
    }

    private func close() {
        closeTransport()
        loop.stop()
    }

    /// Closes the transport before its time.
    /// - Returns: how many connections are open afterwards.
    @discardableResult
    func closeTransport() -> Int {
        transport?.close()
        let open = transport?.openConnections ?? 0
        closed = transport
        transport = nil
        return open
    }

    /// Whether the transport that was closed is no more.
    var isFreed: Bool { transport == nil && closed == nil }

    var openConnections: Int { transport?.openConnections ?? 0 }
    var peakConnections: Int { transport?.peakConnections ?? 0 }
    func cancelAll() { transport?.cancelAll() }

    // MARK: Ways

    func openRoute(_ place: Int, to address: String, named name: String? = nil) {
        transport?.openRoute(place, to: address, named: name)
    }
    func closeRoute(_ place: Int) { transport?.closeRoute(place) }
    func openConnections(of place: Int) -> Int { transport?.openConnections(of: place) ?? 0 }
    func idleConnections(of place: Int) -> Int { transport?.idleConnections(of: place) ?? 0 }

    // MARK: Handles

    /// Cancels what was sent under that name.
    func cancel(_ name: String) {
        if let handle = handles[name] { transport?.cancel(handle) }
    }

    /// How often a request under that name was said to go out.
    func told(_ name: String) -> Int { told[name] ?? 0 }

    /// Whether something of that name is under way, or would be told.
    func isWaiting(_ name: String) -> Bool {
        handles[name].map { $0.transfer >= 0 || $0.requestGoesOut != nil } ?? false
    }

    private func handle(_ name: String?) -> SendHandle? {
        guard let name else { return nil }
        let handle = SendHandle()
        handles[name] = handle
        handle.requestGoesOut = { [unowned self] in assumeIsolated { $0.told[name, default: 0] += 1 } }
        return handle
    }

    // MARK: Sending

    /// Sends one request.
    /// - Parameter name: for `cancel` and `told`.
    func send(
        _ request: Request, over place: Int = 0, as name: String? = nil, within patience: Span = .seconds(60),
        kind: FailureKind = .attempt_timeout, trace: TraceContext? = nil
    ) async throws -> Attempt {
        let prepared = try transport!.prepare(request)
        return await transport!.send(
            prepared, nil, over: place, handle(name), trace: trace, deadline: loop.now + patience, deadlineKind: kind)
    }

    /// What an exchange brought back.
    struct Answer: Sendable {
        let attempt: Attempt
        let headers: String
        let body: String
        let size: Int
    }

    /// Sends one request with the parts that `fill` puts over it, once for each of `fills`, on the same handle.
    /// - Parameter traces: of the first sendings; those after them have none.
    func exchange(
        _ request: Request, over place: Int = 0, keeping limit: Int = 1 << 20, traces: [TraceContext?] = [],
        _ fills: [@Sendable (Exchange) -> Void]
    ) async throws -> [Answer] {
        let prepared = try transport!.prepare(request)
        let exchange = Exchange()
        var answers: [Answer] = []
        for (index, fill) in fills.enumerated() {
            exchange.reset()
            exchange.keepsHeaders = true
            exchange.bodyLimit = limit
            fill(exchange)
            let attempt = await transport!.send(
                prepared, exchange, over: place, nil, trace: index < traces.count ? traces[index] : nil,
                deadline: loop.now + .seconds(60), deadlineKind: .attempt_timeout)
            answers.append(
                Answer(
                    attempt: attempt, headers: String(decoding: exchange.responseHeaders, as: UTF8.self),
                    body: String(decoding: exchange.responseBody, as: UTF8.self), size: exchange.responseSize))
        }
        return answers
    }

    /// Sends the same request by `users`, `times` each, one after the other.
    nonisolated func send(
        _ request: Request, over place: Int = 0, users: Int, times: Int
    ) async throws -> [Attempt] {
        let tasks = (0..<users).map { _ in
            Task {
                var attempts: [Attempt] = []
                for _ in 0..<times { attempts.append(try await self.send(request, over: place)) }
                return attempts
            }
        }
        var attempts: [Attempt] = []
        for task in tasks { attempts += try await task.value }
        return attempts
    }
}
