import Core
import Engine
import Policies
import Testing

extension PlanRun {
    /// Runs a client with policies; by default it sends ten calls per second for a second.
    /// - Parameters:
    ///   - client: the keys of `client:`.
    ///   - endpoints: how many there are, `10.0.0.1:80` and so on; 0 for the target alone.
    ///   - extra: more keys of the plan.
    ///   - stopAt: pulls the switch so long after the start of the run.
    ///   - changes: what the source of the endpoints says later.
    @discardableResult
    static func of(
        client: String, endpoints count: Int = 0, load: String = "{ rate: 10/s, for: 1s }",
        steps: String = "{ get: / }",
        scenario: String = "on-failure: continue", extra: String = "", seed: UInt64 = 1, stopAt: Span? = nil,
        changes: [(Span, [Endpoint]?)] = [], target: ScriptedTarget, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PlanRun {
        let list = (0..<count).map { Endpoint.numbered($0).address }.joined(separator: ", ")
        return try of(
            client: client, endpointList: count > 0 ? "[\(list)]" : nil, load: load, steps: steps, scenario: scenario,
            extra: extra, seed: seed, stopAt: stopAt, changes: changes, target: target, sourceLocation: sourceLocation)
    }

    /// The same with endpoints as the plan writes them.
    @discardableResult
    static func of(
        client: String, endpointList: String?, load: String = "{ rate: 10/s, for: 1s }", steps: String = "{ get: / }",
        scenario: String = "on-failure: continue", extra: String = "", seed: UInt64 = 1, stopAt: Span? = nil,
        changes: [(Span, [Endpoint]?)] = [], target: ScriptedTarget, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> PlanRun {
        try of(
            """
            client: { \(client) }
            \(endpointList.map { "endpoints: \($0)" } ?? "")
            \(extra)
            load: [\(load)]
            scenarios:
              main:
                \(scenario)
                steps: [\(steps)]
            """, seed: seed, stopAt: stopAt, changes: changes, target: target, sourceLocation: sourceLocation)
    }
}

extension Endpoint {
    /// The endpoint that has that place when a plan has so many: `10.0.0.1:80` for place 0.
    static func numbered(_ place: Int, weight: Int = 1) -> Endpoint {
        Endpoint(host: "10.0.\((place + 1) >> 8).\((place + 1) & 255)", port: 80, weight: weight)
    }

    static func numbered(_ places: some Sequence<Int>) -> [Endpoint] { places.map { numbered($0) } }
}

extension ScriptedTarget {
    /// Answers by the place that is asked; places without a script answer well after 10 ms.
    static func places(_ scripts: [Int: @Sendable (SentRequest) -> Reply]) -> ScriptedTarget {
        .answering { _, request in scripts[request.place]?(request) ?? Reply(after: .milliseconds(10)) }
    }

    /// Answers attempt by attempt, the last reply for all that follow.
    static func inTurn(_ replies: Reply...) -> ScriptedTarget {
        .answering { number, _ in replies[min(number, replies.count - 1)] }
    }
}

extension Reply {
    /// A good answer after 10 ms.
    static let good = Reply(after: .milliseconds(10))
    /// 500 after a millisecond: the black hole.
    static let failing = Reply(after: .milliseconds(1), status: 500)
    static let unavailable = Reply(after: .milliseconds(1), status: 503)
    /// Nobody listens.
    static let refused = Reply(after: .milliseconds(1), failure: .connect_refused)
    static let reset = Reply(after: .milliseconds(1), failure: .reset)
}
