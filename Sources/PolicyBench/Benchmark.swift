import CAllocations
import CLinux
import Core

/// One thing to measure: a loop over so many decisions, on a state of its own.
struct Benchmark {
    /// Makes that many decisions.
    /// - Returns: a number that depends on what came out of all of them, so that none can be left out.
    typealias Loop = (_ count: Int) -> Int

    let name: String
    /// How many endpoints there are; 1 for a policy that does not know them.
    let endpoints: Int
    /// Makes a fresh state, and the loop over it.
    let prepare: () -> Loop

    init(_ name: String, endpoints: Int = 1, prepare: @escaping () -> Loop) {
        self.name = name
        self.endpoints = endpoints
        self.prepare = prepare
    }

    /// What one decision costs.
    struct Cost {
        /// Nanoseconds of CPU time per decision, of each round, ascending.
        var rounds: [Double]
        /// Calls for memory per decision.
        var allocations: Double
        /// What came out.
        var sum: Int

        var median: Double { rounds[rounds.count / 2] }
    }

    /// Decisions over which allocations are counted.
    private static let counted = 100_000

    /// - Parameters:
    ///   - rounds: at least 1.
    ///   - milliseconds: how long a round is to take, about.
    func measure(rounds: Int, milliseconds: Int) -> Cost {
        let loop = prepare()
        // Steady state: windows are full, arrays have their size.
        var sum = loop(Self.counted)
        let before = gale_allocations()
        sum &+= loop(Self.counted)
        let allocations = gale_allocations() - before

        var count = 1_000
        while Self.nanoseconds({ sum &+= loop(count) }) < Int64(milliseconds) * 500_000 { count *= 2 }
        let times = (0..<rounds).map { _ in
            // CPU time of this thread: what others do on the machine is not charged to it.
            Double(Self.nanoseconds { sum &+= loop(count) }) / Double(count)
        }
        return Cost(rounds: times.sorted(), allocations: Double(allocations) / Double(Self.counted), sum: sum)
    }

    /// Whether a call for memory is seen: else every count would be 0, and mean nothing.
    static func countsAllocations() -> Bool {
        let before = gale_allocations()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
        memory.deallocate()
        return withExtendedLifetime(memory) { gale_allocations() > before }
    }

    private static func nanoseconds(_ body: () -> Void) -> Int64 {
        let start = gale_thread_cpu()
        body()
        return gale_thread_cpu() - start
    }
}

extension Benchmark {
    /// One line of JSON.
    func line(_ cost: Cost) -> String {
        func number(_ value: Double, _ digits: Int) -> String { value.fixed(digits) }
        return "{\"name\": \"\(name)\", \"endpoints\": \(endpoints), \"nanoseconds\": \(number(cost.median, 1)), "
            + "\"least\": \(number(cost.rounds[0], 1)), \"most\": \(number(cost.rounds[cost.rounds.count - 1], 1)), "
            + "\"allocations\": \(number(cost.allocations, 5)), \"sum\": \(cost.sum)}"
    }
}
