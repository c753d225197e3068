extension PlanDraw {
    /// The lab as lines of YAML: one service, with all that can happen to it.
    mutating func lab(_ shape: PlanShape) -> [String] {
        var lines = ["lab:", "  services:", "    shop:", "      replicas: \(shape.replicas)"]
        if shape.isSpread { lines.append("      listen: each") }
        lines.append("      workers: \(number(1...6))")
        lines.append("      queue: \(one(of: [0, 1, 3, 10, 100]))")
        if chance(30) { lines.append("      order: lifo") }
        if chance(30) { lines.append("      serves-abandoned: true") }
        lines.append("      time: \(distribution(upTo: 8))")
        if chance(30) { lines.append("      connection: \(time(0...3))") }
        if chance(20) { lines.append("      optimistic: true") }
        if shape.isStrict || chance(40) {
            lines.append("      answer: echo")
        } else {
            lines.append("      body: \(number(0...200))B")
        }
        if chance(30) { lines.append("      reports-load: true") }
        if chance(40) {
            lines.append("      network: { delay: \(distribution(upTo: 2)), loss: \(one(of: [0, 0, 1, 10]))% }")
        }
        if chance(60) { lines.append("      faults: \((0..<number(1...4)).map { _ in fault(shape) }.listed)") }
        if chance(60) { lines.append("      episodes: \((0..<number(1...4)).map { _ in episode(shape) }.listed)") }
        return lines
    }

    private mutating func fault(_ shape: PlanShape) -> String {
        var map = PlanMap()
        let bad = [
            "status", "status", "status", "reset", "reset", "reset-in-body", "close", "stall", "stall-in-body",
            "truncate", "truncate-headers", "truncate-chunked", "truncate-gzip", "corrupt-gzip", "bad-status-line",
            "bad-header", "bad-content-length", "bad-chunk", "oversized-header", "oversized-headers", "tls-stall",
            "close-on-accept",
        ]
        // Answers that are good and say nothing of what was asked.
        let mute = ["delay", "trickle", "redirect-loop", "redirect", "close-after", "gzip-bomb"]
        let fault = one(of: shape.isStrict ? bad : bad + mute)
        let strikesConnections = ["tls-stall", "close-on-accept"].contains(fault)
        map.add("fault", fault)
        map.add("share", "\(one(of: [1, 5, 20, 50, 100]))%")
        switch fault {
        case "status":
            map.add("status", "\(one(of: [404, 409, 429, 500, 502, 503, 504] + (shape.isStrict ? [] : [200, 302])))")
        case "delay": map.add("by", time(1...20))
        case "gzip-bomb": map.add("bytes", "100kB")
        case "oversized-header", "oversized-headers": map.add("bytes", "400kB")
        case "trickle": map.add("every", one(of: ["1ms", "10ms"]))
        case "redirect": map.add("to", "/elsewhere")
        default: break
        }
        if chance(30), !strikesConnections { map.add("path", one(of: ["/a", "/users", "/health"])) }
        if chance(40) { map.add("at", time(0...150)) }
        if chance(40) { map.add("for", time(1...100)) }
        if !strikesConnections || shape.isSpread, chance(30) { map.add("replicas", replicas(shape)) }
        return map.text
    }

    private mutating func replicas(_ shape: PlanShape) -> String {
        let first = number(0...shape.replicas - 1)
        return chance(50) ? "\(first)" : "\(first) to \(number(first...shape.replicas - 1))"
    }

    private mutating func episode(_ shape: PlanShape) -> String {
        var map = PlanMap()
        let lasts = number(1...40)
        let kind = one(of: ["slow", "time", "pause", "outage", "outage", "cold-start", "workers", "restart"])
        var carriesLength = false
        switch kind {
        case "slow": map.add(kind, one(of: ["1.5x", "3x", "10x"]))
        case "cold-start": map.add(kind, one(of: ["3x", "10x"]))
        case "time": map.add(kind, distribution(upTo: 20))
        case "workers": map.add(kind, "\(number(1...8))")
        default:
            map.add(kind, "\(10 * lasts)ms")
            carriesLength = true
        }
        map.add("at", time(0...200))
        let isPeriodic = chance(40)
        if kind == "restart" {
            map.add("every", time(1...60))
        } else {
            if !carriesLength, isPeriodic || kind == "cold-start" || chance(50) { map.add("for", "\(10 * lasts)ms") }
            if isPeriodic { map.add("every", "\(10 * (lasts + number(1...40)))ms") }
        }
        if chance(50) { map.add("replicas", replicas(shape)) }
        if shape.isSpread, ["outage", "restart"].contains(kind), chance(40) { map.add("announced", "true") }
        return map.text
    }
}
