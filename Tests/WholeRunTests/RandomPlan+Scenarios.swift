extension PlanDraw {
    /// A scenario as lines of YAML; its first step is always there.
    mutating func scenario(_ name: String, _ index: Int, _ shape: PlanShape) -> [String] {
        var lines = ["  \(name):", "    weight: \(number(1...5))"]
        if chance(20) { lines.append("    think: \(distribution(upTo: 5))") }
        if chance(40) { lines.append("    on-failure: continue") }
        lines.append("    steps:")
        lines.append("      - \(request("first", shape))")
        for _ in 0..<number(0...3) { lines.append("      - \(item(shape, depth: 0))") }
        return lines
    }

    /// A step of any kind, in braces.
    private mutating func item(_ shape: PlanShape, depth: Int) -> String {
        guard depth < 2 else { return request(nil, shape) }
        func inner(_ draw: inout PlanDraw) -> String {
            (0..<draw.number(1...3)).map { _ in draw.item(shape, depth: depth + 1) }.listed
        }
        switch number(0...11) {
        case 0: return "{ think: \(time(0...8)) }"
        case 1: return "{ repeat: \(one(of: ["2", "1 to 3"])), steps: \(inner(&self)) }"
        case 2: return "{ repeat: 3, while: status != 200, steps: \(inner(&self)) }"
        case 3, 4: return "{ parallel: \(inner(&self)) }"
        case 5:
            serial += 1
            let kind = one(of: ["group", "transaction"])
            return "{ \(kind): part\(serial), steps: \(inner(&self)) }"
        case 6: return "{ if: status == 200, steps: \(inner(&self)), else: \(inner(&self)) }"
        // Branches share their values: one that draws changes what the others expect.
        case 7 where !shape.isStrict: return "{ next: [user, ids] }"
        default: return request(nil, shape)
        }
    }

    private mutating func request(_ name: String?, _ shape: PlanShape) -> String {
        var map = PlanMap()
        if let name { map.add("name", name) }
        let method = one(of: ["get", "get", "get", shape.isStrict ? "get" : "head", "post", "put", "delete"])
        let path = one(of: shape.isStrict ? ["/users/{{user}}"] : ["/a", "/b", "/users/{{user}}", "/c?x={{user}}"])
        map.add(method, "\"\(path)\"")
        if ["post", "put"].contains(method), chance(60) { map.add("json", "{ user: \"{{user}}\" }") }
        let isKeyed = shape.shard != nil && chance(50)
        if isKeyed { map.add("key", "\"{{user}}\"") }
        let isScattered = shape.shard != nil && !isKeyed
        if isScattered, chance(40) { map.add("batch", "ids") }
        if isScattered, chance(40) { map.add("gather", "{ total: { sum: $.id } }") }
        if chance(25) { map.add("timeout", time(1...60)) }
        if chance(15) { map.add("retry", one(of: ["none", "all"])) }
        if chance(20) { map.add("fallback", "{ status: 200, json: { id: 1, items: [] } }") }
        if shape.isStrict {
            map.add("expect", "{ body: { json: { $.path: \"/users/{{user}}\" } } }")
        } else if chance(20) {
            map.add("expect", one(of: ["{ latency: < 100ms }", "{ status: 200 }", "{ status: [2xx, 429] }"]))
        }
        if !isScattered, chance(20) { map.add("extract", "{ v\(number(0...3)): { json: $.id, default: none } }") }
        if chance(15) { map.add("think", time(0...6)) }
        if chance(10) { map.add("count", "{ orders: 1 }") }
        if chance(10) { map.add("if", "status == 200 or user") }
        return map.text
    }
}
