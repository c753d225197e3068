import Core
import Model
import Testing

@Suite struct ReplicaTests {
    private func replica(workers: Int, queue: Int, time: Span = .milliseconds(10)) -> Replica<String> {
        Replica(workers: workers, queue: queue, time: .constant(time))
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 0) + .milliseconds(milliseconds) }

    @Test func anIdleWorkerBeginsAtOnce() {
        var (replica, random) = (replica(workers: 2, queue: 0), SeededRandom(seed: 1))
        guard case .started(let until) = replica.arrived("a", at: at(5), using: &random) else {
            Issue.record("the request did not start")
            return
        }
        #expect(until == at(15))
        #expect(replica.busy == 1)
    }

    @Test func aRequestWaitsForABusyWorkerAndStartsWhenItIsIdle() throws {
        var (replica, random) = (replica(workers: 1, queue: 5), SeededRandom(seed: 1))
        _ = replica.arrived("a", at: at(0), using: &random)
        guard case .queued = replica.arrived("b", at: at(3), using: &random) else {
            Issue.record("the request did not wait")
            return
        }
        #expect(replica.waiting == 1)
        let begun = replica.finished(at: at(10))
        let next = try #require(begun)
        #expect(next.ticket == "b")
        #expect(next.until == at(20))
        #expect(replica.busy == 1)
        #expect(replica.waiting == 0)
    }

    @Test func aFullLineRejects() {
        var (replica, random) = (replica(workers: 1, queue: 1), SeededRandom(seed: 1))
        _ = replica.arrived("a", at: at(0), using: &random)
        _ = replica.arrived("b", at: at(0), using: &random)
        guard case .rejected = replica.arrived("c", at: at(0), using: &random) else {
            Issue.record("the request was not rejected")
            return
        }
    }

    @Test func whoeverLeftTheLineIsNotStarted() {
        var (replica, random) = (replica(workers: 1, queue: 2), SeededRandom(seed: 1))
        _ = replica.arrived("a", at: at(0), using: &random)
        guard case .queued(let place) = replica.arrived("b", at: at(1), using: &random) else {
            Issue.record("the request did not wait")
            return
        }
        _ = replica.arrived("c", at: at(2), using: &random)
        #expect(replica.left(place) == true)
        #expect(replica.left(place) == false)
        #expect(replica.finished(at: at(10))?.ticket == "c")
        #expect(replica.finished(at: at(20)) == nil)
        #expect(replica.busy == 0)
    }

    @Test func extraTimeKeepsTheWorkerBusyLonger() {
        var (replica, random) = (replica(workers: 1, queue: 0), SeededRandom(seed: 1))
        guard case .started(let until) = replica.arrived("a", at: at(0), extra: .milliseconds(7), using: &random)
        else {
            Issue.record("the request did not start")
            return
        }
        #expect(until == at(17))
    }

    /// A timer that fires late is told of by the time that was due; a request that came in between starts no earlier
    /// than it came.
    @Test func aLateTimerDoesNotStartARequestBeforeItArrived() {
        var (replica, random) = (replica(workers: 1, queue: 5), SeededRandom(seed: 1))
        _ = replica.arrived("a", at: at(0), using: &random)
        _ = replica.arrived("b", at: at(12), using: &random)
        #expect(replica.finished(at: at(10))?.until == at(22))
    }

    @Test func theNthRequestMeetsTheSameTimeWhateverBecameOfTheOthers() {
        let time = TimeDistribution.exponential(mean: .milliseconds(10))
        var (roomy, cramped) = (
            Replica<Int>(workers: 100, queue: 0, time: time), Replica<Int>(workers: 1, queue: 0, time: time)
        )
        var (one, other) = (SeededRandom(seed: 5), SeededRandom(seed: 5))
        for number in 0..<50 {
            _ = roomy.arrived(number, at: at(0), using: &one)
            _ = cramped.arrived(number, at: at(0), using: &other)
        }
        #expect(one.next() == other.next())
    }

    @Test func finishingWhatNobodyBeganIsAMistakeOfTheCaller() async {
        await #expect(processExitsWith: .failure) {
            var replica = Replica<Int>(workers: 1, queue: 0, time: .constant(.zero))
            _ = replica.finished(at: Instant(nanoseconds: 1))
        }
    }

    /// The rules that hold after every event, over random histories.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func workersAndLineKeepTheirBounds(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let workers = Int.random(in: 1...4, using: &random)
        let queue = Int.random(in: 0...5, using: &random)
        var replica = Replica<Int>(workers: workers, queue: queue, time: .constant(.milliseconds(1)))
        var lastStarted = -1
        for number in 0..<200 {
            let now = at(Int64(number))
            if Bool.random(using: &random) {
                switch replica.arrived(number, at: now, using: &random) {
                case .started:
                    #expect(replica.waiting == 0, "nobody is passed by")
                    lastStarted = number
                case .queued: #expect(replica.busy == workers, "nobody waits for an idle worker")
                case .rejected: #expect(replica.waiting == queue, "nobody is turned away while there is room")
                }
            } else if replica.busy > 0, let next = replica.finished(at: now) {
                #expect(next.ticket > lastStarted, "first come, first served")
                lastStarted = next.ticket
            }
            #expect((0...workers).contains(replica.busy))
            #expect((0...queue).contains(replica.waiting))
        }
    }
}
