import Core
import Model
import Testing

@Suite struct MessageQueueTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    private func queue(
        batch: Int = 1, flush: Span? = nil, senders: Int = 1, attempts: Int = 3, capacity: Int = 100_000
    ) -> QueueDescription {
        var description = QueueDescription()
        description.batch = batch
        description.flush = flush
        description.senders = senders
        description.attempts = attempts
        description.capacity = capacity
        return description
    }

    @Test func withoutAnIntervalWhatWaitsGoesAsSoonAsASenderIsIdle() {
        var queue = MessageQueue(queue(batch: 3))
        #expect(queue.send(1, at: at(0)) == true)
        let first = queue.take(at: at(0))
        #expect(first?.messages == 1)
        #expect(queue.send(5, at: at(1)) == true)
        #expect(queue.take(at: at(1)) == nil)
        queue.delivered(first!, at: at(2))
        let second = queue.take(at: at(2))
        #expect(second?.messages == 3)
        #expect(queue.waiting == 2)
        #expect(queue.nextFlush(at: at(2)) == .never)
        queue.delivered(second!, at: at(4))
        #expect(queue.delays.count == 4)
        #expect(queue.delays.mean == Span(seconds: 11.0 / 4))
        #expect(queue.delays.max == .seconds(3))
    }

    @Test func withAnIntervalABatchGoesWhenItIsFullOrAtTheFlush() {
        var queue = MessageQueue(queue(batch: 10, flush: .seconds(30), senders: 9))
        queue.begin(at: at(100))
        #expect(queue.nextFlush(at: at(100)) == .never)
        _ = queue.send(4, at: at(101))
        #expect(queue.take(at: at(101)) == nil)
        #expect(queue.nextFlush(at: at(101)) == at(130))
        _ = queue.send(19, at: at(102))
        #expect(queue.take(at: at(102))?.messages == 10)
        #expect(queue.take(at: at(102))?.messages == 10)
        #expect(queue.take(at: at(102)) == nil)
        #expect(queue.take(at: at(129)) == nil)
        #expect(queue.take(at: at(130))?.messages == 3)
        _ = queue.send(1, at: at(131))
        #expect(queue.take(at: at(159)) == nil)
        #expect(queue.nextFlush(at: at(131)) == at(160))
        #expect(queue.take(at: at(160))?.messages == 1)
    }

    /// A flush that finds all senders busy is not lost: what waited then goes as soon as one is idle.
    @Test func aFlushWaitsForASender() {
        var queue = MessageQueue(queue(batch: 10, flush: .seconds(30)))
        _ = queue.send(10, at: at(1))
        let full = queue.take(at: at(1))!
        _ = queue.send(2, at: at(29))
        #expect(queue.take(at: at(30)) == nil)
        queue.delivered(full, at: at(40))
        #expect(queue.take(at: at(40))?.messages == 2)
    }

    @Test func whatIsSentAfterAFlushWaitsForTheNext() {
        var queue = MessageQueue(queue(batch: 10, flush: .seconds(30), senders: 3))
        _ = queue.send(1, at: at(31))
        #expect(queue.take(at: at(45)) == nil)
        #expect(queue.take(at: at(60))?.messages == 1)
        // In the instant of a flush is before it, but for the start, which is none.
        _ = queue.send(1, at: at(90))
        #expect(queue.take(at: at(90))?.messages == 1)
        var early = MessageQueue(self.queue(batch: 10, flush: .seconds(30)))
        _ = early.send(1, at: at(0))
        #expect(early.take(at: at(0)) == nil)
        #expect(early.nextFlush(at: at(0)) == at(30))
    }

    @Test func aFullQueueTakesNoneOfWhatDoesNotFit() {
        var queue = MessageQueue(queue(batch: 4, capacity: 10))
        #expect(queue.send(7, at: at(0)) == true)
        #expect(queue.send(4, at: at(0)) == false)
        #expect(queue.send(3, at: at(0)) == true)
        #expect(queue.send(Int.max, at: at(0)) == false)
        #expect(queue.waiting == 10)
        _ = queue.take(at: at(0))
        #expect(queue.send(4, at: at(0)) == true)
        #expect(queue.send(0, at: at(0)) == true)
        #expect(queue.counts.sent == 14)
    }

    @Test func aBatchThatFailsGoesAgainAndBecomesDeadLetters() {
        var queue = MessageQueue(queue(batch: 5, attempts: 3))
        _ = queue.send(5, at: at(0))
        var batch = queue.take(at: at(0))
        for attempt in 1...3 {
            #expect(batch?.attempt == attempt)
            #expect(queue.sending == 1)
            batch = queue.failed(batch!)
        }
        #expect(batch == nil)
        #expect(queue.counts.dead == 5)
        #expect(queue.counts.failedAttempts == 3)
        #expect(queue.sending == 0)
        #expect(queue.delays.count == 0)
        _ = queue.send(1, at: at(1))
        #expect(queue.take(at: at(1))?.attempt == 1)
    }

    @Test func theTimeOfABatchGrowsWithItsMessages() {
        var description = queue(batch: 100)
        description.time = .constant(.milliseconds(50))
        description.perMessage = .milliseconds(2)
        var queue = MessageQueue(description)
        var random = SeededRandom(seed: 1)
        _ = queue.send(101, at: at(0))
        #expect(queue.time(of: queue.take(at: at(0))!, using: &random) == .milliseconds(250))
    }

    @Test(arguments: [(0.0, 0...0), (0.3, 2_800...3_200), (1.0, 10_000...10_000)])
    func attemptsFailInTheirShare(share: Double, expected: ClosedRange<Int>) {
        var description = queue()
        description.failures = share
        let queue = MessageQueue(description)
        var random = SeededRandom(seed: 2)
        #expect(expected.contains((0..<10_000).count { _ in queue.fails(using: &random) }))
    }

    /// Poisson arrivals fall evenly between two flushes: a message waits half an interval in the mean, and never longer than
    /// one. The mean of n of them has a standard deviation of interval / sqrt(12 n), here 0.06 s; the tolerance is four.
    @Test func messagesWaitHalfTheIntervalInTheMean() {
        var queue = MessageQueue(queue(batch: 1_000, flush: .seconds(30)))
        var random = SeededRandom(seed: 3, named: "messages")
        let gap = TimeDistribution.exponential(mean: .milliseconds(200))
        var arrival = at(0) + gap.sample(using: &random)
        for flush in 1...600 {
            let end = at(Int64(flush) * 30)
            while arrival < end {
                #expect(queue.send(1, at: arrival) == true)
                #expect(queue.take(at: arrival) == nil)
                #expect(queue.nextFlush(at: arrival) == end)
                arrival = arrival + gap.sample(using: &random)
            }
            while let batch = queue.take(at: end) { queue.delivered(batch, at: end) }
            #expect(queue.waiting == 0)
        }
        #expect(queue.delays.count > 85_000)
        #expect(abs(queue.delays.mean.seconds - 15) < 0.24)
        #expect(abs(queue.delays.quantile(0.5).seconds - 15) < 0.7)
        #expect(queue.delays.max <= .seconds(30))
        #expect(queue.counts.batches == 600)
    }

    /// Sent is delivered, dead, waiting or under way; bounds hold; nothing is sent twice or out of turn.
    @Test(arguments: 0..<100)
    func noMessageIsForgotten(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed), named: "history")
        let flush: Span? = random.below(2) == 0 ? nil : .seconds(Int64(random.below(9)) + 1)
        let description = queue(
            batch: Int(random.below(6)) + 1, flush: flush, senders: Int(random.below(3)) + 1,
            attempts: Int(random.below(3)) + 1, capacity: Int(random.below(20)) + 1)
        var queue = MessageQueue(description)
        var under: [MessageQueue.Batch] = []
        // The naive queue: one instant for each message.
        var line: [Instant] = []
        var delays = 0.0
        var delayed = 0
        var instants: [MessageQueue.Batch: [Instant]] = [:]
        for step in 1...300 {
            let now = at(Int64(step) / 2)
            switch random.below(6) {
            case 0...2:
                let count = Int(random.below(5)) + 1
                let fits = line.count + count <= description.capacity
                #expect(queue.send(count, at: now) == fits)
                if fits { line += Array(repeating: now, count: count) }
            case 3...4 where !under.isEmpty:
                let batch = under.remove(at: Int(random.below(UInt64(under.count))))
                for instant in instants[batch]! { delays += (now - instant).seconds }
                delayed += batch.messages
                queue.delivered(batch, at: now)
            case 5 where !under.isEmpty:
                let index = Int(random.below(UInt64(under.count)))
                let batch = under.remove(at: index)
                if let again = queue.failed(batch) {
                    #expect(again.attempt <= description.attempts)
                    instants[again] = instants[batch]
                    under.insert(again, at: index)
                }
            default: break
            }
            var isDue: Bool {
                guard let first = line.first, let flush, line.count < description.batch else { return !line.isEmpty }
                let ticks = now.nanoseconds / flush.nanoseconds
                return ticks > 0 && first.nanoseconds <= ticks * flush.nanoseconds
            }
            while let batch = queue.take(at: now) {
                #expect(isDue)
                #expect(batch.messages == min(line.count, description.batch))
                instants[batch] = Array(line.prefix(batch.messages))
                line.removeFirst(batch.messages)
                under.append(batch)
            }
            #expect(under.count == description.senders || !isDue)
            if let flush, !line.isEmpty {
                let next = queue.nextFlush(at: now).nanoseconds
                #expect(next > now.nanoseconds && next <= now.nanoseconds + flush.nanoseconds)
                #expect(next % flush.nanoseconds == 0)
            } else {
                #expect(queue.nextFlush(at: now) == .never)
            }
            #expect(queue.waiting == line.count)
            #expect(queue.sending == under.count)
            #expect(queue.sending <= description.senders)
            let counts = queue.counts
            #expect(queue.underWay == under.reduce(0) { $0 + $1.messages })
            #expect(counts.sent == counts.delivered + counts.dead + queue.waiting + queue.underWay)
        }
        #expect(queue.delays.count == delayed)
        #expect(abs(queue.delays.mean.seconds * Double(delayed) - delays) < 1e-3)
    }
}
