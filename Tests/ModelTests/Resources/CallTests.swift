import Core
import Model
import Testing

@Suite struct CallTests {
    private func call(_ change: (inout ServiceCall) -> Void = { _ in }) -> WorkStep {
        var call = ServiceCall()
        change(&call)
        return .call("payment", call)
    }

    private func host(
        _ step: WorkStep, seed: UInt64 = 1, _ change: (inout BackServiceDescription) -> Void = { _ in }
    ) -> BackstageHost {
        BackstageHost([service("payment", change)], routes: [("POST /orders", [step])], seed: seed)
    }

    private func outage(at: Span, lasts: Span) -> Episode { Episode(.outage, at: at, lasts: lasts) }

    @Test func aCallTakesTheTimeOfItsService() {
        let host = host(call())
        let done = host.one("POST", "/orders")
        #expect(done?.took == .milliseconds(10))
        #expect(done?.result == WorkResult())
        #expect(host.total("payment", .done) == 1)
    }

    /// What a call that always fails comes to, and when.
    @Test(
        arguments: [
            (attempts: 1, wait: 0, fallback: nil, status: 502, milliseconds: 10, calls: 1),
            (3, 0, nil, 502, 30, 3), (3, 100, nil, 502, 230, 3), (2, 50, 202, 202, 70, 2),
        ] as [(attempts: Int, wait: Int64, fallback: Int32?, status: Int32, milliseconds: Int64, calls: Double)])
    func aCallThatFailsIsTriedAgain(
        attempts: Int, wait: Int64, fallback: Int32?, status: Int32, milliseconds: Int64, calls: Double
    ) {
        let step = call {
            $0.attempts = attempts
            $0.wait = .milliseconds(wait)
            $0.fallback = fallback
        }
        let host = host(step) { $0.failures = 1 }
        let done = host.one("POST", "/orders")
        #expect(done?.result.status == status)
        #expect(done?.took == .milliseconds(milliseconds))
        #expect(host.total("payment", .calls) == calls)
        #expect(host.total("payment", .failed) == calls)
        #expect(host.total("payment", .fallbacks) == (fallback == nil ? 0 : 1))
    }

    /// A service that has begun does not know that its caller has gone, and its worker stays busy.
    @Test func aCallThatTimesOutLeavesItsWorkBehind() {
        let step = call { $0.timeout = .milliseconds(4) }
        let host = host(step) { $0.workers = 1 }
        host.start("POST", "/orders")
        host.start("POST", "/orders")
        host.finish()
        #expect(host.done.map(\.took) == [.milliseconds(4), .milliseconds(4)])
        #expect(host.backstage.underWay.calls == 1)
        host.pass(.milliseconds(6))
        #expect(host.backstage.underWay == (0, 0, 0, 0))
        #expect(host.total("payment", .timedOut) == 2)
        #expect(abs(host.total("payment", .busy) - 1) < 1e-9)
    }

    @Test func aServiceThatIsOutRefusesAtOnceAndLosesWhatItHad() {
        let host = host(call { $0.fallback = 202 }) {
            $0.workers = 1
            $0.episodes = [outage(at: .milliseconds(15), lasts: .milliseconds(100))]
        }
        for _ in 0..<3 { host.start("POST", "/orders") }
        host.pass(.milliseconds(20))
        #expect(host.done.map(\.took) == [.milliseconds(10), .milliseconds(15), .milliseconds(15)])
        #expect(host.done.map(\.result.status) == [nil, 202, 202])
        #expect(host.one("POST", "/orders")?.took == .zero)
        #expect(host.total("payment", .refused) == 1)
        host.pass(.milliseconds(100))
        #expect(host.one("POST", "/orders")?.result.status == nil)
        #expect(host.backstage.underWay == (0, 0, 0, 0))
    }

    @Test func aFullLineRefuses() {
        let host = host(call()) {
            $0.workers = 1
            $0.queue = 1
        }
        for _ in 0..<3 { host.start("POST", "/orders") }
        host.finish()
        #expect(host.done.map(\.result.status) == [502, nil, nil])
    }

    /// The guide's machine: two failures in a row open it for a second; then two good probes close it.
    @Test func aBreakerStopsCallsToAServiceThatFails() {
        let step = call {
            $0.breaker = CallBreaker()
            $0.breaker?.failures = 2
            $0.breaker?.open = .seconds(1)
            $0.breaker?.successes = 2
            $0.fallback = 202
        }
        let host = host(step) { $0.episodes = [outage(at: .zero, lasts: .milliseconds(1_500))] }
        // Of the service: calls that reached it, and calls that the breaker turned away, after each request.
        var seen: [[Double]] = []
        for number in 0..<12 {
            let status = host.one("POST", "/orders")?.result.status
            #expect(status == (number < 9 ? 202 : nil))
            seen.append([host.total("payment", .calls), host.total("payment", .stopped)])
            host.pass(.milliseconds(250))
        }
        #expect(
            seen == [
                [1, 0], [2, 0], [2, 1], [2, 2], [2, 3],
                // A second after it opened one probe fails and it opens again.
                [3, 3], [3, 4], [3, 5], [3, 6], [4, 6], [5, 6], [6, 6],
            ])
        #expect(host.total("payment", .openings) == 2)
        #expect(host.total("payment", .fallbacks) == 9)
    }

    @Test func theFirstFallbackIsTheAnswerAndTheWorkGoesOn() {
        let host = BackstageHost(
            [service("payment") { $0.failures = 1 }, database()],
            routes: [
                (
                    "POST /orders/{id}",
                    [
                        call { $0.fallback = 202 }, call { $0.fallback = 203 }, .write("db", time: nil),
                    ]
                )
            ])
        let done = host.one("POST", "/orders/7")
        #expect(done?.result.status == 202)
        #expect(done?.result.version == 1)
        #expect(done?.took == .milliseconds(25))
    }
}
