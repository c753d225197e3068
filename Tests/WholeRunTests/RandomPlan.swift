import Core
import Plans

/// A plan drawn from a seed: a load, steps, policies in any combination, and a lab that misbehaves in every way there is.
struct RandomPlan: CustomStringConvertible {
    var seed: UInt64
    /// YAML.
    let text: String
    /// When the switch is pulled, from before setup on; nil: never.
    let stopsAt: Span?
    /// Whether what is simultaneous runs in a random order.
    let shuffles: Bool
    /// Whether every answer must be that to its own request.
    let isStrict: Bool
    /// When the source of the endpoints says something new; empty: never.
    let changes: [Span]

    init(seed: UInt64) {
        self.seed = seed
        var draw = PlanDraw(seed: seed)
        let shape = PlanShape(&draw)
        var lines = ["target: lab/shop", "load: \(draw.load(shape))"]
        lines.append("client: \(draw.client(shape))")
        if let endpoints = draw.endpoints(shape) { lines.append("endpoints: \(endpoints)") }
        lines.append("data: { user: { integer: 1 to 40 }, ids: { list: [[1, 2, 3], [7], [4, 9, 16, 25]] } }")
        lines.append("scenarios:")
        for (index, name) in shape.scenarios.enumerated() { lines += draw.scenario(name, index, shape) }
        // A setup that fails ends the run: it is seldom there.
        if draw.chance(20) {
            let extract = shape.shard == nil ? ", extract: { token: { json: $.method, default: none } }" : ""
            lines.append("setup: [{ get: /login\(extract) }]")
        }
        if draw.chance(30) { lines.append("teardown: [{ get: /logout }, { delete: /sandbox }]") }
        lines += draw.lab(shape)
        text = lines.joined(separator: "\n") + "\n"
        stopsAt = draw.chance(35) ? draw.span(0...300) : nil
        shuffles = draw.chance(75)
        isStrict = shape.isStrict
        changes = shape.isSpread && draw.chance(40) ? (0..<draw.number(1...8)).map { _ in draw.span(1...300) } : []
    }

    /// A plan written by hand.
    /// - Parameter rest: all but the target and the load.
    init(
        seed: UInt64 = 1, load: String, stopsAt: Span? = nil, shuffles: Bool = false, isStrict: Bool = false,
        changes: [Span] = [],
        _ rest: String
    ) {
        self.seed = seed
        text = "target: lab/shop\nload: [\(load)]\n\(rest)\n"
        (self.stopsAt, self.shuffles, self.isStrict, self.changes) = (stopsAt, shuffles, isStrict, changes)
    }

    /// Where the files of plans are.
    private static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        .joined(separator: "/") + "/Inputs"

    var description: String {
        "seed \(seed)\(stopsAt.map { ", stopped at \($0)" } ?? "")\(shuffles ? ", shuffled" : ""):\n\(text)"
    }

    /// - Throws: `PlanProblems` when the text is no plan.
    func read() throws(PlanProblems) -> Plan {
        try PlanReader.read(
            text: text, file: "plan.yaml", directory: Self.folder,
            abilities: PlanAbilities(http2: true, libcurl: "8.14.1"),
            surroundings: PlanSurroundings()
        ).plan
    }
}

/// What the parts of a plan must agree on.
struct PlanShape {
    /// Whether there are endpoints to choose from, all of them replicas of `shop`.
    let isSpread: Bool
    let replicas: Int
    let shard: String?
    let scenarios: [String]
    /// Whether few arrivals may be under way at once; then there are no users, who would be more.
    let isBounded: Bool
    /// Every good answer says back what was asked, and every step looks whether it is its own.
    let isStrict: Bool
    /// `SCENARIO/STEP`, of steps that are always there.
    var firstSteps: [String] { scenarios.map { "\($0)/first" } }

    init(_ draw: inout PlanDraw) {
        isSpread = draw.chance(75)
        replicas = draw.number(1...5)
        let rules = (replicas > 1 ? ["range"] : []) + ["hash", "ring", "maglev", "rendezvous"]
        shard = isSpread && draw.chance(35) ? draw.one(of: rules) : nil
        isBounded = draw.chance(15)
        isStrict = draw.chance(25)
        scenarios = draw.chance(60) ? ["main"] : ["main", "other"]
    }
}

extension PlanDraw {
    /// One to three phases.
    mutating func load(_ shape: PlanShape) -> String {
        let count = number(1...3)
        return (0..<count).map { index in
            let warmUp = index == 0 && count > 1 && chance(30) ? ", warm-up: true" : ""
            let time = time(10...80)
            let arrivals = chance(30) ? ", arrivals: poisson" : ""
            let rate = one(of: [10, 20, 25, 50, 100])
            switch number(0...(shape.isBounded ? 5 : 9)) {
            case 0, 1: return "{ rate: \(rate)/s, for: \(time)\(arrivals)\(warmUp) }"
            case 2: return "{ rate: \(rate)/s to \(number(10...120))/s, for: \(time)\(arrivals)\(warmUp) }"
            case 3: return "{ rate: \(rate)/s, burst: \(number(2...20)), for: \(time)\(warmUp) }"
            case 4: return "{ replay: replay.csv, speed: \(one(of: ["0.5", "1", "2"])), for: \(time)\(warmUp) }"
            case 5:
                return "{ rate: \(rate)/s, spike: 200/s, at: 50ms, lasts: 100ms, for: 800ms\(warmUp) }"
            case 6:
                return "{ users: \(number(1...12)), count: \(number(1...80)), think: \(self.time(0...10))\(warmUp) }"
            case 7: return "{ users: 1 to \(number(2...15)), for: \(time), think: \(self.time(1...10))\(warmUp) }"
            default: return "{ users: \(number(1...15)), for: \(time), think: \(self.time(1...20))\(warmUp) }"
            }
        }.listed
    }

    mutating func endpoints(_ shape: PlanShape) -> String? {
        guard shape.isSpread else { return nil }
        if chance(50) { return "[lab/shop]" }
        return (0..<shape.replicas).map { replica in
            chance(50)
                ? "lab/shop/\(replica)"
                : "{ address: lab/shop/\(replica), weight: \(number(0...5)) }"
        }.listed
    }
}
