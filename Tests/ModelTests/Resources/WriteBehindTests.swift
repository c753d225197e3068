import Core
import Model
import Testing

@Suite struct WriteBehindTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(seconds) }

    @Test func aLaterWriteOfAKeyThatWaitsTakesItsPlace() {
        var buffer = WriteBehind(limit: 10, attempts: 3)
        for (key, version) in [("a", 1), ("b", 2), ("a", 3)] {
            #expect(buffer.add(key, version, at: at(Int64(version))) == true)
        }
        #expect(buffer.waiting == 2)
        #expect(buffer.version(of: "a") == 3)
        let round = buffer.takeRound()
        #expect(round.map(\.key) == ["a", "b"])
        #expect(round.map(\.version) == [3, 2])
        #expect(round.map(\.since) == [at(1), at(2)])
        #expect(buffer.counts.coalesced == 1)
        for write in round { buffer.written(write, at: at(11)) }
        #expect(buffer.lags.max == .seconds(10))
        #expect(buffer.version(of: "a") == nil)
    }

    @Test func whatWaitsAndWhatIsUnderWayTakeRoom() {
        var buffer = WriteBehind(limit: 2, attempts: 3)
        #expect(buffer.add("a", 1, at: at(0)) == true)
        #expect(buffer.add("b", 1, at: at(0)) == true)
        #expect(buffer.add("c", 1, at: at(0)) == false)
        let round = buffer.takeRound()
        #expect(buffer.add("c", 1, at: at(0)) == false)
        buffer.written(round[0], at: at(1))
        #expect(buffer.add("c", 1, at: at(1)) == true)
        #expect(buffer.counts.refused == 2)
        #expect(buffer.underWay == 1)
        #expect(buffer.waiting == 1)
    }

    @Test func aWriteThatFailsIsTriedAgainBehindTheOthersAndLostAfterTheLastAttempt() {
        var buffer = WriteBehind(limit: 10, attempts: 3)
        _ = buffer.add("a", 1, at: at(0))
        for attempt in 1...3 {
            let write = buffer.takeRound()[0]
            #expect(write.failures == attempt - 1)
            if attempt == 1 { _ = buffer.add("b", 1, at: at(0)) }
            buffer.failed(write)
            if attempt == 1 {
                let round = buffer.takeRound(most: 1)
                #expect(round.map(\.key) == ["b"])
                buffer.written(round[0], at: at(1))
            }
        }
        #expect(buffer.waiting == 0)
        #expect(buffer.counts.lost == 1)
        #expect(buffer.counts.retried == 2)
        #expect(buffer.version(of: "a") == nil)
    }

    @Test func twoWritesOfOneKeyAreNeverUnderWayTogether() {
        var buffer = WriteBehind(limit: 10, attempts: 3)
        _ = buffer.add("a", 1, at: at(0))
        let first = buffer.takeRound()[0]
        _ = buffer.add("a", 2, at: at(1))
        _ = buffer.add("b", 1, at: at(1))
        #expect(buffer.takeRound().map(\.key) == ["b"])
        #expect(buffer.version(of: "a") == 2)
        buffer.written(first, at: at(2))
        #expect(buffer.takeRound().map(\.version) == [2])
    }

    @Test func aFailedWriteGivesWayToALaterOneOfItsKey() {
        var buffer = WriteBehind(limit: 10, attempts: 3)
        _ = buffer.add("a", 1, at: at(0))
        let first = buffer.takeRound()[0]
        _ = buffer.add("a", 2, at: at(5))
        buffer.failed(first)
        let second = buffer.takeRound()
        #expect(second.map(\.version) == [2])
        #expect(second.map(\.since) == [at(0)])
        #expect(buffer.counts.coalesced == 1)
        #expect(buffer.counts.retried == 0)
    }

    @Test func aCrashLosesWhatWaitsAndNobodyTriesAgainWhatWasUnderWay() {
        var buffer = WriteBehind(limit: 10, attempts: 3)
        for key in ["a", "b"] { _ = buffer.add(key, 1, at: at(0)) }
        let round = buffer.takeRound()
        for key in ["c", "d", "e"] { _ = buffer.add(key, 1, at: at(0)) }
        #expect(buffer.crash() == 3)
        #expect(buffer.version(of: "a") == nil)
        buffer.written(round[0], at: at(1))
        buffer.failed(round[1])
        #expect(buffer.counts.crashed == 4)
        #expect(buffer.counts.written == 1)
        #expect(buffer.waiting + buffer.underWay == 0)
        #expect(buffer.add("f", 1, at: at(2)) == true)
        #expect(buffer.takeRound().count == 1)
    }

    /// Each write that was taken in is somewhere, or something became of it; the bound holds; a key's versions reach the database
    /// in order; and a key whose last write was not given up ends with it there.
    @Test(arguments: 0..<100)
    func noWriteIsForgotten(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed), named: "history")
        let limit = Int(random.below(8)) + 1
        var buffer = WriteBehind(limit: limit, attempts: Int(random.below(3)) + 1)
        var underWay: [WriteBehind.Write] = []
        var stored: [String: Int] = [:]
        var newest: [String: Int] = [:]
        func end(_ isGood: Bool, at now: Instant) {
            let write = underWay.remove(at: Int(random.below(UInt64(underWay.count))))
            guard isGood else { return buffer.failed(write) }
            #expect(stored[write.key, default: 0] < write.version)
            stored[write.key] = write.version
            buffer.written(write, at: now)
        }
        for step in 1...300 {
            let key = "\(random.below(6))"
            switch random.below(10) {
            case 0..<5: if buffer.add(key, step, at: at(Int64(step))) { newest[key] = step }
            case 5: underWay += buffer.takeRound(most: Int(random.below(4)) + 1)
            case 6...7: if !underWay.isEmpty { end(true, at: at(Int64(step))) }
            case 8: if !underWay.isEmpty { end(false, at: at(Int64(step))) }
            default: if random.below(20) == 0 { _ = buffer.crash() }
            }
            let counts = buffer.counts
            let gone = counts.coalesced + counts.written + counts.lost + counts.crashed
            #expect(counts.added == gone + buffer.waiting + buffer.underWay)
            #expect(buffer.underWay == underWay.count)
            #expect(buffer.waiting + buffer.underWay <= limit)
        }
        while buffer.waiting + buffer.underWay > 0 {
            underWay += buffer.takeRound()
            end(true, at: at(1_000))
        }
        let counts = buffer.counts
        if counts.lost + counts.crashed == 0 { #expect(stored == newest) }
        #expect(buffer.lags.count == counts.written)
    }
}
