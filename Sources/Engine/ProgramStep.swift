package import Core
import Flows
import Plans

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
    /// Whether a call needs an exchange beside the prepared request.
    let needsExchange: Bool

    /// - Parameters:
    ///   - target: where paths start.
    ///   - cookies: whether users have jars.
    ///   - think: the scenario's pause.
    ///   - checks: where its checks begin in the table of checks; nil for a step whose checks are not counted.
    init(_ step: Step, scenario: String, target: BaseURL, cookies: Bool, think: TimeDistribution?, checks: Int?) {
        self.scenario = scenario
        name = step.name
        rendering = Rendering(step, target: target, cookies: cookies)
        response = ResponseRules(step, cookies: cookies, checks: checks)
        needsExchange = rendering != nil || response.looks
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
        rendering == nil && !response.looks && condition == nil && think == nil
    }

    /// The slots that writing the request and judging the response read.
    static func slots(of step: Step) -> [Int] {
        step.method.slots + step.path.slots + step.headers.flatMap(\.value.slots) + step.cookies.flatMap(\.value.slots)
            + (step.body?.slots ?? []) + (step.condition?.slots ?? []) + step.expect.checks.flatMap(\.slots)
            + step.extractions.flatMap { $0.extraction.standard?.slots ?? [] }
            + step.counts.flatMap { rule in
                rule.tags.flatMap(\.value.slots) + (rule.amount.template?.slots ?? [])
            }
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

    var isSecure: Bool { text.hasPrefix("https://") }
}
