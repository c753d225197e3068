import Core
import Policies

extension PolicyBench {
    /// Pick, begin and end of an attempt, with 50 in flight all the time.
    static func balancing(_ endpoints: Int) -> [Benchmark] {
        let rules: [(String, BalanceSettings.Rule)] = [
            ("round-robin", .roundRobin), ("weighted-round-robin", .weightedRoundRobin),
            ("least-connections", .leastConnections), ("p2c", .leastRequest(choices: 2)),
            ("least-request of 5", .leastRequest(choices: 5)), ("peak-ewma", .peakEWMA), ("random", .random),
        ]
        var all: [Benchmark] = []
        for (name, rule) in rules {
            for situation in Situation.allCases where rule != .roundRobin || situation != .weights {
                all.append(
                    Benchmark("balance \(name)\(situation.words)", endpoints: endpoints) {
                        balancer(BalanceSettings(rule), endpoints, situation)
                    })
            }
        }
        var reported = BalanceSettings(.weightedRoundRobin)
        reported.weights = .header("endpoint-load-metrics")
        all.append(
            Benchmark("balance load-report", endpoints: endpoints) { reportingBalancer(reported, endpoints) })
        all.append(Benchmark("load report, text") { reportReader(json: false) })
        all.append(Benchmark("load report, JSON") { reportReader(json: true) })
        return all
    }

    enum Situation: CaseIterable {
        /// Equal weights, all available, first attempts.
        case plain
        case weights
        /// Second attempts: one place was tried.
        case tried
        /// Four of ten are available.
        case panic

        var words: String {
            switch self {
            case .plain: ""
            case .weights: ", weights"
            case .tried: ", one tried"
            case .panic: ", panic"
            }
        }
    }

    private static func balancer(
        _ settings: BalanceSettings, _ endpoints: Int, _ situation: Situation
    ) -> Benchmark.Loop {
        let inputs = Inputs()
        var (balancer, random, ticks) = (Balancer(settings), SeededRandom(seed: 1), Ticks())
        balancer.setMembers(
            (0..<endpoints).map { Balancer.Member(place: $0, weight: situation == .weights ? 1 + $0 % 5 : 1) },
            at: ticks.now, using: &random)
        if situation == .panic {
            for place in 0..<endpoints where place % 10 >= 4 { balancer.setAvailable(place, false, at: ticks.now) }
        }
        var underWay = [Int](repeating: 0, count: 64)
        var tried = situation == .tried ? [0] : []
        for place in 0..<50 { balancer.began(place % endpoints, at: ticks.now) }
        for index in 14..<64 { underWay[index] = (index - 14) % endpoints }
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                guard let pick = balancer.pick(tried: tried, at: ticks.now, using: &random) else { continue }
                balancer.began(pick.place, at: ticks.now)
                let slot = ticks.count & 63
                let done = underWay[(slot &+ 14) & 63]
                underWay[slot] = pick.place
                if !tried.isEmpty { tried[0] = pick.place }
                balancer.ended(
                    done, at: ticks.now, latency: inputs.latency(ticks.count), failed: inputs.failed(ticks.count))
                sum &+= pick.place
            }
            return sum
        }
    }

    /// The same with a report in each answer.
    private static func reportingBalancer(_ settings: BalanceSettings, _ endpoints: Int) -> Benchmark.Loop {
        let inputs = Inputs()
        var (balancer, random, ticks) = (Balancer(settings), SeededRandom(seed: 1), Ticks())
        balancer.setMembers((0..<endpoints).map { Balancer.Member(place: $0) }, at: ticks.now, using: &random)
        return { count in
            var sum = 0
            for _ in 0..<count {
                ticks.next()
                guard let pick = balancer.pick(at: ticks.now, using: &random) else { continue }
                balancer.began(pick.place, at: ticks.now)
                let latency = inputs.latency(ticks.count)
                balancer.ended(pick.place, at: ticks.now, latency: latency, failed: false)
                balancer.report(
                    pick.place, LoadReport(utilisation: latency.seconds * 10, requestsPerSecond: 100), at: ticks.now)
                sum &+= pick.place
            }
            return sum
        }
    }

    private static func reportReader(json: Bool) -> Benchmark.Loop {
        var random = SeededRandom(seed: 1)
        let texts = (0..<256).map { _ in
            let (used, rate) = (random.nextUnit().fixed(4), (1_000 * random.nextUnit()).fixed(2))
            return json
                ? "JSON {\"cpu_utilization\": \(used), \"mem_utilization\": 0.31, \"rps_fractional\": \(rate)}"
                : "TEXT cpu_utilization=\(used), mem_utilization=0.31, rps_fractional=\(rate)"
        }
        var next = 0
        return { count in
            var sum = 0
            for _ in 0..<count {
                next &+= 1
                guard let report = LoadReport(texts[next & 255].utf8) else { continue }
                sum &+= Int(report.utilisation * 1_000)
            }
            return sum
        }
    }
}
