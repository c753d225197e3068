package import Core
package import Model
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The target that can be told to misbehave: every service of a description on its own port, or each of its replicas, until
/// `stop`.
package final class LabServer: Sendable {
    /// One per listener (`LabDescription.listeners`), in the order of the description.
    package let addresses: [LabAddress]
    /// By service, and by replica of those that listen each: which of the listeners.
    private let places: [String: Range<Int>]
    private let listeners: [Listener]
    private let group: MultiThreadedEventLoopGroup
    /// What is behind the services; nil when there is nothing.
    private let backstage: NIOLoopBound<LabBackstage>?
    /// The one stop, which ends with what was counted last; nil while nobody has asked for it.
    private let stopping = Mutex<Task<Final, Never>?>(nil)

    private init(
        _ description: LabDescription, _ listeners: [Listener], _ backstage: NIOLoopBound<LabBackstage>?,
        on group: MultiThreadedEventLoopGroup
    ) {
        self.listeners = listeners
        self.backstage = backstage
        self.group = group
        addresses = listeners.map(\.address)
        var places: [String: Range<Int>] = [:]
        for (index, listener) in listeners.enumerated() { places[listener.address.service] = index..<index + 1 }
        var first = 0
        for service in description.services {
            let next = first + service.listeners.count
            places[service.name] = first..<next
            first = next
        }
        self.places = places
    }

    /// What the clock of a lab shows: CLOCK_MONOTONIC.
    package static var now: Instant { LabService.now }

    /// Opens every listening socket; when it returns, all of them accept connections. Episodes wait for `begin`.
    ///
    /// - Parameters:
    ///   - seed: what service times and faults are drawn from; the same requests in the same order meet the same ones.
    ///   - host: the address to listen on, loopback unless told otherwise.
    ///   - threads: event loops, at least 1; the listeners take them in turn, each living on one. Services that share what is
    ///     behind them share one loop.
    /// - Throws: the first thing that was wrong; nothing is left listening then.
    package static func start(
        _ description: LabDescription, seed: UInt64, host: String = "127.0.0.1", threads: Int = 1
    ) async throws(LabProblem) -> LabServer {
        if let flaw = description.flaw { throw .flaw(flaw) }
        precondition(threads >= 1, "a lab without a thread serves nobody: \(threads)")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let shared = description.resources.isEmpty ? nil : group.next()
        var backstage: NIOLoopBound<LabBackstage>?
        if let shared {
            backstage = try? await shared.submit {
                NIOLoopBound(LabBackstage(description, seed: seed, on: shared), eventLoop: shared)
            }.get()
        }
        var listeners: [Listener] = []
        do throws(LabProblem) {
            for (place, described) in description.services.enumerated() {
                for service in described.listeners {
                    listeners.append(
                        try await Listener.open(
                            service, seed: seed, host: host, backstage: backstage, place: place,
                            on: shared ?? group.next()))
                }
            }
        } catch {
            // Shutting the group down closes what was opened.
            try? await group.shutdownGracefully()
            throw error
        }
        return LabServer(description, listeners, backstage, on: group)
    }

    /// The load begins: episodes and the windows of faults count from `origin`, on `now`'s clock. Before it nothing happens;
    /// once is enough.
    package func begin(at origin: Instant) {
        // Under the lock, for a loop that has been shut down takes no more work.
        stopping.withLock { task in
            guard task == nil else { return }
            for listener in listeners { listener.begin(at: origin) }
            if let backstage { backstage.eventLoop.execute { backstage.value.begin(at: origin) } }
        }
    }

    /// Where a service listens, or one replica of a service that listens each (`shop/3`); nil when there is none of that
    /// name.
    package func address(of service: String) -> LabAddress? {
        addresses.first { $0.service == service }
    }

    /// What a service has counted until now, or until the lab stopped: all replicas of one that listens each (`shop`), or
    /// one of them (`shop/3`); nil when there is none of that name.
    package func counts(of service: String) async -> ServiceCounts? {
        guard let range = places[service] else { return nil }
        // Under the lock the question is only handed to the loops. It is there before any stop then: a loop that
        // has been shut down forgets what it is asked, and the asker would wait for ever.
        let (now, final) = stopping.withLock { task in
            task == nil ? (listeners[range].map { $0.counts() }, nil) : ([], task)
        }
        var sum = ServiceCounts()
        if let final {
            for counts in await final.value.counts[range] { sum.add(counts) }
        } else {
            for future in now {
                guard let counts = try? await future.get() else { return nil }
                sum.add(counts)
            }
        }
        return sum
    }

    /// What the resources have seen until now, or until the lab stopped; empty when there are none.
    package func resources() async -> ResourceReport {
        let (now, final) = stopping.withLock { task in
            task == nil
                ? (backstage.map { shared in shared.eventLoop.submit { shared.value.report() } }, nil) : (nil, task)
        }
        if let final { return await final.value.resources }
        return (try? await now?.get()) ?? ResourceReport()
    }

    /// Accepts no more connections, lets requests under way be answered for at most `grace`, and closes the rest.
    /// Whoever stops a lab that is being stopped waits for the same end.
    package func stop(grace: Span = .seconds(1)) async {
        let task = stopping.withLock { task in
            let first = task ?? Task { await self.end(within: grace) }
            task = first
            return first
        }
        _ = await task.value
    }

    /// What was counted last.
    private struct Final: Sendable {
        var counts: [ServiceCounts]
        var resources: ResourceReport
    }

    private func end(within grace: Span) async -> Final {
        for listener in listeners { await listener.close() }
        var counts: [ServiceCounts] = []
        for listener in listeners {
            await listener.drain(within: grace)
            counts.append((try? await listener.counts().get()) ?? ServiceCounts())
        }
        var resources = ResourceReport()
        if let backstage {
            resources = (try? await backstage.eventLoop.submit { backstage.value.report() }.get()) ?? resources
        }
        try? await group.shutdownGracefully()
        return Final(counts: counts, resources: resources)
    }
}
