import Core
import Loops
import Transport

/// A transport on a loop of its own, for the length of a test.
actor TransportHost {
    private nonisolated let loop: EpollLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }
    private var transport: CurlTransport?

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
        transport?.close()
        transport = nil
        loop.stop()
    }

    var openConnections: Int { transport?.openConnections ?? 0 }
    func cancelAll() { transport?.cancelAll() }

    /// Sends one request.
    func send(
        _ request: Request, within patience: Span = .seconds(5), kind: FailureKind = .attempt_timeout
    ) async throws -> Attempt {
        let prepared = try transport!.prepare(request)
        return await transport!.send(prepared, nil, deadline: loop.now + patience, deadlineKind: kind)
    }

    /// What an exchange brought back.
    struct Answer: Sendable {
        let attempt: Attempt
        let headers: String
        let body: String
        let size: Int
    }

    /// Sends one request with the parts that `fill` puts over it, once for each of `fills`, on the same handle.
    func exchange(
        _ request: Request, keeping limit: Int = 1 << 20, _ fills: [@Sendable (Exchange) -> Void]
    ) async throws -> [Answer] {
        let prepared = try transport!.prepare(request)
        let exchange = Exchange()
        var answers: [Answer] = []
        for fill in fills {
            exchange.reset()
            exchange.keepsHeaders = true
            exchange.bodyLimit = limit
            fill(exchange)
            let attempt = await transport!.send(
                prepared, exchange, deadline: loop.now + .seconds(5), deadlineKind: .attempt_timeout)
            answers.append(
                Answer(
                    attempt: attempt, headers: String(decoding: exchange.responseHeaders, as: UTF8.self),
                    body: String(decoding: exchange.responseBody, as: UTF8.self), size: exchange.responseSize))
        }
        return answers
    }

    /// Sends the same request by `users`, `times` each, one after the other.
    nonisolated func send(_ request: Request, users: Int, times: Int) async throws -> [Attempt] {
        let tasks = (0..<users).map { _ in
            Task {
                var attempts: [Attempt] = []
                for _ in 0..<times { attempts.append(try await self.send(request)) }
                return attempts
            }
        }
        var attempts: [Attempt] = []
        for task in tasks { attempts += try await task.value }
        return attempts
    }
}
