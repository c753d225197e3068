import Core
import Policies
import Testing

@Suite("A breaker of five failures in a row")
struct BreakerTests {
    @Test(
        "goes through its table",
        arguments: [
            ("FFFF", "is", Breaker.State.closed), ("FFFF S FFFF", "is", .closed), ("FFFFF", "is", .open),
            ("FFFF S FFFFF", "is", .open), ("FFFFF x +59.999 x", "is", .open), ("FFFFF +60 S", "is", .halfOpen),
            ("FFFFF +60 SS", "is", .halfOpen), ("FFFFF +60 SSS", "is", .closed), ("FFFFF +60 SSS FFFF", "is", .closed),
            ("FFFFF +60 SSS FFFFF", "is", .open), ("FFFFF +60 F", "is", .open), ("FFFFF +60 SSF", "is", .open),
            ("FFFFF +60 SSF +59.999 x", "is", .open), ("FFFFF +60 SSF +60 S", "is", .halfOpen),
            ("FFFFF +60 SSF +60 SS", "is", .halfOpen), ("FFFFF +60 SSF +60 SSS", "is", .closed),
            ("FFFFF +3600", "is", .open), ("FFFFF +3600 S", "is", .halfOpen),
            // With nothing in flight it waits for the next call, however long that takes.
            ("FFFFF +60 S +3600 S +3600 S", "is", .closed),
        ])
    func table(script: String, _: String, state: Breaker.State) {
        let breaker = Trial(Breaker(BreakerSettings()))
        let now = breaker.play(script)
        #expect(breaker.state(at: now) == state)
    }

    @Test("lets three calls try a half-open target, and the fourth only when one has succeeded or was cancelled")
    func permits() throws {
        let now = Instant.running(60)
        let breaker = Trial.opened(at: .running(0))
        let passes = [breaker.pass(at: now), breaker.pass(at: now), breaker.pass(at: now)].compactMap { $0 }
        try #require(passes.count == 3)
        #expect(breaker.probes == 3)
        #expect(breaker.rejects(at: now))
        #expect(breaker.pass(at: now) == nil)
        breaker.cancelled(passes[0])
        #expect(!breaker.rejects(at: now))
        let again = try #require(breaker.pass(at: now))
        #expect(breaker.pass(at: now) == nil)
        // A success keeps its permit: there are never more than three probes.
        breaker.ended(passes[1], failed: false, took: .zero, at: now)
        #expect(breaker.pass(at: now) == nil)
        breaker.ended(passes[2], failed: false, took: .zero, at: now)
        #expect(breaker.state(at: now) == .halfOpen)
        breaker.ended(again, failed: false, took: .zero, at: now)
        #expect(breaker.state(at: now) == .closed)
    }

    @Test("is not closed, opened or counted on by calls of an earlier generation", arguments: [true, false])
    func generations(failed: Bool) throws {
        let breaker = Trial(Breaker(BreakerSettings()))
        let late = (0..<10).compactMap { _ in breaker.pass(at: .running(0)) }
        try #require(late.count == 10)
        breaker.play("FFFFF", from: .running(0))
        // Open: neither a success nor a failure moves the end.
        #expect(breaker.ended(late[0], failed: failed, took: .seconds(1), at: .running(30)) == nil)
        #expect(breaker.openUntil == .running(60))
        // Half-open, with one probe in flight.
        let probe = try #require(breaker.pass(at: .running(60)))
        for pass in late[1...4] { breaker.ended(pass, failed: failed, took: .seconds(61), at: .running(61)) }
        breaker.cancelled(late[5])
        #expect(breaker.state(at: .running(61)) == .halfOpen)
        #expect(breaker.probes == 1)
        // Closed again: five late failures are none of the new era's.
        breaker.ended(probe, failed: false, took: .zero, at: .running(61))
        breaker.play("SS", from: .running(61))
        for pass in late[5...] { breaker.ended(pass, failed: failed, took: .seconds(62), at: .running(62)) }
        #expect(breaker.state(at: .running(62)) == .closed)
    }

    @Test("opens again when its probes are never heard of")
    func lostProbes() throws {
        let breaker = Trial.opened(at: .running(0))
        for _ in 0..<3 { #expect(breaker.pass(at: .running(60)) != nil) }
        #expect(breaker.takeTransition()?.to == .halfOpen)
        #expect(breaker.state(at: .running(119.999)) == .halfOpen)
        #expect(breaker.rejects(at: .running(119.999)))
        #expect(breaker.state(at: .running(120)) == .open)
        #expect(breaker.rejects(at: .running(179.999)))
        #expect(!breaker.rejects(at: .running(180)))
        let pass = try #require(breaker.pass(at: .running(185)))
        #expect(breaker.probes == 1)
        let first = try #require(breaker.takeTransition())
        let second = try #require(breaker.takeTransition())
        #expect(breaker.takeTransition() == nil)
        #expect((first.from, first.to) == (.halfOpen, .open))
        #expect(first.at == .running(120))
        #expect((second.from, second.to) == (.open, .halfOpen))
        #expect(second.at == .running(185))
        breaker.ended(pass, failed: false, took: .zero, at: .running(186))
        breaker.play("SS", from: .running(186))
        #expect(breaker.state(at: .running(186)) == .closed)
    }

    @Test("waits for a lost probe from the last sign of another one on")
    func signs() throws {
        let breaker = Trial.opened(at: .running(0))
        let lost = try #require(breaker.pass(at: .running(60)))
        let heard = try #require(breaker.pass(at: .running(61)))
        breaker.ended(heard, failed: false, took: .seconds(50), at: .running(111))
        #expect(breaker.state(at: .running(170.999)) == .halfOpen)
        #expect(breaker.state(at: .running(171)) == .open)
        breaker.ended(lost, failed: false, took: .seconds(140), at: .running(200))
        #expect(breaker.state(at: .running(200)) == .open)
        #expect(breaker.openUntil == .running(231))
    }

    @Test("gives up a probe that takes longer than it stays open, whatever becomes of it")
    func slowProbe() throws {
        let breaker = Trial.opened(at: .running(0))
        let probe = try #require(breaker.pass(at: .running(60)))
        let transition = breaker.ended(probe, failed: false, took: .seconds(70), at: .running(130))
        // The half-opening was not taken yet, so it comes first.
        #expect(transition?.to == .halfOpen)
        #expect(breaker.takeTransition()?.to == .open)
        #expect(breaker.state(at: .running(130)) == .open)
        #expect(breaker.openUntil == .running(180))
    }

    @Test("tells its transitions once, with the word for the record of events")
    func transitions() throws {
        let breaker = Trial(Breaker(BreakerSettings()))
        for count in 1...5 {
            let pass = try #require(breaker.pass(at: .running(0)))
            #expect(breaker.takeTransition() == nil)
            let transition = breaker.ended(pass, failed: true, took: .zero, at: .running(1))
            #expect(transition?.description == (count == 5 ? "open" : nil))
            #expect(transition?.from == (count == 5 ? .closed : nil))
        }
        #expect(breaker.takeTransition() == nil)
        #expect(breaker.openUntil == .running(61))
        let probes = (0..<3).compactMap { _ in breaker.pass(at: .running(61)) }
        try #require(probes.count == 3)
        #expect(breaker.takeTransition()?.description == "half-open")
        #expect(breaker.ended(probes[0], failed: false, took: .zero, at: .running(62)) == nil)
        #expect(breaker.ended(probes[1], failed: false, took: .zero, at: .running(62)) == nil)
        #expect(breaker.ended(probes[2], failed: false, took: .zero, at: .running(62))?.description == "closed")
        #expect(breaker.ended(probes[2], failed: true, took: .zero, at: .running(62)) == nil)
    }

    @Test("lets three calls through per cycle to a target that hangs, not all that come in the meantime")
    func leak() {
        // 100 calls per second, each fails after 1 s; from the second cycle on.
        let breaker = Trial(Breaker(BreakerSettings()))
        var inFlight: [(Instant, Breaker.Pass)] = []
        var admitted = 0
        for step in 0..<(100 * 600) {
            let now = Instant.running(Double(step) / 100)
            while let (end, pass) = inFlight.first, end <= now {
                inFlight.removeFirst()
                breaker.ended(pass, failed: true, took: .seconds(1), at: end)
            }
            if let pass = breaker.pass(at: now) {
                inFlight.append((now + .seconds(1), pass))
                if step >= 100 * 50 { admitted += 1 }
            }
        }
        // Cycles of 61 s: 60 open and one for the probe; nine of them within 550 s.
        #expect(admitted == 3 * 9)
    }
}
