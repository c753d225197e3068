import Core
import Policies

extension PolicyBench {
    /// The shard of a key of 16 bytes.
    static func sharding(_ endpoints: Int) -> [Benchmark] {
        let bounds = (1..<max(endpoints, 2)).map { 1_000_000_000_000_000 + $0 * (9_000_000_000_000_000 / endpoints) }
        let rules: [(String, ShardSettings.Rule)] = [
            ("range", .range(bounds: endpoints > 1 ? bounds : [])), ("hash", .modulo), ("ring", .ring(nodes: 150)),
            ("maglev", .maglev(size: 65_537)), ("rendezvous", .rendezvous),
        ]
        var all = rules.map { name, rule in
            Benchmark("shard \(name)", endpoints: endpoints) {
                sharder(ShardSettings(rule), endpoints, hasWeights: false)
            }
        }
        all.append(
            Benchmark("shard rendezvous, weights", endpoints: endpoints) {
                sharder(ShardSettings(.rendezvous), endpoints, hasWeights: true)
            })
        for (name, rule) in rules.suffix(3) {
            var settings = ShardSettings(rule)
            settings.bound = 1.25
            all.append(
                Benchmark("shard \(name), bounded", endpoints: endpoints) {
                    boundedSharder(settings, endpoints)
                })
        }
        return all
    }

    private static func shards(_ count: Int, hasWeights: Bool) -> [Sharder.Shard] {
        (0..<count).map {
            Sharder.Shard(place: $0, id: "10.0.\($0 / 250).\($0 % 250):8443", weight: hasWeights ? 1 + $0 % 5 : 1)
        }
    }

    private static func sharder(_ settings: ShardSettings, _ endpoints: Int, hasWeights: Bool) -> Benchmark.Loop {
        let inputs = Inputs()
        var sharder = Sharder(settings)
        sharder.setShards(shards(endpoints, hasWeights: hasWeights))
        let isRange = if case .range = settings.rule { true } else { false }
        var next = 0
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                sum &+= sharder.owner(of: isRange ? inputs.number(next) : inputs.key(next)) ?? 0
            }
            return sum
        }
    }

    /// With four calls in flight per endpoint: a fourth of the keys finds its owner full.
    private static func boundedSharder(_ settings: ShardSettings, _ endpoints: Int) -> Benchmark.Loop {
        let inputs = Inputs()
        var sharder = Sharder(settings)
        sharder.setShards(shards(endpoints, hasWeights: false))
        var inFlight = [Int](repeating: 0, count: endpoints)
        var underWay = (0..<(4 * endpoints)).map { $0 % endpoints }
        for place in underWay { inFlight[place] += 1 }
        var (next, slot) = (0, 0)
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                let total = underWay.count
                let place = sharder.place(for: inputs.key(next)) {
                    sharder.hasRoom($0, inFlight: inFlight[$0], of: total)
                }
                guard let place else { continue }
                inFlight[underWay[slot]] &-= 1
                underWay[slot] = place
                inFlight[place] &+= 1
                slot = slot &+ 1 < total ? slot &+ 1 : 0
                sum &+= place
            }
            return sum
        }
    }
}
