package import Core
package import Model
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The target that can be told to misbehave: every service of a description on its own port, until `stop`.
package final class LabServer: Sendable {
    /// One per service, in the order of the description.
    package let addresses: [LabAddress]
    private let listeners: [Listener]
    private let group: MultiThreadedEventLoopGroup
    /// What was counted when the lab stopped; nil while it runs.
    private let final = Mutex<[ServiceCounts]?>(nil)

    private init(_ listeners: [Listener], on group: MultiThreadedEventLoopGroup) {
        self.listeners = listeners
        self.group = group
        addresses = listeners.map(\.address)
    }

    /// Opens a listening socket for every service; when it returns, all of them accept connections.
    ///
    /// - Parameters:
    ///   - seed: what service times and faults are drawn from; the same requests in the same order meet the same ones.
    ///   - host: the address to listen on, loopback unless told otherwise.
    ///   - threads: event loops, at least 1; the services take them in turn, each living on one.
    /// - Throws: the first thing that was wrong; nothing is left listening then.
    package static func start(
        _ description: LabDescription, seed: UInt64, host: String = "127.0.0.1", threads: Int = 1
    ) async throws(LabProblem) -> LabServer {
        if let flaw = description.flaw { throw .flaw(flaw) }
        precondition(threads >= 1, "a lab without a thread serves nobody: \(threads)")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var listeners: [Listener] = []
        do throws(LabProblem) {
            for service in description.services {
                listeners.append(try await Listener.open(service, seed: seed, host: host, on: group.next()))
            }
        } catch {
            // Shutting the group down closes what was opened.
            try? await group.shutdownGracefully()
            throw error
        }
        return LabServer(listeners, on: group)
    }

    /// Where a service listens, or nil when there is none of that name.
    package func address(of service: String) -> LabAddress? {
        addresses.first { $0.service == service }
    }

    /// What a service has counted until now, or until the lab stopped; nil when there is none of that name.
    package func counts(of service: String) async -> ServiceCounts? {
        guard let index = addresses.firstIndex(where: { $0.service == service }) else { return nil }
        if let final = final.withLock({ $0 }) { return final[index] }
        return await listeners[index].counts()
    }

    /// Accepts no more connections, lets requests under way be answered for at most `grace`, and closes the rest.
    /// To stop a lab that has stopped does nothing.
    package func stop(grace: Span = .seconds(1)) async {
        for listener in listeners { await listener.close() }
        for listener in listeners { await listener.drain(within: grace) }
        var counts: [ServiceCounts] = []
        for listener in listeners { counts.append(await listener.counts()) }
        let isFirst = final.withLock { final in
            defer { final = final ?? counts }
            return final == nil
        }
        if isFirst { try? await group.shutdownGracefully() }
    }
}
