package import Core
import Flows
import Plans
import Policies

/// One step made ready to run: what is prepared once, what is written for each call, and what is asked of the response.
package final class ProgramStep: Sendable {
    package let scenario: String
    package let name: String
    /// What the transport prepares. For a step with a rendering it has an empty body where there will be one, and only the
    /// headers that are always the same.
    package let request: Request
    let rendering: Rendering?
    let response: ResponseRules
    let expect: Expectation
    /// The pause after it.
    let think: TimeDistribution?
    let condition: Condition?
    /// Longest time for one of its calls; nil: the client's.
    let timeout: Span?
    /// Whether its calls may be tried again at all, and whether the same request may be sent twice.
    let retries: Bool
    let mayRepeat: Bool
    /// The bulkheads that its calls pass, by place in the client's settings.
    let bulkheads: [Int]
    let fallback: Fallback?
    // What a sharded client needs of it.
    let key: Template?
    let batch: Int?
    let gathers: [Gather]
    /// Whether the client reads a header of every response.
    let readsHeaders: Bool
    /// Whether it has a `traceparent` of its own.
    let namesTrace: Bool
    /// Whether a call needs an exchange beside the prepared request.
    let needsExchange: Bool

    /// - Parameters:
    ///   - target: where paths start.
    ///   - cookies: whether users have jars.
    ///   - think: the scenario's pause.
    ///   - checks: where its checks begin in the table of checks; nil for a step whose checks are not counted.
    init(
        _ step: Step, scenario: String, target: BaseURL, cookies: Bool, think: TimeDistribution?, checks: Int?,
        policies: PolicySettings
    ) {
        self.scenario = scenario
        name = step.name
        rendering = Rendering(step, target: target, cookies: cookies)
        response = ResponseRules(step, cookies: cookies, checks: checks)
        let readsLoad = if case .header = policies.balance.weights { true } else { false }
        readsHeaders = readsLoad
        namesTrace = step.headers.contains { $0.name.lowercased() == "traceparent" }
        needsExchange = rendering != nil || response.looks || readsLoad || step.fallback != nil || !step.gathers.isEmpty
        timeout = step.timeout
        retries = step.retry != StepRetry.none
        mayRepeat =
            step.retry == .allMethods
            || step.method.constant.map { RetryPolicy.isIdempotent(String(decoding: $0, as: UTF8.self)) } ?? false
        bulkheads = policies.bulkheads.indices.filter { policies.bulkheads[$0].holds(step.name, of: scenario) }
        fallback = step.fallback
        (key, batch, gathers) = (step.key, step.batch, step.gathers)
        expect = step.expect
        self.think = step.think ?? think
        condition = step.condition
        request = Self.prepared(step, target: target, rendering: rendering)
    }

    private static func prepared(_ step: Step, target: BaseURL, rendering: Rendering?) -> Request {
        func constant(_ template: Template) -> String? {
            template.constant.map { String(decoding: $0, as: UTF8.self) }
        }
        var headers = step.headers.compactMap { header in
            constant(header.value).map { Header(name: header.name, value: $0) }
        }
        if rendering?.cookies == nil, !step.cookies.isEmpty {
            let pairs = step.cookies.compactMap { cookie in constant(cookie.value).map { "\(cookie.name)=\($0)" } }
            headers.append(Header(name: "Cookie", value: pairs.joined(separator: "; ")))
        }
        return Request(
            method: constant(step.method) ?? "GET",
            url: constant(step.path).map { target.text + $0 } ?? target.text + "/", headers: headers,
            body: step.body.map { $0.constant ?? [] }, compresses: step.compresses)
    }

    /// Whether a call needs nothing of the user who makes it.
    var isPlain: Bool {
        rendering == nil && !needsExchange && condition == nil && think == nil && key == nil && batch == nil
    }

    /// The slots that writing the request, finding its shard, judging the response and doing without one read.
    static func slots(of step: Step) -> [Int] {
        step.method.slots + step.path.slots + step.headers.flatMap(\.value.slots) + step.cookies.flatMap(\.value.slots)
            + (step.body?.slots ?? []) + (step.condition?.slots ?? []) + step.expect.checks.flatMap(\.slots)
            + step.extractions.flatMap { $0.extraction.standard?.slots ?? [] }
            + step.counts.flatMap { rule in
                rule.tags.flatMap(\.value.slots) + (rule.amount.template?.slots ?? [])
            } + (step.key?.slots ?? []) + (step.batch.map { [$0] } ?? []) + (step.fallback?.body?.slots ?? [])
    }
}

extension CountRule.Amount {
    var template: Template? { if case .template(let template) = self { template } else { nil } }
}

/// The target as steps see it: an origin, and a prefix of every path.
package struct BaseURL: Hashable, Sendable {
    /// `https://host:port/prefix`, without a trailing slash.
    package let text: String
    /// `/prefix`, or nothing.
    package let prefix: String

    package init(_ text: String) {
        self.text = text
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        prefix = parts.count > 3 && !parts[3].isEmpty ? "/" + parts[3] : ""
    }

    /// `https://host:port`
    var origin: String { String(text.dropLast(prefix.count)) }

    var isSecure: Bool { text.hasPrefix("https://") }
}

extension BulkheadSettings {
    /// Whether calls of that step pass it; the ones of endpoints are passed by attempts.
    fileprivate func holds(_ step: String, of scenario: String) -> Bool {
        switch scope {
        case .client: true
        case .endpoint: false
        case .steps(let names): names.contains(step) || names.contains("\(scenario)/\(step)")
        }
    }
}
