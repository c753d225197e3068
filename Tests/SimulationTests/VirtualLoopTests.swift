import Core
import Glibc
import Loops
import Testing

@Suite("The virtual loop and its sources")
struct VirtualLoopTests {
    /// Notes when it was called.
    final class Source: VirtualSource, @unchecked Sendable {
        let name: String
        let log: Log
        var due: [Instant]

        init(_ name: String, _ log: Log, due: [Instant]) {
            (self.name, self.log, self.due) = (name, log, due)
        }

        var next: Instant { due.first ?? .never }

        func run(at now: Instant) {
            while let first = due.first, first <= now {
                due.removeFirst()
                log.entries.append("\(name) \(now.nanoseconds)")
            }
        }
    }

    final class Log: @unchecked Sendable {
        var entries: [String] = []
    }

    static func at(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

    @Test("the clock jumps to the earliest of all; at one instant sleepers come first, then sources as attached")
    func order() {
        let (loop, log) = (VirtualLoop(), Log())
        loop.attach(Source("a", log, due: [Self.at(50), Self.at(100)]))
        loop.attach(Source("b", log, due: [Self.at(70), Self.at(100)]))
        loop.run {
            _ = await loop.sleep(until: Self.at(60), in: SleepGroup(id: 1))
            log.entries.append("sleeper \(loop.now.nanoseconds)")
            _ = await loop.sleep(until: Self.at(100), in: SleepGroup(id: 1))
            log.entries.append("sleeper \(loop.now.nanoseconds)")
            _ = await loop.sleep(until: Self.at(101), in: SleepGroup(id: 1))
        }
        #expect(log.entries == ["a 50", "sleeper 60", "b 70", "sleeper 100", "a 100", "b 100"])
    }

    @Test("whoever waits for a turn waits for what is due now, and not for the clock")
    func turns() {
        let (loop, log) = (VirtualLoop(), Log())
        loop.attach(Source("a", log, due: [Self.at(1), Self.at(2)]))
        loop.run {
            await loop.nextTurn()
            log.entries.append("turn \(loop.now.nanoseconds)")
        }
        #expect(log.entries == ["a 1", "turn 1"])
    }

    @Test("another thread may interrupt: what it wants is done on the loop")
    func interrupt() {
        let loop = VirtualLoop()
        let group = SleepGroup(id: 1)
        let isWoken = loop.run {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(loop).toOpaque()
            pthread_create(
                &thread, nil,
                { context in
                    let loop = Unmanaged<VirtualLoop>.fromOpaque(context!).takeRetainedValue()
                    loop.interrupt { loop.wake(SleepGroup(id: 1)) }
                    return nil
                }, context)
            pthread_join(thread, nil)
            return !(await loop.sleep(until: Self.at(1_000_000), in: group))
        }
        #expect(isWoken)
        #expect(loop.now < Self.at(1_000_000))
    }

    @Test("shuffled, what is due at once comes in any order, the same for one seed")
    func shuffle() {
        func order(_ seed: UInt64) -> [Int] {
            let loop = VirtualLoop(shuffle: SeededRandom(seed: seed))
            return loop.run {
                await withTaskGroup(of: Int.self) { tasks in
                    for number in 0..<8 {
                        tasks.addTask(executorPreference: loop.taskExecutor) {
                            _ = await loop.sleep(until: Self.at(50), in: SleepGroup(id: 1))
                            return number
                        }
                    }
                    return await tasks.reduce(into: []) { $0.append($1) }
                }
            }
        }
        #expect(order(1) == order(1))
        #expect(Set((0..<20).map { order($0) }).count > 10)
        #expect(order(3).sorted() == Array(0..<8))
    }
}
