import Core
import Loops
import Model
import Simulation
import Testing

/// Random histories: whatever is described, sent, cancelled and struck, every ledger closes, and everything comes to rest.
@Suite("Random histories")
struct HistoryTests {
    static func service(_ name: String, _ random: inout SeededRandom) -> ServiceDescription {
        func chance(_ share: Double) -> Bool { random.nextUnit() <= share }
        func span(_ most: UInt64) -> Span { .microseconds(Int64(random.below(most))) }
        var service = ServiceDescription(name: name)
        service.replicas = 1 + Int(random.below(3))
        service.listening = chance(0.3) ? .each : .together
        service.workers = 1 + Int(random.below(4))
        service.queue = Int(random.below(6))
        service.order = chance(0.3) ? .lastIn : .firstIn
        service.servesAbandoned = chance(0.3)
        service.isOptimistic = chance(0.2)
        service.time = chance(0.2) ? .constant(.zero) : .exponential(mean: span(20_000))
        if chance(0.3) { service.connection = span(10_000) }
        if chance(0.6) { service.network.delay = .uniform(from: .zero, to: span(5_000)) }
        if chance(0.2) { service.network.loss = 0.1 }
        if chance(0.6) {
            for row in FaultTableTests.rows where row.fault.name != "gzip-bomb" && chance(0.1) {
                service.faults.append(Fault(row.fault, share: 0.2))
            }
            if chance(0.2) { service.faults.append(Fault(.closeOnAccept, share: 0.1)) }
            if chance(0.2) { service.faults.append(Fault(.tlsStall, share: 0.1)) }
        }
        if chance(0.6) {
            let kinds: [Episode.Kind] = [.outage, .pause, .slow(factor: 3), .workers(2), .time(.constant(.zero))]
            for kind in kinds where chance(0.4) {
                var episode = Episode(kind, at: span(60_000), lasts: span(30_000) + .microseconds(1))
                if service.replicas > 1, chance(0.4) { episode.replicas = 0...0 }
                service.episodes.append(episode)
            }
        }
        return service
    }

    struct Outcome: Sendable, Equatable {
        var lines: [String] = []
        var counts: [ServiceCounts] = []
    }

    /// One history of that number.
    static func history(_ number: UInt64, shuffle: Bool = false, tells: Bool = false) -> (SimulatedHost, Outcome) {
        var random = SeededRandom(seed: number, stream: 77)
        let services = [service("a", &random), service("b", &random)]
        let host = SimulatedHost(
            services, seed: number, shuffle: shuffle ? SeededRandom(seed: number, stream: 78) : nil)
        for _ in 0..<2 {
            host.client {
                $0.redirects = Int(random.below(4))
                $0.maximumBodyBytes = 1 << 20
                $0.connectTimeout = .microseconds(Int64(random.below(30_000)) + 1)
                if random.nextUnit() < 0.3 { $0.connections = 1 + Int(random.below(4)) }
                if random.nextUnit() < 0.3 { $0.ages.idle = .microseconds(Int64(random.below(10_000))) }
                if random.nextUnit() < 0.3 { $0.ages.lifetime = .microseconds(Int64(random.below(30_000))) }
                if random.nextUnit() < 0.3 { $0.ages.requests = 1 + Int(random.below(5)) }
            }
        }
        let draw = random
        let outcome = host.run { host in
            host.lab.begin(at: host.loop.now + .milliseconds(5))
            let attempts = await host.together(30) { host, number in
                var random = draw
                for _ in 0..<number * 8 { _ = random.next() }
                await host.sleep(.microseconds(Int64(random.below(80_000))))
                let listener = Int(random.below(UInt64(host.lab.listeners.count)))
                let handle = SendHandle()
                let patience = Span.microseconds(Int64(random.below(60_000)))
                let client = Int(random.below(2))
                let scheme = random.nextUnit() < 0.2 ? "https:" : "http:"
                let request = Request(url: host.base(listener).replacing("http:", with: scheme) + "/")
                guard random.nextUnit() < 0.3 else {
                    return await host.send(request, from: client, handle: handle, within: patience)
                }
                let holder = Holder(handle)
                let after = Span.microseconds(Int64(random.below(40_000)))
                async let attempt = host.send(request, from: client, handle: holder.handle, within: patience)
                await host.sleep(after)
                host.transports[client].cancel(holder.handle)
                return await attempt
            }
            // What nobody waits for is worked on to its end.
            await host.sleep(.seconds(400))
            for transport in host.transports { transport.close() }
            return Outcome(lines: tells ? attempts.map { "\($0)" } : [])
        }
        var whole = outcome
        whole.counts = host.lab.listeners.indices.map { host.lab.counts(of: $0) }
        return (host, whole)
    }

    final class Holder: @unchecked Sendable {
        let handle: SendHandle
        init(_ handle: SendHandle) { self.handle = handle }
    }

    @Test("every ledger closes, and nothing is left", arguments: 0..<10)
    func histories(_ block: UInt64) {
        for number in block * 200..<(block + 1) * 200 {
            let (host, outcome) = Self.history(number, shuffle: number % 2 == 1)
            expectRest(host)
            let open = outcome.counts.map(\.open) + host.transports.map(\.openConnections)
            guard host.lab.isAtRest, open.allSatisfy({ $0 == 0 }), outcome.counts.allSatisfy({ $0.pending == 0 }) else {
                Issue.record("history \(number): \(outcome.counts), open \(open)")
                return
            }
        }
    }

    @Test("the same seed gives the same attempts and counts, another one others")
    func determinism() {
        for number in 0..<50 as Range<UInt64> {
            #expect(Self.history(number, tells: true).1 == Self.history(number, tells: true).1)
        }
        #expect(Self.history(1, tells: true).1 != Self.history(2, tells: true).1)
    }
}
