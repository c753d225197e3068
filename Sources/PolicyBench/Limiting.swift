import Core
import Policies

extension PolicyBench {
    /// Coming in and going out.
    static func limiting(_ endpoints: Int) -> [Benchmark] {
        [
            Benchmark("bulkhead, room") { bulkhead(running: 100, inside: 50) },
            Benchmark("bulkhead, through the queue") { bulkhead(running: 50, inside: 50) },
            Benchmark("pool, room", endpoints: endpoints) { gate(endpoints, perEndpoint: 100) },
            Benchmark("pool, through the queue", endpoints: endpoints) { gate(endpoints, perEndpoint: 1) },
        ]
    }

    /// One leaves, one enters; in a full bulkhead whoever waited longest takes the place, and the newcomer waits.
    private static func bulkhead(running: Int, inside: Int) -> Benchmark.Loop {
        let inputs = Inputs(failing: 0.5)
        var (bulkhead, next) = (Bulkhead(running: running, queue: 1_000), 0)
        for _ in 0..<(inside + 20) { _ = bulkhead.enter() }
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                // Either may come first.
                if inputs.failed(next) {
                    if bulkhead.leave() != nil { sum &+= 1 }
                    if bulkhead.enter() == .admitted { sum &+= 2 }
                } else {
                    if bulkhead.enter() == .admitted { sum &+= 2 }
                    if bulkhead.leave() != nil { sum &+= 1 }
                }
            }
            return sum
        }
    }

    /// One attempt leaves, another enters at a random endpoint, and whoever may go on does.
    private static func gate(_ endpoints: Int, perEndpoint: Int) -> Benchmark.Loop {
        var settings = PoolSettings()
        settings.connections = 1_000
        settings.perEndpoint = perEndpoint
        var (gate, random, next) = (ConnectionGate(settings), SeededRandom(seed: 1), 0)
        // The places of those inside; whoever leaves makes room for who enters.
        var inside: [Int] = []
        inside.reserveCapacity(2_000)
        for place in 0..<endpoints {
            if gate.enter(place, hasIdle: true) == .admitted { inside.append(place) }
        }
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                let last = inside.count - 1
                let index = Int(random.below(UInt64(inside.count)))
                inside.swapAt(index, last)
                sum &+= last
                let leaving = inside.removeLast()
                let place = Int(random.below(UInt64(endpoints)))
                if gate.enter(place, hasIdle: true) == .admitted { inside.append(place) }
                gate.leave(leaving, keeps: true)
                while let turn = gate.next() {
                    inside.append(turn.place)
                    sum &+= 1
                }
            }
            return sum
        }
    }
}
