import Core
import Model
import Testing

@Suite struct ReplicaTimelineTests {
    private static func timeline(_ episodes: Episode..., replica: Int = 0, of count: Int = 1) -> ReplicaTimeline {
        ReplicaTimeline(episodes, replica: replica, of: count)
    }

    /// 3 times as slow from 10 s to 40 s.
    private static let slow = Episode(.slow(factor: 3), at: .seconds(10), lasts: .seconds(30))
    /// Stops for 200 ms every 5 s, the first time at 1 s.
    private static let collector = {
        var pause = Episode(.pause, at: .seconds(1), lasts: .milliseconds(200))
        pause.every = .seconds(5)
        return pause
    }()

    struct WorkRow: Sendable, CustomTestStringConvertible {
        var what: String
        var timeline: ReplicaTimeline
        var work: Span
        var start: Span
        var end: Span
        var testDescription: String { what }
    }

    static let work: [WorkRow] = [
        .init(
            what: "without episodes work takes its time", timeline: timeline(), work: .seconds(2), start: .seconds(3),
            end: .seconds(5)),
        .init(
            what: "work before a slow window takes its time", timeline: timeline(slow), work: .seconds(2),
            start: .seconds(3), end: .seconds(5)),
        .init(
            what: "work within it takes three times as long", timeline: timeline(slow), work: .seconds(2),
            start: .seconds(10), end: .seconds(16)),
        .init(
            what: "work that straddles its beginning is slowed for what is left", timeline: timeline(slow),
            work: .seconds(2), start: .seconds(9), end: .seconds(13)),
        .init(
            what: "work that straddles its end goes on as usual", timeline: timeline(slow), work: .seconds(2),
            start: .seconds(37), end: .seconds(41)),
        .init(
            what: "a slow window to the end of the run has no end", timeline: timeline(Episode(.slow(factor: 2))),
            work: .seconds(100), start: .seconds(7), end: .seconds(207)),
        .init(
            what: "a pause shifts what it meets by its length", timeline: timeline(collector),
            work: .milliseconds(500), start: .milliseconds(800), end: .milliseconds(1_500)),
        .init(
            what: "work that begins in a pause begins when it is over", timeline: timeline(collector),
            work: .milliseconds(50), start: .milliseconds(1_150), end: .milliseconds(1_250)),
        .init(
            what: "work that takes no time is not done in a pause either", timeline: timeline(collector), work: .zero,
            start: .milliseconds(1_150), end: .milliseconds(1_200)),
        .init(
            what: "work that is done when a pause begins is done", timeline: timeline(collector),
            work: .milliseconds(200), start: .milliseconds(800), end: .seconds(1)),
        .init(
            what: "a pause comes again", timeline: timeline(collector), work: .milliseconds(500),
            start: .milliseconds(20_800), end: .milliseconds(21_500)),
        .init(
            what: "long work meets every pause: 10,000 s of it 2,083 of them", timeline: timeline(collector),
            work: .seconds(10_000), start: .seconds(0), end: .milliseconds(10_416_800)),
        .init(
            what: "two slow windows at once multiply",
            timeline: timeline(slow, Episode(.slow(factor: 2), at: .seconds(20), lasts: .seconds(6))),
            work: .seconds(1), start: .seconds(20), end: .seconds(26)),
        .init(
            what: "before the load nothing happens", timeline: timeline(Episode(.slow(factor: 2))), work: .seconds(3),
            start: .seconds(-2), end: .seconds(2)),
        .init(
            what: "a pause without an end ends no work", timeline: timeline(Episode(.pause, at: .seconds(1))),
            work: .seconds(3), start: .seconds(0), end: .nanoseconds(.max)),
    ]

    @Test(arguments: work)
    func workEndsWhenItsTimelineSays(_ row: WorkRow) {
        #expect(row.timeline.end(of: row.work, from: row.start) == row.end)
    }

    /// From 5 times to 1 times in 20 equal steps: over the whole window 20 s hold `Σ 1 / f_j` seconds of work.
    @Test func aColdStartHoldsTheWorkOfItsTwentySteps() {
        let timeline = Self.timeline(Episode(.cold(factor: 5), at: .seconds(2), lasts: .seconds(20)))
        var whole = 0.0
        for step in 0..<20 { whole += 1 / (1 + 4 * Double(19 - step) / 19) }
        let end = timeline.end(of: Span(seconds: whole), from: .seconds(2))
        #expect(abs((end - .seconds(22)).nanoseconds) < 50)
        #expect(timeline.end(of: .milliseconds(100), from: .seconds(2)) == .milliseconds(2_500), "five times at first")
        #expect(
            timeline.end(of: .milliseconds(100), from: .milliseconds(21_500)) == .milliseconds(21_600), "once at last")
    }

    /// Work of a year, and pauses every millisecond: by division, or this test would not end.
    @Test func whatRepeatsIsNotCounted() {
        var (pause, slow) = (
            Episode(.pause, lasts: .microseconds(500)),
            Episode(.slow(factor: 2), at: .microseconds(500), lasts: .microseconds(500))
        )
        (pause.every, slow.every) = (.milliseconds(1), .milliseconds(1))
        let year = Span.seconds(31_536_000)
        #expect(Self.timeline(pause).end(of: year, from: .zero) == .seconds(2 * 31_536_000))
        #expect(Self.timeline(pause, slow).end(of: year, from: .zero) == .seconds(4 * 31_536_000))
        // Two that together leave no room.
        var other = pause
        other.at = .microseconds(500)
        #expect(Self.timeline(pause, other).end(of: .nanoseconds(1), from: .seconds(3)) == .nanoseconds(.max))
        // Until one of them comes to an end, which is far away.
        let last = Episode(.pause, at: .seconds(1), lasts: .seconds(1_000_000))
        #expect(Self.timeline(pause, last).end(of: .seconds(2), from: .zero) == .seconds(1_000_004))
    }

    @Test func aRestartTakesOneReplicaAfterTheOther() {
        var restart = Episode(.restart, at: .seconds(10), lasts: .seconds(5))
        restart.every = .seconds(8)
        restart.replicas = 1...3
        let timelines = (0..<5).map { Self.timeline(restart, replica: $0, of: 5) }
        let out = { (time: Span) in timelines.indices.filter { timelines[$0].isOut(at: time) } }
        #expect(out(.seconds(9)) == [])
        #expect(out(.seconds(10)) == [1])
        #expect(out(.seconds(15)) == [])
        #expect(out(.seconds(18)) == [2])
        #expect(out(.seconds(30)) == [3])
        #expect(out(.seconds(31)) == [])
        #expect(timelines[0].isEmpty)
        #expect(timelines[2].nextChange(after: .zero) == .seconds(18))
        #expect(timelines[2].nextChange(after: .seconds(18)) == .seconds(23))
        #expect(timelines[2].nextChange(after: .seconds(23)) == nil)
    }

    @Test func onlyAnAnnouncedOutageIsKnown() {
        var told = Episode(.outage, at: .seconds(2), lasts: .seconds(1))
        told.isAnnounced = true
        let timeline = Self.timeline(Episode(.outage, lasts: .seconds(1)), told)
        #expect([0, 1, 2, 3].map { timeline.isOut(at: .seconds($0)) } == [true, false, true, false])
        #expect([0, 1, 2, 3].map { timeline.isKnownOut(at: .seconds($0)) } == [false, false, true, false])
    }

    @Test func ofOtherWorkersAndTimesTheLastOfTheListHolds() {
        let timeline = Self.timeline(
            Episode(.workers(2), lasts: .seconds(10)), Episode(.workers(7), at: .seconds(5), lasts: .seconds(2)),
            Episode(.time(.constant(.seconds(1))), at: .seconds(1), lasts: .seconds(3)),
            Episode(.time(.constant(.seconds(2))), at: .seconds(2), lasts: .seconds(1)))
        #expect([0, 5, 7, 10].map { timeline.workers(at: .seconds($0), usual: 4) } == [2, 7, 2, 4])
        let times = (0..<5).map { timeline.distribution(at: .seconds($0)) }
        #expect(times == [nil, .constant(.seconds(1)), .constant(.seconds(2)), .constant(.seconds(1)), nil])
    }
}
