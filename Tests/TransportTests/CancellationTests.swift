import Core
import Lab
import Model
import TestSupport
import Testing
import Transport

/// Sendings that someone may end early, or wants to hear of.
@Suite("Cancelling one sending", .serialized)
struct CancellationTests {
    @Test("it ends at once, as cancelled; its connection goes with it, and its neighbour lives")
    func cancel() async throws {
        try await withService {
            $0.faults = [Fault(.stall, path: "/doomed")]
        } _: { lab, port in
            try await TransportHost.with { host in
                let request = Request(url: "http://127.0.0.1:\(port)/")
                let endless = Request(url: "http://127.0.0.1:\(port)/doomed")
                async let doomed = host.send(endless, as: "doomed", within: .seconds(600))
                async let neighbour = host.send(request, as: "neighbour", within: .seconds(60))
                #expect(await eventually { await lab.counts(of: "lab")?.received == 2 })
                await host.cancel("doomed")
                let attempt = try await doomed
                #expect(attempt.cancelled && attempt.failure == nil && attempt.reachedServer)
                #expect(await host.openConnections == 1)
                #expect(await !host.isWaiting("doomed"))
                let other = try await neighbour
                #expect(other.status == 200 && !other.cancelled)
                // Over: nothing is left to cancel, and a later user of the same handle is not hit.
                async let later = host.send(request)
                await host.cancel("doomed")
                await host.cancel("neighbour")
                #expect(try await later.status == 200)
            }
        }
    }

    @Test("it is said once that the request goes out, on a new connection and on a used one")
    func told() async throws {
        try await withService { _ in
        } _: { _, port in
            try await TransportHost.with { host in
                for name in ["new", "used"] {
                    let attempt = try await host.send(Request(url: "http://127.0.0.1:\(port)/"), as: name)
                    #expect(attempt.status == 200)
                    #expect(await host.told(name) == 1)
                    #expect(await !host.isWaiting(name))
                }
            }
        }
    }

    @Test("nothing is said of a request that never goes out")
    func untold() async throws {
        try await TransportHost.with { host in
            // Port 9 of this machine: nobody listens there.
            let attempt = try await host.send(Request(url: "http://127.0.0.1:9/"), as: "lost")
            #expect(attempt.failure == .connect_refused)
            #expect(await host.told("lost") == 0)
            #expect(await !host.isWaiting("lost"))
        }
    }

    @Test("a chain of redirects is cancelled in whatever hop it is")
    func chain() async throws {
        try await withService {
            $0.faults = [Fault(.redirect(location: "/slow"), path: "/first"), Fault(.stall, path: "/slow")]
        } _: { lab, port in
            try await TransportHost.with {
                $0.redirects = 2
            } _: { host in
                async let chain = host.send(
                    Request(url: "http://127.0.0.1:\(port)/first"), as: "chain", within: .seconds(60))
                #expect(await eventually { await lab.counts(of: "lab")?.received == 2 })
                await host.cancel("chain")
                let attempt = try await chain
                #expect(attempt.cancelled && attempt.redirects == 1)
                #expect(await host.told("chain") == 1)
            }
        }
    }
}
