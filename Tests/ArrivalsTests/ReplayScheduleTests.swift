import Arrivals
import Core
import Testing

@Suite("A replay repeats recorded times")
struct ReplayScheduleTests {
    private static func schedule(_ times: [Int64], speed: Double = 1) -> ReplaySchedule {
        ReplaySchedule(times, speed: speed, source: "access.csv")
    }

    /// Times with pauses, and with some arrivals at once.
    private static let recorded: [Int64] = {
        var random = SeededRandom(seed: 3)
        var time: Int64 = 0
        return (0..<10_000).map { _ in
            if random.next() % 4 > 0 { time += Int64(random.next() % 5_000_000) }
            return time
        }
    }()

    @Test("Every arrival comes at its time, in order")
    func order() {
        let schedule = Self.schedule([0, 5, 5, 17])
        #expect(schedule.count == 4)
        #expect(schedule.end == .nanoseconds(17))
        let arrivals = Array(schedule.cursor())
        #expect(arrivals.map(\.n) == [0, 1, 2, 3])
        #expect(arrivals.map(\.offset.nanoseconds) == [0, 5, 5, 17])
        #expect((0..<5).map { schedule.offset(of: $0)?.nanoseconds } == [0, 5, 5, 17, nil])
    }

    @Test("The stripes together are the whole", arguments: [1, 2, 3, 7, 64, 20_000])
    func stripes(width: Int) {
        let schedule = Self.schedule(Self.recorded)
        let parts = (0..<width).map { Array(schedule.cursor(Stripe($0, of: width))) }
        for (index, part) in parts.enumerated() {
            #expect(part.allSatisfy { $0.n % width == index })
            #expect(zip(part, part.dropFirst()).allSatisfy { $0.n < $1.n && $0.offset <= $1.offset })
        }
        let all = parts.joined().sorted { $0.n < $1.n }
        #expect(all.map(\.n) == Array(0..<Self.recorded.count))
        #expect(all.map(\.offset.nanoseconds) == Self.recorded)
    }

    @Test("An exhausted cursor stays exhausted")
    func exhaustion() {
        var cursor = Self.schedule([1]).cursor()
        #expect(cursor.next()?.n == 0)
        #expect(cursor.next() == nil && cursor.next() == nil)
        var beyond = Self.schedule([1]).cursor(Stripe(1, of: 2))
        #expect(beyond.next() == nil && beyond.next() == nil)
    }

    @Test(
        "A speed divides the times, to the nearest nanosecond",
        arguments: [
            (speed: 2.0, times: [Int64(0), 1, 2, 3_000_000_001], due: [Int64(0), 1, 1, 1_500_000_001]),
            (speed: 0.5, times: [0, 1, 3_000_000_001], due: [0, 2, 6_000_000_002]),
            (speed: 3, times: [1_000_000_000], due: [333_333_333]),
            (speed: 1e6, times: [0, 1, 499_999], due: [0, 0, 0]),
            (speed: 0.1, times: [123_456_789], due: [1_234_567_890]),
            (speed: 2, times: [2_592_000_000_000_000], due: [1_296_000_000_000_000]),
            (speed: 1e-6, times: [.max], due: [.max]),
        ])
    func speed(speed: Double, times: [Int64], due: [Int64]) {
        let schedule = Self.schedule(times, speed: speed)
        #expect(schedule.cursor().map(\.offset.nanoseconds) == due)
        #expect(schedule.speed == speed)
    }

    @Test("Whatever the speed, the order stays", arguments: [0.001, 0.3, 0.7, 1.1, 3, 17.3, 99_999])
    func speedKeepsOrder(speed: Double) {
        let offsets = Self.schedule(Self.recorded, speed: speed).cursor().map(\.offset.nanoseconds)
        #expect(offsets.count == Self.recorded.count)
        #expect(zip(offsets, offsets.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(zip(Self.recorded, offsets).allSatisfy { abs(Double($0) / speed - Double($1)) < 0.501 })
    }

    @Test(
        "A cut keeps the arrivals up to its time, and those at it",
        arguments: [(0, 1), (4, 1), (5, 3), (16, 3), (17, 4), (.max, 4)] as [(Int64, Int)])
    func cut(end: Int64, count: Int) {
        let whole = Self.schedule([0, 5, 5, 17])
        let cut = whole.cut(at: .nanoseconds(end))
        #expect(cut.count == count)
        #expect(Array(cut.cursor()) == Array(whole.cursor().prefix(count)))
        #expect(cut.offset(of: count) == nil)
        #expect(cut.cut(at: whole.end) == whole, "a cut is made of the whole recording")
    }

    @Test("A cut before the first arrival leaves none")
    func nothingLeft() {
        let none = Self.schedule([5, 6]).cut(at: .nanoseconds(4))
        #expect(none.count == 0)
        #expect(none.end == .zero)
        #expect(Array(none.cursor()).isEmpty)
    }

    @Test("Arrivals between two times are counted without walking over them")
    func countBetween() {
        let schedule = Self.schedule(Self.recorded).cut(at: .nanoseconds(Self.recorded[9_000]))
        var random = SeededRandom(seed: 4)
        for _ in 0..<200 {
            let ends = [random.next(), random.next()].map { Int64($0 % 20_000_000_000) }.sorted()
            let counted = Self.recorded.prefix(schedule.count).count { ends[0] <= $0 && $0 < ends[1] }
            #expect(schedule.count(from: .nanoseconds(ends[0]), to: .nanoseconds(ends[1])) == counted)
        }
        #expect(schedule.count(from: .nanoseconds(9), to: .nanoseconds(3)) == 0)
    }
}
