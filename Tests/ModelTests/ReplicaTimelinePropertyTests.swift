import Core
import Model
import Testing

/// What holds for every timeline, over random ones.
@Suite struct ReplicaTimelinePropertyTests {
    /// Up to five episodes within some hundred nanoseconds, so that an integration in steps of one is short.
    private func episodes(_ random: inout SeededRandom) -> [Episode] {
        (0..<Int(random.below(6))).map { _ in
            let kinds: [Episode.Kind] = [
                .slow(factor: Double(2 + random.below(3))), .slow(factor: 1 + random.nextUnit() * 4), .pause, .outage,
                .cold(factor: 1 + random.nextUnit() * 6), .workers(1 + Int(random.below(4))),
                .time(.constant(.nanoseconds(Int64(random.below(9))))),
            ]
            let kind = kinds[Int(random.below(UInt64(kinds.count)))]
            var episode = Episode(
                kind, at: .nanoseconds(Int64(random.below(200))), lasts: .nanoseconds(Int64(1 + random.below(80))))
            switch random.below(4) {
            case 0, 1: episode.every = (episode.lasts ?? .zero) + .nanoseconds(Int64(1 + random.below(60)))
            case 2:
                if case .cold = kind { break }
                if case .pause = kind { break }
                episode.lasts = nil
            default: break
            }
            return episode
        }
    }

    /// The factor at a time, by looking at each episode alone.
    private func factor(of episodes: [Episode], at time: Int64) -> Double {
        episodes.reduce(1) { product, episode in
            var since = time - episode.at.nanoseconds
            guard since >= 0 else { return product }
            if let every = episode.every { since %= every.nanoseconds }
            if let lasts = episode.lasts, since >= lasts.nanoseconds { return product }
            switch episode.kind {
            case .slow(let factor): return product * factor
            case .pause: return .infinity
            case .cold(let factor):
                let length = episode.lasts?.nanoseconds ?? 0
                guard length >= 20 else { return product * factor }
                let step = min(since / (length / 20), 19)
                return product * (1 + (factor - 1) * Double(19 - step) / 19)
            default: return product
            }
        }
    }

    /// The first time at which enough is done, in steps of a nanosecond. Work is counted in whole ones from edge to edge, so
    /// the start may give what is begun of one, and each edge may cost as much.
    private func integrated(_ episodes: [Episode], work: Int64, from start: Int64) -> (earliest: Int64, latest: Int64) {
        var (done, edges, now, last) = (0.0, 0.0, start, 0.0)
        var earliest: Int64?
        while now < 20_000 {
            if earliest == nil, done > Double(work - 1) - 1e-6 { earliest = now }
            if let earliest, done - edges > Double(work) - 1e-6 { return (earliest, now) }
            let factor = factor(of: episodes, at: now)
            if factor != last { (edges, last) = (edges + 1, factor) }
            done += 1 / factor
            now += 1
        }
        return (earliest ?? now, .max)
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func workEndsWhereAnIntegrationInSmallStepsEnds(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 7)
        for _ in 0..<25 {
            let episodes = episodes(&random)
            let timeline = ReplicaTimeline(episodes, replica: 0, of: 1)
            let (work, start) = (Int64(1 + random.below(400)), Int64(random.below(500)))
            let end = timeline.end(of: .nanoseconds(work), from: .nanoseconds(start)).nanoseconds
            let expected = integrated(episodes, work: work, from: start)
            #expect(end >= expected.earliest && end <= expected.latest, "\(episodes) \(work) from \(start)")
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func moreWorkAndLaterStartsNeverEndEarlier(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 8)
        for _ in 0..<25 {
            let timeline = ReplicaTimeline(episodes(&random), replica: 0, of: 1)
            let (work, start) = (Int64(random.below(3_000)), Int64(random.below(500)))
            let moreWork = (0..<Int64(40)).map {
                timeline.end(of: .nanoseconds(work + $0), from: .nanoseconds(start))
            }
            let laterStarts = (0..<Int64(40)).map {
                timeline.end(of: .nanoseconds(work), from: .nanoseconds(start + $0))
            }
            #expect(moreWork == moreWork.sorted() && moreWork[0] >= .nanoseconds(start))
            #expect(laterStarts == laterStarts.sorted())
        }
    }

    /// Work done in two parts, the second from where the first ended, ends where the whole does, but for what the edges
    /// cost.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func longWorkEndsAsItsPartsDo(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 9)
        for _ in 0..<20 {
            // Whole factors and long edges: then nothing is lost at an edge.
            var pause = Episode(.pause, at: .microseconds(Int64(random.below(9))), lasts: .microseconds(12))
            pause.every = .microseconds(Int64(20 + random.below(30)))
            var slow = Episode(.slow(factor: 4), at: .microseconds(Int64(random.below(9))), lasts: .microseconds(8))
            slow.every = .microseconds(Int64(10 + random.below(40)))
            let once = Episode(.slow(factor: 2), at: .microseconds(3_000), lasts: .microseconds(500))
            let timeline = ReplicaTimeline([pause, slow, once], replica: 0, of: 1)
            let work = Int64(1 + random.below(4_000)) * 1_000_000
            let whole = timeline.end(of: .nanoseconds(work), from: .zero)
            var now = Span.zero
            for part in [work / 10, work / 5, work - work / 10 - work / 5] {
                now = timeline.end(of: .nanoseconds(part), from: now)
            }
            #expect(abs((now - whole).nanoseconds) <= 8)
        }
    }

    /// From edge to edge the workers are the same, and so is whether it is out.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func nextChangeSkipsNoChange(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 10)
        let timeline = ReplicaTimeline(episodes(&random), replica: 0, of: 1)
        var next = timeline.nextChange(after: .nanoseconds(-1))
        var (skipped, backwards): ([Int64], [Int64]) = ([], [])
        for time in 0..<Int64(2_000) {
            let (now, before) = (Span.nanoseconds(time), Span.nanoseconds(time - 1))
            if let edge = next, edge == now {
                next = timeline.nextChange(after: now)
                if let next, next <= now { backwards.append(time) }
            } else if timeline.isOut(at: now) != timeline.isOut(at: before)
                || timeline.workers(at: now, usual: 9) != timeline.workers(at: before, usual: 9)
            {
                skipped.append(time)
            }
        }
        #expect(skipped == [])
        #expect(backwards == [])
    }

    /// Values that no checked plan has: the worst is an answer that makes no sense, never a trap or an endless loop.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func noValueStopsTheProgram(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 12)
        let spans = [.min, -1, 0, 1, 2, 3, 19, 1_000, 1 << 40, 1 << 62, .max - 1, .max].map(Span.nanoseconds)
        let factors = [-.infinity, -1, 0, 0.5, 1, 1 + 1e-15, 3, 1e300, .infinity, .nan]
        for _ in 0..<100 {
            var repeating = 0
            let episodes = (0..<Int(random.below(5))).map { _ in
                let factor = factors[Int(random.below(UInt64(factors.count)))]
                let kinds: [Episode.Kind] = [
                    .slow(factor: factor), .cold(factor: factor), .pause, .outage, .workers(0), .restart,
                ]
                var episode = Episode(
                    kinds[Int(random.below(UInt64(kinds.count)))], at: spans[Int(random.below(UInt64(spans.count)))],
                    lasts: random.below(3) == 0 ? nil : spans[Int(random.below(UInt64(spans.count)))])
                if random.below(2) == 0, repeating < 2 {
                    repeating += 1
                    episode.every = spans[Int(random.below(UInt64(spans.count)))]
                }
                return episode
            }
            let timeline = ReplicaTimeline(episodes, replica: 1, of: 3)
            for _ in 0..<5 {
                let (work, start) = (spans[Int(random.below(12))], spans[Int(random.below(12))])
                #expect(timeline.end(of: work, from: start) >= min(start, start + work), "\(episodes)")
                #expect(timeline.workers(at: start, usual: 1) >= 1)
                if let next = timeline.nextChange(after: start) { #expect(next > start) }
            }
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func aRollingRestartNeverHasTwoOut(seed: UInt64) {
        var random = SeededRandom(seed: seed, stream: 11)
        let count = Int(2 + random.below(6))
        var restart = Episode(.restart, at: .nanoseconds(Int64(random.below(50))))
        let length = Int64(1 + random.below(30))
        restart.lasts = .nanoseconds(length)
        restart.every = .nanoseconds(length + Int64(random.below(10)))
        let timelines = (0..<count).map { ReplicaTimeline([restart], replica: $0, of: count) }
        var total = 0
        for time in 0..<Int64(600) {
            let out = timelines.count { $0.isOut(at: .nanoseconds(time)) }
            #expect(out <= 1)
            total += out
        }
        #expect(total == count * Int(length), "each has its turn")
    }
}
