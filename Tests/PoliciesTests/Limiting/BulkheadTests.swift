import Core
import Testing

@testable import Policies

@Suite("A bulkhead")
struct BulkheadTests {
    @Test(
        "admits as many as may run, queues as many as may wait, and rejects the others",
        arguments: [(1, 0), (1, 1), (3, 2), (50, 100), (10, 0)])
    func limits(running: Int, queue: Int) {
        var bulkhead = Bulkhead(running: running, queue: queue)
        for _ in 0..<running { #expect(bulkhead.enter() == .admitted) }
        var tickets: Set<UInt64> = []
        for _ in 0..<queue {
            guard case .queued(let ticket) = bulkhead.enter() else {
                Issue.record("a waiter was not queued")
                return
            }
            tickets.insert(ticket)
        }
        #expect(tickets.count == queue)
        for _ in 0..<1_000 { #expect(bulkhead.enter() == .rejected) }
        #expect((bulkhead.running, bulkhead.waiting) == (running, queue))
        #expect((bulkhead.peakRunning, bulkhead.peakWaiting) == (running, queue))
    }

    @Test("hands a place on in the order of coming")
    func order() {
        var bulkhead = Bulkhead(running: 1, queue: 3)
        #expect(bulkhead.enter() == .admitted)
        let tickets = (0..<3).compactMap { _ in
            if case .queued(let ticket) = bulkhead.enter() { ticket } else { nil }
        }
        #expect((0..<3).map { _ in bulkhead.leave() } == tickets)
        #expect(bulkhead.running == 1)
        #expect(bulkhead.leave() == nil)
        #expect(bulkhead.running == 0)
    }

    @Test("forgets a waiter that gives up, once")
    func abandoned() {
        var bulkhead = Bulkhead(running: 1, queue: 2)
        #expect(bulkhead.enter() == .admitted)
        guard case .queued(let first) = bulkhead.enter(), case .queued(let second) = bulkhead.enter() else {
            Issue.record("two did not wait")
            return
        }
        #expect(bulkhead.abandon(first) == true)
        #expect(bulkhead.abandon(first) == false)
        // Its slot is used again, and the old ticket means nobody.
        guard case .queued(let third) = bulkhead.enter() else {
            Issue.record("nothing was free")
            return
        }
        #expect(bulkhead.abandon(first) == false)
        #expect(bulkhead.leave() == second)
        #expect(bulkhead.abandon(second) == false)
        #expect(bulkhead.leave() == third)
    }

    @Test("takes any number and any ticket, and nothing leaves that did not enter")
    func hostile() {
        var bulkhead = Bulkhead(running: .min, queue: .min)
        #expect((bulkhead.limit, bulkhead.queue) == (1, 0))
        #expect(bulkhead.leave() == nil)
        #expect(bulkhead.running == 0)
        #expect(bulkhead.abandon(0) == false)
        #expect(bulkhead.abandon(.max) == false)
    }

    @Test("does as a list does that is searched", arguments: UInt64(1)...20)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let (limit, queue) = (Int(random.below(5)) + 1, Int(random.below(6)))
        var bulkhead = Bulkhead(running: limit, queue: queue)
        var (running, waiting, old) = (0, [UInt64](), [UInt64]())
        for _ in 0..<3_000 {
            switch random.below(4) {
            case 0, 1:
                switch bulkhead.enter() {
                case .admitted:
                    #expect(running < limit)
                    running += 1
                case .queued(let ticket):
                    #expect(running == limit && waiting.count < queue)
                    #expect(!old.contains(ticket) && !waiting.contains(ticket))
                    waiting.append(ticket)
                case .rejected: #expect(running == limit && waiting.count == queue)
                }
            case 2:
                if running == 0 { break }
                let next = bulkhead.leave()
                #expect(next == waiting.first)
                if let next { old.append(next) } else { running -= 1 }
                if !waiting.isEmpty { waiting.removeFirst() }
            default:
                if let ticket = old.randomElement(using: &random) { #expect(bulkhead.abandon(ticket) == false) }
                guard let ticket = waiting.randomElement(using: &random), random.below(2) == 0 else { break }
                #expect(bulkhead.abandon(ticket) == true)
                waiting.removeAll { $0 == ticket }
                old.append(ticket)
            }
            #expect((bulkhead.running, bulkhead.waiting) == (running, waiting.count))
        }
        for ticket in waiting { #expect(bulkhead.abandon(ticket) == true) }
        for _ in 0..<running { #expect(bulkhead.leave() == nil) }
        #expect((bulkhead.running, bulkhead.waiting) == (0, 0))
        #expect(bulkhead.peakRunning <= limit && bulkhead.peakWaiting <= queue)
    }
}
