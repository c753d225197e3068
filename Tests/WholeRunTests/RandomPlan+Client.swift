extension PlanDraw {
    /// The policies of the client, each there or not.
    mutating func client(_ shape: PlanShape) -> String {
        var map = PlanMap()
        map.add("clients", "\(one(of: [1, 1, 1, 2, 3]))")
        if shape.isBounded { map.add("in-flight", "\(number(1...30))") }
        if chance(15) { map.add("redirects", "\(number(1...3))") }
        if chance(10) { map.add("cookies", "true") }
        if chance(20) { map.add("decompress", "true") }
        map.add("timeout", timeout())
        if chance(60) { map.add("balance", balance()) }
        if let shard = shape.shard { map.add("shard", self.shard(shard, shape)) }
        if chance(40) { map.add("health", health()) }
        if chance(60) { map.add("retry", retry()) }
        if chance(45) { map.add("hedge", hedge()) }
        if chance(45) { map.add("breaker", breaker()) }
        if chance(20) { map.add("throttle", "{ k: \(one(of: ["1.1", "2"])), window: \(time(10...200)) }") }
        if chance(50) { map.add("bulkhead", bulkheads(shape)) }
        if chance(45) { map.add("pool", pool()) }
        return map.text
    }

    private mutating func timeout() -> String {
        var map = PlanMap()
        // None is longer than what it is a part of.
        var longest = number(5...200)
        map.add("total", "\(10 * longest)ms")
        if chance(50) {
            longest = number(1...min(50, longest))
            map.add("attempt", "\(10 * longest)ms")
        }
        if chance(50) { map.add("connect", time(1...min(50, longest))) }
        if chance(25) {
            map.add(
                "adaptive",
                "{ percentile: \(one(of: ["p50", "p95"])), factor: \(one(of: ["1.5", "2"])), least: \(time(1...5)), "
                    + "most: \(time(10...50)), window: \(time(10...100)), minimum: \(number(1...10)) }")
        }
        return map.text
    }

    private mutating func balance() -> String {
        var map = PlanMap()
        let rule = one(of: [
            "round-robin", "weighted-round-robin", "least-connections", "least-request", "p2c", "peak-ewma", "random",
            "load-report",
        ])
        map.add("rule", rule)
        if rule == "least-request", chance(50) { map.add("choices", "\(number(2...4))") }
        if rule != "round-robin", chance(20) { map.add("slow-start", time(1...100)) }
        if chance(40) { map.add("panic", one(of: ["0%", "30%", "100%"])) }
        if rule == "peak-ewma", chance(50) { map.add("decay", time(1...100)) }
        return map.text
    }

    private mutating func shard(_ rule: String, _ shape: PlanShape) -> String {
        var map = PlanMap()
        map.add("by", rule)
        switch rule {
        case "range": map.add("bounds", (0..<shape.replicas - 1).map { "\(10 * $0 + 5)" }.listed)
        case "ring": map.add("nodes", "\(number(1...20))")
        case "maglev": map.add("table", "503")
        default: break
        }
        if ["ring", "maglev", "rendezvous"].contains(rule), chance(40) { map.add("bound", "1.25") }
        return map.text
    }

    private mutating func health() -> String {
        var map = PlanMap()
        if chance(60) {
            let interval = number(2...30)
            map.add(
                "check",
                "{ path: /health, interval: \(10 * interval)ms, timeout: \(time(1...interval)), "
                    + "unhealthy: \(number(1...3)), healthy: \(number(1...3)) }")
        }
        if chance(60) || map.isEmpty {
            map.add(
                "outliers",
                "{ consecutive: \(one(of: ["none", "1", "2", "3"])), interval: \(time(2...50)), ejection: \(time(1...50)), "
                    + "most: \(one(of: [10, 50, 100]))%, deviations: \(one(of: ["none", "1"])), deviation-hosts: 2, "
                    + "deviation-volume: 2, failures: \(one(of: ["none", "50%"])), failure-hosts: 2, failure-volume: 2 }"
            )
        }
        return map.text
    }

    private mutating func retry() -> String {
        var map = PlanMap()
        map.add("attempts", "\(number(2...5))")
        if chance(50) {
            var conditions = some(of: ["connect", "reset", "timeout", "5xx", "gateway", "429"])
            if conditions.contains("429") { conditions.append("409") }
            map.add("on", conditions.listed)
        }
        let jitter = one(of: ["none", "none", "none", "full", "equal", "decorrelated", "added", "proportional"])
        map.add("backoff", "{ base: \(time(1...5)), cap: \(time(5...20)), jitter: \(jitter) }")
        switch number(0...4) {
        case 0: map.add("budget", "none")
        case 1: map.add("budget", "{ ratio: \(number(1...100))%, per-second: \(number(1...10)) }")
        case 2: map.add("budget", "{ tokens: \(number(1...10)), ratio: 0.5 }")
        case 3: map.add("budget", "{ share: \(number(1...100))%, least: \(number(0...3)) }")
        default: break
        }
        if chance(30) { map.add("retry-after", "false") }
        if chance(50) { map.add("methods", "all") }
        return map.text
    }

    private mutating func hedge() -> String {
        let after = chance(80) ? time(1...10) : one(of: ["p50", "p95"])
        return "{ after: \(after), most: \(number(1...4)), budget: \(one(of: [5, 50, 100]))%, "
            + "methods: \(one(of: ["safe", "all"])) }"
    }

    private mutating func breaker() -> String {
        var map = PlanMap()
        map.add("per", one(of: ["endpoint", "step"]))
        switch number(0...2) {
        case 0: map.add("failures", "\(number(1...5))")
        default:
            map.add("failure-rate", "\(number(10...100))%")
            if chance(40) {
                map.add("slow-rate", "\(number(10...100))%")
                map.add("slow", time(1...20))
            }
            if chance(50) {
                map.add("window", time(5...100))
                map.add("minimum", "\(number(1...10))")
            } else {
                map.add("window", "\(number(1...20)) calls")
                map.add("minimum", "1")
            }
        }
        map.add("open", time(1...50))
        map.add("successes", "\(number(1...3))")
        return map.text
    }

    private mutating func bulkheads(_ shape: PlanShape) -> String {
        func limits(_ draw: inout PlanDraw) -> String {
            "running: \(draw.number(1...6)), queue: \(draw.number(0...8)), wait: \(draw.time(1...30))"
        }
        var list: [String] = []
        if chance(60) { list.append("{ \(limits(&self)) }") }
        if chance(50) { list.append("{ per: endpoint, \(limits(&self)) }") }
        if chance(50) || list.isEmpty {
            list.append("{ name: few, steps: \(some(of: shape.firstSteps).listed), \(limits(&self)) }")
        }
        return list.listed
    }

    private mutating func pool() -> String {
        var map = PlanMap()
        if chance(50) { map.add("connections", "\(number(1...12))") }
        if chance(60) { map.add("per-endpoint", "\(number(1...5))") }
        if chance(70) { map.add("pending", "\(number(0...10))") }
        map.add("wait", time(1...30))
        if chance(40) { map.add("opening", "\(number(1...2))") }
        if chance(30) { map.add("idle", time(1...20)) }
        if chance(30) { map.add("lifetime", time(2...50)) }
        if chance(20) { map.add("requests", "\(number(1...5))") }
        return map.text
    }
}
