import Core
import Flows
import Plans
import Recording

/// Judging a response: its checks, what is taken from it, what it adds to counters.
extension Client {
    /// Why the call failed, nil when it did not; takes what the step wants from the response on the way.
    func judge(
        _ step: ProgramStep, _ attempt: Attempt, _ exchange: Exchange?, _ session: Session, response: Span
    ) -> FailureKind? {
        if let failure = attempt.failure { return failure }
        let rules = step.response
        var failure = step.expect.failure(of: attempt.status)
        if let place = rules.statusCheck {
            note(place, passed: failure == nil, session) { String(attempt.status) }
        }
        guard let exchange else { return failure }
        // After a redirect the answer may be another host's.
        if rules.cookies, attempt.redirects == 0 {
            session.jar?.store(
                from: exchange.responseHeaders, requestPath: step.rendering?.path(of: exchange) ?? [],
                now: wallTime(attempt.end) / 1_000_000_000)
        }
        for index in rules.checks.indices {
            let passed = rules.checks[index].holds(exchange, latency: response, session.variables, scratch: &scratch)
            if let place = rules.place(ofCheck: index) {
                note(place, passed: passed, session) { rules.checks[index].sample(exchange, latency: response) }
            }
            if !passed, failure == nil { failure = .check_failed }
        }
        guard failure == nil else { return failure }
        for index in rules.extractions.indices {
            let found = rules.extractions[index].extraction.read(
                status: attempt.status, exchange, using: &session.random, into: &session.variables)
            if let place = rules.place(ofExtraction: index) {
                note(place, passed: found, session) { Sample.body(exchange) }
            }
            if !found { failure = .check_failed }
        }
        if failure == nil { count(rules.counts, exchange, session) }
        return failure
    }

    private func note(_ place: Int, passed: Bool, _ session: Session, sample: () -> String) {
        if session.warmUp { return }
        if passed {
            recorder.checkPassed(place)
        } else {
            recorder.checkFailed(place) { program.secrets.mask(sample()) }
        }
    }

    /// Adds to the business counters.
    private func count(_ rules: [CountRule], _ exchange: Exchange, _ session: Session) {
        if session.warmUp { return }
        for rule in rules {
            let amount: Double
            switch rule.amount {
            case .constant(let number): amount = number
            case .json(let path):
                path.read(exchange.responseBody, pick: .first, using: &session.random, into: &counted)
                amount = counted.asDouble ?? 0
            case .template(let template):
                scratch.removeAll(keepingCapacity: true)
                guard template.render(session.variables, into: &scratch) == nil else { continue }
                amount = Double(String(decoding: scratch, as: UTF8.self)) ?? 0
            }
            guard amount.isFinite else { continue }
            recorder.count(rule.counter, tags: tags(of: rule, session), amount)
        }
    }

    /// `kind=red,size=5`
    private func tags(of rule: CountRule, _ session: Session) -> String {
        if rule.tags.isEmpty { return "" }
        let tags = rule.tags.map { tag in
            scratch.removeAll(keepingCapacity: true)
            _ = tag.value.render(session.variables, into: &scratch)
            return (name: tag.name, value: program.secrets.mask(String(decoding: scratch, as: UTF8.self)))
        }
        return CounterName.text(of: tags)
    }
}

/// A look at a response for a report.
enum Sample {
    /// Far more than a report shows, so that a secret is masked before the text is cut and no part of it is left.
    private static let enough = 16 << 10

    /// What stands at a path, else the beginning of the body.
    static func value(of path: JSONPath, _ exchange: Exchange) -> String {
        var value = Value.missing
        var random = SeededRandom(seed: 0)
        path.read(exchange.responseBody, pick: .first, using: &random, into: &value)
        return value.isMissing ? "nothing at \(path.text) in \(body(exchange))" : value.text
    }

    /// The beginning of its body.
    static func body(_ exchange: Exchange) -> String {
        String(decoding: exchange.responseBody.prefix(enough), as: UTF8.self)
    }
}

extension ResponseCheck {
    /// What the check saw when it failed.
    func sample(_ exchange: Exchange, latency: Span) -> String {
        switch rule {
        case .latency: "\(latency)"
        case .size: "\(exchange.responseSize) bytes"
        case .header(let name, _):
            exchange.responseHeader(name) ?? "no header \(name)"
        case .json(let path, _): Sample.value(of: path, exchange)
        case .body: Sample.body(exchange)
        }
    }
}
