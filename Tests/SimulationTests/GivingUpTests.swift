import Core
import Loops
import Model
import Simulation
import Testing

@Suite("Giving up in virtual time")
struct GivingUpTests {
    /// 10 ms each way, a new connection read after 20 ms, one worker that takes 50 ms.
    static func describe(_ service: inout ServiceDescription) {
        service.network.delay = .constant(.milliseconds(10))
        service.connection = .milliseconds(20)
        service.time = .constant(.milliseconds(50))
        service.workers = 1
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let state: String
        /// After the sending. The connection stands at 20 ms; the request is read at 30 ms, begun at 80 ms when another
        /// holds the worker, answered at 130 ms, and the answer is there at 140 ms.
        let after: Span
        let reached: Bool
        /// Whether the lab receives the request all the same.
        let received: Bool
        var testDescription: String { "while \(state)" }
    }

    static let rows = [
        Row(state: "connecting", after: .milliseconds(15), reached: false, received: false),
        Row(state: "travelling", after: .milliseconds(25), reached: true, received: true),
        Row(state: "waiting", after: .milliseconds(60), reached: true, received: true),
        Row(state: "being served", after: .milliseconds(100), reached: true, received: true),
        Row(state: "the answer travels", after: .milliseconds(135), reached: true, received: true),
    ]

    @Test("a request that is cancelled ends at once, and leaves nothing behind", arguments: rows)
    func cancelled(_ row: Row) {
        let host = SimulatedHost { Self.describe(&$0) }
        host.client()
        let handle = Handle()
        let (first, second) = host.run { host in
            async let first = host.get("/first")
            await host.sleep(.nanoseconds(1))
            async let second = host.get("/second", handle: handle.value)
            await host.sleep(row.after)
            host.transports[0].cancel(handle.value)
            // Once more is harmless.
            host.transports[0].cancel(handle.value)
            let attempts = await (first, second)
            await host.sleep(.seconds(1))
            return attempts
        }
        #expect(first.failure == nil)
        #expect(second.cancelled)
        #expect(second.failure == nil)
        #expect(second.took == row.after)
        #expect(second.reachedServer == row.reached)
        #expect(handle.value.transfer == -1)
        expectRest(host, received: row.received ? 2 : 1)
    }

    @Test("a deadline comes to the nanosecond, and says what it ended", arguments: rows)
    func deadline(_ row: Row) {
        let host = SimulatedHost { Self.describe(&$0) }
        host.client()
        let second = host.run { host in
            async let first = host.get("/first")
            await host.sleep(.nanoseconds(1))
            let second = await host.get("/second", within: row.after, kind: .total_timeout)
            _ = await first
            await host.sleep(.seconds(1))
            return second
        }
        #expect(second.took == row.after)
        #expect(second.failure == (row.reached ? .total_timeout : .connect_timeout))
        #expect(second.reachedServer == row.reached)
        expectRest(host, received: row.received ? 2 : 1)
    }

    @Test("an answer at the very deadline is in time; a nanosecond later it is not")
    func border() {
        let host = SimulatedHost { $0.time = .constant(.milliseconds(5)) }
        host.client()
        let failures = host.run { host in
            [
                await host.get(within: .milliseconds(5)).failure,
                await host.get(within: .nanoseconds(4_999_999)).failure,
                await host.get(within: .zero).failure,
            ]
        }
        #expect(failures == [nil, .attempt_timeout, .attempt_timeout])
    }

    @Test("a connection that does not come about has a time-out of its own")
    func connectTimeout() {
        let host = SimulatedHost { $0.network.delay = .constant(.seconds(1)) }
        host.client { $0.connectTimeout = .milliseconds(1_500) }
        let (plain, patient) = host.run { host in
            let plain = await host.get()
            host.client { $0.connectTimeout = .milliseconds(3_000) }
            let url = host.base().replacing("http:", with: "https:")
            return (plain, await host.send(Request(url: url), from: 1))
        }
        #expect(plain.failure == .connect_timeout)
        #expect(plain.took == .milliseconds(1_500))
        #expect(patient.failure == .tls_timeout)
        #expect(patient.took == .milliseconds(3_000))
        #expect(patient.phases.connect == .seconds(2))
    }

    @Test("who waits and leaves is forgotten, and their worker time never spent, unless the service does not look")
    func abandoned() {
        for serves in [false, true] {
            let host = SimulatedHost {
                $0.time = .constant(.milliseconds(100))
                $0.workers = 1
                $0.servesAbandoned = serves
            }
            host.client()
            let attempts = host.run { host in
                async let first = host.get()
                await host.sleep(.milliseconds(1))
                let second = await host.get(within: .milliseconds(10))
                return [await first, second, await host.get()]
            }
            #expect(attempts[1].failure == .attempt_timeout)
            // The third comes at 100 ms; the second is in its way only where it is served.
            #expect(attempts[2].took == .milliseconds(serves ? 200 : 100))
            let counts = host.lab.counts(of: 0)
            #expect(counts.abandoned == 1)
            #expect(counts.answered == 2)
            #expect(counts.pending == 0)
        }
    }

    @Test("one that is being served holds its worker to the end, its client gone or not")
    func orphan() {
        let host = SimulatedHost {
            $0.time = .constant(.milliseconds(100))
            $0.workers = 1
        }
        host.client()
        let attempts = host.run { host in [await host.get(within: .milliseconds(10)), await host.get()] }
        #expect(attempts[1].took == .milliseconds(190))
        #expect(host.lab.counts(of: 0).abandoned == 1)
    }

    @Test("a worker that stalls is held until its client has enough of it")
    func stalled() {
        let host = SimulatedHost {
            $0.faults = [Fault(.stall, path: "/stall")]
            $0.workers = 1
        }
        host.client()
        let attempts = host.run { host in
            async let stalled = host.get("/stall", within: .milliseconds(300))
            await host.sleep(.milliseconds(100))
            let waited = await host.get()
            return [await stalled, waited]
        }
        #expect(attempts[0].failure == .attempt_timeout)
        #expect(attempts[1].took == .milliseconds(200))
    }

    @Test("everything ends at once when all is cancelled, and of this client only")
    func cancelAll() {
        let host = SimulatedHost {
            Self.describe(&$0)
            $0.workers = 3
        }
        host.client()
        host.client()
        let (mine, others) = host.run { host in
            async let mine = host.together(10) { host, _ in await host.get() }
            async let others = host.together(10) { host, _ in await host.get(from: 1) }
            await host.sleep(.milliseconds(45))
            host.transports[0].cancelAll()
            return await (mine, others)
        }
        #expect(mine.allSatisfy { $0.cancelled && $0.took == .milliseconds(45) })
        #expect(others.allSatisfy { $0.failure == nil && !$0.cancelled })
        #expect(host.transports[0].openConnections == 0)
        host.run { await $0.sleep(.seconds(5)) }
        expectRest(host, received: 20)
    }

    @Test("whoever asked is told when the request goes out, once, and may end it there")
    func requestGoesOut() {
        let host = SimulatedHost { Self.describe(&$0) }
        host.client()
        let (handle, told) = (Handle(), Handle())
        let attempts = host.run { host in
            handle.value.requestGoesOut = { told.times.append(host.loop.now) }
            let first = await host.get(handle: handle.value)
            handle.value.requestGoesOut = { host.transports[0].cancel(handle.value) }
            let second = await host.get(handle: handle.value)
            await host.sleep(.seconds(1))
            return [first, second]
        }
        #expect(told.times == [attempts[0].sent + .milliseconds(20)])
        #expect(attempts[0].failure == nil)
        #expect(attempts[1].cancelled)
        #expect(attempts[1].took == .zero)
        #expect(handle.value.requestGoesOut == nil)
        #expect(host.lab.isAtRest)
    }

    @Test("deadlines that were met do not pile up")
    func manyDeadlines() {
        let host = SimulatedHost { $0.time = .constant(.microseconds(10)) }
        host.client()
        let good = host.run { host in
            var good = 0
            for _ in 0..<20_000 {
                if await host.get(within: .seconds(3_600)).failure == nil { good += 1 }
            }
            return good
        }
        #expect(good == 20_000)
        #expect(host.lab.pendingEvents < 200)
    }

    /// A handle for closures that are sent.
    final class Handle: @unchecked Sendable {
        let value = SendHandle()
        var times: [Instant] = []
    }
}

/// Nothing is under way, nothing is owed, and the ledger closes.
func expectRest(_ host: SimulatedHost, received: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(host.lab.isAtRest, sourceLocation: sourceLocation)
    var sum = 0
    for place in host.lab.listeners.indices {
        let counts = host.lab.counts(of: place)
        #expect(counts.pending == 0, "\(counts)", sourceLocation: sourceLocation)
        sum += counts.received
    }
    #expect(host.lab.received == sum, sourceLocation: sourceLocation)
    if let received { #expect(sum == received, sourceLocation: sourceLocation) }
    let open = host.transports.reduce(0) { $0 + $1.openConnections }
    let taken = host.lab.listeners.indices.reduce(0) { $0 + host.lab.counts(of: $1).open }
    #expect(taken <= open, sourceLocation: sourceLocation)
}
