import Core
import Policies
import Testing

@Suite("A sliding tally")
struct SlidingTallyTests {
    /// Against a list of all events: what lies in the slice of now and the nine before it.
    @Test("counts what a list of all events counts", arguments: 0..<30)
    func likeAList(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var tally = SlidingTally(window: .seconds(10))
        var events: [(at: Instant, lane: Int)] = []
        var now = Instant.running(0)
        for _ in 0..<300 {
            now = now + Span.milliseconds(Int64(random.below(random.below(20) == 0 ? 15_000 : 700)))
            let lane = Int(random.below(4))
            var counts = SlidingTally.Counts()
            counts[lane] = 1
            if random.below(4) > 0 {
                tally.add(counts, at: now)
                events.append((now, lane))
            }
            let slice = now.nanoseconds / 1_000_000_000
            for lane in 0..<4 {
                let expected = events.filter { $0.lane == lane && slice - $0.at.nanoseconds / 1_000_000_000 < 10 }.count
                #expect(tally.seen(at: now)[lane] == expected)
            }
            #expect(tally.seen(at: now) == tally.total(at: now))
            let later = now + .seconds(4)
            let copy = Trial(tally)
            #expect(tally.seen(at: later) == copy { $0.total(at: later) })
        }
    }

    @Test("takes time that goes backwards, no window and no slices")
    func hostile() {
        for window in [Span.zero, .seconds(-1), Span(nanoseconds: .max), .nanoseconds(3)] {
            for slices in [Int.min, 0, 1, 10, .max] {
                var tally = SlidingTally(window: window, slices: slices)
                tally.add([1, 0, 0, 0], at: .running(10))
                tally.add([1, 0, 0, 0], at: .running(9))
                tally.add([0, 1, 0, 0], at: Instant(nanoseconds: -5))
                #expect(tally.seen(at: .running(10)) == [2, 1, 0, 0])
                tally.clear()
                #expect(tally.seen(at: .never) == [0, 0, 0, 0])
            }
        }
    }
}
