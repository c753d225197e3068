import Core
import Testing

@testable import Policies

@Suite("The peak EWMA")
struct PeakEWMATests {
    private let decay = Span.seconds(10)
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 5) + .seconds(seconds) }
    private func read(_ average: PeakEWMA, _ seconds: Int64) -> Double {
        average.cost(at: at(seconds), decay: decay) / 1e6
    }

    @Test("follows the golden sequence: up at once, down with the time constant", arguments: [false, true])
    func golden(readsBetween: Bool) {
        var average = PeakEWMA()
        #expect(!average.isKnown && read(average, 0) == 0)
        average.observe(.milliseconds(100), at: at(0), decay: decay)
        #expect(read(average, 0) == 100)
        #expect(abs(read(average, 10) - 36.79) < 0.005)
        average.observe(.milliseconds(50), at: at(10), decay: decay)
        #expect(read(average, 10) == 50)
        // A read changes nothing: it would be 45.24 with Finagle's.
        if readsBetween { #expect(abs(read(average, 11) - 45.24) < 0.005) }
        average.observe(.milliseconds(20), at: at(11), decay: decay)
        #expect(abs(read(average, 11) - 47.15) < 0.01)
    }

    @Test(
        "stays a finite number of at least 0 whatever is observed",
        arguments: [
            (Span.zero, Span.zero), (.nanoseconds(-5), .seconds(-1)), (.nanoseconds(.max), .nanoseconds(1)),
            (.nanoseconds(.min), .nanoseconds(.max)),
        ])
    func extremes(latency: Span, decay: Span) {
        var average = PeakEWMA()
        for now in [Instant(nanoseconds: .max), .unset, Instant(nanoseconds: .min), at(3)] {
            average.observe(latency, at: now, decay: decay)
            let cost = average.cost(at: at(2), decay: decay)
            #expect(cost.isFinite && cost >= 0)
        }
    }

    @Test("asks a newcomer once, and again only when it has answered")
    func probe() {
        var subject = BalancerSubject(.peakEWMA, members: 2)
        var picks: [Int?] = []
        for _ in 0..<2 { picks.append(subject.place()) }
        #expect(Set(picks) == [0, 1])
        subject.balancer.ended(0, at: subject.now, latency: .seconds(5), failed: false)
        // The one that is slow but known is better than the one that has not answered yet.
        for _ in 0..<20 { #expect(subject.place() == 0) }
        subject.balancer.ended(1, at: subject.now, latency: .milliseconds(1), failed: false)
        #expect(subject.place() == 1)
    }

    @Test("takes the faster one, until it has too much to do")
    func faster() {
        var subject = BalancerSubject(.peakEWMA, members: 2)
        for latency in [Span.milliseconds(10), .milliseconds(40)] {
            let place = subject.place() ?? -1
            subject.balancer.ended(place, at: subject.now, latency: latency, failed: false)
        }
        // 10 ms · (n + 1) against 40 ms · (m + 1): in flight, four of the faster one for each of the slower.
        let placed = countsOfPlaces((0..<500).map { _ in subject.place() }, of: 2).sorted()
        #expect(95...105 ~= placed[0])
    }

    @Test("counts a failure as ten seconds at least, and says nothing after a cancellation")
    func failures() {
        var subject = BalancerSubject(.peakEWMA, members: 2)
        for _ in 0..<2 {
            let place = subject.place() ?? -1
            let (latency, failed): (Span, Bool) = place == 0 ? (.milliseconds(1), true) : (.milliseconds(100), false)
            subject.balancer.ended(place, at: subject.now, latency: latency, failed: failed)
        }
        for _ in 0..<20 {
            #expect(subject.pick() == 1)
            subject.balancer.began(1, at: subject.now)
            subject.balancer.ended(1, at: subject.now, latency: nil, failed: true)
        }
        subject.balancer.failureLatency = .zero
        subject.wait(.seconds(60))
        for place in [0, 1] {
            subject.balancer.began(place, at: subject.now)
            let latency: Span = place == 0 ? .milliseconds(20) : .milliseconds(100)
            subject.balancer.ended(place, at: subject.now, latency: latency, failed: place == 0)
        }
        #expect(subject.pick() == 0)
    }
}
