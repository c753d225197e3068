import Arrivals
import Core
import Plans
import Recording
import Testing

@Suite("Whole runs in virtual time")
struct WholeRunTests {
    private func open(_ rate: Double, for seconds: Int64, warmUp: Bool = false) -> LoadPhase {
        LoadPhase(
            .open(.constant(Rate(perSecond: rate)), arrivals: .regular, for: .seconds(seconds)), warmUp: warmUp)
    }

    @Test("every arrival of an open phase starts at its intended time, and the books agree")
    func openPhase() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(20)) }
        let run = VirtualRun.of([open(500, for: 4)], target: target)
        #expect(run.ledger.scheduled == 2_000)
        #expect(run.ledger.succeeded == 2_000)
        #expect(run.ledger.requestsOnTheWire == target.received)
        #expect(run.ledger.contradictions == [])
        #expect(run.seconds.prefix(4) == [500, 500, 500, 500])
        #expect(run.sendLag.max == .zero)
        #expect(run.response.count == 2_000)
        #expect(run.response.min.milliseconds.rounded() == 20)
        let gaps = zip(target.sentAt, target.sentAt.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 == .milliseconds(2) })
    }

    @Test("a slow target never slows the schedule")
    func openStaysOpen() {
        let target = ScriptedTarget { n, _ in Reply(after: n < 100 ? .seconds(5) : .milliseconds(1)) }
        let run = VirtualRun.of([open(100, for: 3)], target: target)
        #expect(target.received == 300)
        #expect(run.ledger.succeeded == 300)
        #expect(target.mostAtOnce >= 100)
        #expect(run.ledger.contradictions == [])
    }

    @Test("beyond client.in-flight an arrival is dropped and counted, not delayed")
    func boundOnCallsInFlight() {
        let target = ScriptedTarget { _, _ in Reply(after: .seconds(1)) }
        let run = VirtualRun.of([open(100, for: 2)], target: target) { $0.inFlight = 10 }
        #expect(target.mostAtOnce == 10)
        #expect(run.ledger.scheduled == 200)
        #expect(run.ledger.droppedInFlight == 200 - run.ledger.started)
        // Ten at a time, one second each: ten at 0 s, ten at 1 s.
        #expect(run.ledger.started == 20)
        #expect(run.ledger.contradictions == [])
    }

    @Test("bursts hold the bound on calls in flight within one instant, too")
    func boundWithinABurst() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(10)) }
        let phase = LoadPhase(
            .open(.bursts(Rate(perSecond: 100), size: 50), arrivals: .regular, for: .seconds(2)))
        let run = VirtualRun.of([phase], target: target) { $0.inFlight = 20 }
        #expect(target.mostAtOnce == 20)
        #expect(run.ledger.started == 80)
        #expect(run.ledger.droppedInFlight == 120)
    }

    @Test("response time counts from the intended start, service time from the sending")
    func twoClocks() {
        // One user, think time 0: what it waits for is not the schedule, so both are the same.
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(7)) }
        let phase = LoadPhase(.closed(.constant(1), think: .zero, until: .count(50)))
        let run = VirtualRun.of([phase], target: target)
        #expect(run.ledger.made == 50)
        #expect(run.response.max == run.service.max)
        #expect(run.sendLag.isEmpty, "a closed phase has no schedule to be late for")
    }

    @Test(
        "a count of calls is met exactly, however it divides",
        arguments: [(users: 1, clients: 1, count: 10), (7, 1, 100), (7, 3, 100), (3, 5, 11), (64, 2, 1)])
    func counts(users: Int, clients: Int, count: Int) {
        let target = ScriptedTarget { n, _ in Reply(after: .milliseconds(Int64(1 + n % 5))) }
        let phase = LoadPhase(.closed(.constant(users), think: .zero, until: .count(count)))
        let run = VirtualRun.of([phase], target: target) { $0.clients = clients }
        #expect(run.ledger.made == count)
        #expect(target.received == count)
        #expect(target.mostAtOnce <= users)
        #expect(run.ledger.contradictions == [])
    }

    @Test("users think between calls")
    func thinkTime() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(100)) }
        let phase = LoadPhase(.closed(.constant(2), think: .milliseconds(900), until: .after(.seconds(10))))
        let run = VirtualRun.of([phase], target: target)
        #expect(run.ledger.made == 20)
        #expect(run.response.max.milliseconds.rounded() == 100)
    }

    @Test("a ramp of users lets them in and out one by one")
    func rampOfUsers() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(500)) }
        let phase = LoadPhase(.closed(.ramp(from: 1, to: 9), think: .milliseconds(500), until: .after(.seconds(20))))
        let run = VirtualRun.of([phase], target: target)
        // One call per second and user; the area under the line is 100 user seconds.
        #expect((95...110).contains(run.ledger.made))
        #expect(target.mostAtOnce <= 9)
        #expect(run.ledger.contradictions == [])
    }

    @Test("warm-up is counted apart and kept out of the histograms")
    func warmUp() {
        let target = ScriptedTarget { _, now in
            Reply(after: now < Instant(nanoseconds: 1_900_000_000) ? .milliseconds(300) : .milliseconds(10))
        }
        let run = VirtualRun.of([open(50, for: 2, warmUp: true), open(100, for: 2)], target: target)
        #expect(run.warmUp.made == 100)
        #expect(run.ledger.made == 200)
        #expect(run.response.count == 200)
        #expect(run.response.max.milliseconds.rounded() == 10)
        #expect(run.ledger.requestsOnTheWire + run.warmUp.requestsOnTheWire == target.received)
        #expect(run.warmUp.contradictions == [])
    }

    @Test("phases follow each other without a gap, whatever is still under way")
    func phasesInSequence() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(1_500)) }
        let run = VirtualRun.of([open(10, for: 2), open(20, for: 1)], target: target)
        #expect(run.phases.map(\.start) == [.zero, .seconds(2)])
        #expect(run.phases.map(\.end) == [.seconds(2), .seconds(3)])
        #expect(Array(run.seconds.prefix(3)) == [10, 10, 20])
        #expect(run.total.seconds > 4.4 && run.total.seconds < 4.6)
    }

    @Test("clients share a schedule exactly")
    func stripes() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(3)) }
        let phase = LoadPhase(
            .open(.constant(Rate(perSecond: 333)), arrivals: .poisson, for: .seconds(3)))
        let one = VirtualRun.of([phase], seed: 9, target: target)
        let three = ScriptedTarget { _, _ in Reply(after: .milliseconds(3)) }
        let shared = VirtualRun.of([phase], seed: 9, target: three) { $0.clients = 3 }
        #expect(one.ledger.made == shared.ledger.made)
        #expect(target.sentAt.sorted() == three.sentAt.sorted())
    }

    @Test("a time-out ends the call at its deadline and says which one it was")
    func timeOuts() {
        let target = ScriptedTarget { _, _ in Reply(after: .seconds(10)) }
        let attempt = VirtualRun.of([open(10, for: 1)], target: target) { $0.attemptTimeout = .milliseconds(200) }
        #expect(attempt.failures == [.attempt_timeout: 10])
        #expect(attempt.response.max.milliseconds.rounded() == 200)
        let total = VirtualRun.of([open(10, for: 1)], target: target) { $0.totalTimeout = .milliseconds(300) }
        #expect(total.failures == [.total_timeout: 10])
        #expect(total.response.max.milliseconds.rounded() == 300)
    }

    @Test(
        "without `expect` a status of 400 or more fails; with it, what was not expected",
        arguments: [
            (Int32(200), nil, FailureKind?.none), (302, nil, nil), (404, nil, .status_4xx), (503, nil, .status_5xx),
            (404, 404...404, nil), (200, 404...404, .status_unexpected), (500, 200...299, .status_5xx),
        ] as [(Int32, ClosedRange<Int32>?, FailureKind?)])
    func outcomes(status: Int32, expected: ClosedRange<Int32>?, failure: FailureKind?) {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(1), status: status) }
        var scenario = VirtualRun.scenario()
        var step = scenario.steps[0]
        step.expect = Expectation(statuses: expected.map { [$0] })
        scenario.flow = [.call(step)]
        let run = VirtualRun.of([open(10, for: 1)], scenarios: [scenario], target: target)
        #expect(run.failures == (failure.map { [$0: 10] } ?? [:]))
        #expect(run.ledger.succeeded == (failure == nil ? 10 : 0))
    }

    @Test("a transport failure beats the status")
    func transportFailureBeatsStatus() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(1), status: 200, failure: .reset) }
        let run = VirtualRun.of([open(10, for: 1)], target: target)
        #expect(run.failures == [.reset: 10])
        #expect(run.ledger.succeeded == 0)
    }

    @Test("scenarios share the arrivals by weight, the same ones for the same seed")
    func weights() {
        let scenarios = [
            VirtualRun.scenario("a", weight: 9, path: "/a"), VirtualRun.scenario("b", weight: 1, path: "/b"),
        ]
        let targets = (0..<2).map { _ in ScriptedTarget { _, _ in Reply(after: .milliseconds(1)) } }
        for target in targets {
            _ = VirtualRun.of([open(1_000, for: 5)], scenarios: scenarios, seed: 4, target: target)
        }
        #expect(targets[0].urls == targets[1].urls)
        let share = Double(targets[0].urls["http://t/b"] ?? 0) / 5_000
        // Binomial, n 5,000, p 0.1: four standard deviations are 1.7 %.
        #expect((0.083...0.117).contains(share))
    }

    @Test("stopping ends the sending, lets calls end for five seconds, and cuts off the rest; the ledger closes")
    func stopping() {
        let target = ScriptedTarget { n, _ in Reply(after: n % 2 == 0 ? .milliseconds(50) : .seconds(20)) }
        let run = VirtualRun.of([open(100, for: 30)], stopAtSecond: 3, target: target)
        #expect(run.wasStopped)
        #expect((300...302).contains(run.ledger.scheduled))
        #expect(run.ledger.succeeded == run.ledger.stopped || abs(run.ledger.succeeded - run.ledger.stopped) <= 1)
        #expect(run.ledger.cancelled == run.ledger.stopped)
        #expect(run.ledger.contradictions == [])
        #expect(run.total.seconds < 8.5)
    }

    @Test("stopping wakes users who think")
    func stoppingUsers() {
        let target = ScriptedTarget { _, _ in Reply(after: .milliseconds(1)) }
        let phase = LoadPhase(.closed(.constant(5), think: .seconds(60), until: .after(.seconds(300))))
        let run = VirtualRun.of([phase], stopAtSecond: 2, target: target)
        #expect(run.wasStopped)
        #expect(run.total.seconds < 3)
        #expect(run.ledger.contradictions == [])
    }

    @Test("calls that take no time do not stop the clock: a user makes one per microsecond, and the phase ends")
    func timelessCalls() {
        let phase = LoadPhase(.closed(.constant(2), think: .zero, until: .after(.milliseconds(1))))
        let run = VirtualRun.of([phase], target: ScriptedTarget(after: .zero))
        #expect(run.ledger.succeeded == 2_000)
        #expect(run.ledger.contradictions == [])
    }

    @Test("one seed, one run")
    func repeatable() {
        let phase = LoadPhase(.open(.constant(Rate(perSecond: 200)), arrivals: .poisson, for: .seconds(5)))
        let runs = (0..<2).map { _ in
            let target = ScriptedTarget { n, _ in Reply(after: .microseconds(Int64(n * 7_919 % 40_000))) }
            let run = VirtualRun.of([phase], seed: 77, target: target)
            return (run.ledger, run.response, target.sentAt)
        }
        #expect(runs[0].0 == runs[1].0)
        #expect(runs[0].1 == runs[1].1)
        #expect(runs[0].2 == runs[1].2)
    }
}
