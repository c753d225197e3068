package import Core

/// What a response must be besides its status: one line of `expect:`.
package struct ResponseCheck: Hashable, Sendable {
    package enum Rule: Hashable, Sendable {
        /// Any of the headers of that name, in letters of either case; `lacks` and `absent` speak of all of them.
        case header(String, TextRule)
        /// The decoded body, as far as it was kept; `equals` and `lacks` need all of it.
        case body(TextRule)
        /// The first value that the path finds.
        case json(JSONPath, JSONRule)
        /// Bytes of the decoded body.
        case size(Comparison, Int)
        /// Response time.
        case latency(Comparison, Span)
    }

    package enum TextRule: Hashable, Sendable {
        case equals(Template), contains(Template), lacks(Template), matches(Pattern), exists, absent
    }

    package enum JSONRule: Hashable, Sendable {
        /// With a JSON text, rendered with `Escape.json`: numbers by value, strings decoded, objects whatever the order
        /// of their members. Only numbers and strings are below or above each other.
        case compare(Relation, Template)
        case exists, absent
    }

    package let rule: Rule
    /// For reports: `body contains ok`, `$.total == 17`, `latency < 500ms`.
    package let text: String
    /// The variables that it reads.
    package let slots: [Int]
    private let name: [UInt8]

    /// - Parameter text: as it appears in reports; `ResponseCheck.text(of:name:)` makes one.
    package init(_ rule: Rule, text: String) {
        self.rule = rule
        self.text = text
        switch rule {
        case .header(let name, let rule):
            self.name = Array(name.utf8)
            slots = rule.template?.slots ?? []
        case .body(let rule):
            name = []
            slots = rule.template?.slots ?? []
        case .json(_, .compare(_, let template)):
            name = []
            slots = template.slots
        case .json, .size, .latency:
            name = []
            slots = []
        }
    }

    package var needsBody: Bool {
        switch rule {
        case .body, .json: true
        case .header, .size, .latency: false
        }
    }

    package var needsHeaders: Bool { if case .header = rule { true } else { false } }

    /// Whether the response is so. A template whose variable has no value is never fulfilled.
    /// - Parameters:
    ///   - latency: response time of the call.
    ///   - scratch: memory for expected texts; its content is lost.
    package func holds(
        _ exchange: Exchange, latency: Span, _ variables: borrowing Variables, scratch: inout [UInt8]
    ) -> Bool {
        scratch.removeAll(keepingCapacity: true)
        switch rule {
        case .latency(let comparison, let limit): return comparison.holds(latency, limit)
        case .size(let comparison, let limit): return comparison.holds(exchange.responseSize, limit)
        case .body(let rule):
            guard rule.render(variables, into: &scratch) else { return false }
            return exchange.responseBody.withUnsafeBufferPointer { body in
                switch rule {
                case .equals: exchange.responseSize <= body.count && body.equals(scratch)
                case .contains: body.find(scratch) != nil
                // What was not seen may have it.
                case .lacks: exchange.responseSize <= body.count && body.find(scratch) == nil
                case .matches(let pattern): pattern.matches(exchange.responseBody)
                case .exists: exchange.responseSize > 0 || !body.isEmpty
                case .absent: exchange.responseSize == 0 && body.isEmpty
                }
            }
        case .header(_, let rule):
            guard rule.render(variables, into: &scratch) else { return false }
            return exchange.responseHeaders.withUnsafeBufferPointer { bytes in
                header(HeaderLines(bytes: bytes), rule, scratch)
            }
        case .json(let path, let rule):
            if case .compare(_, let template) = rule {
                guard template.render(variables, into: &scratch) == nil else { return false }
            }
            return exchange.responseBody.withUnsafeBufferPointer { path.holds(rule, $0, scratch) }
        }
    }

    /// Whether any line fulfils the rule, or all of them a rule that says what must not be.
    private func header(_ lines: HeaderLines, _ rule: TextRule, _ expected: [UInt8]) -> Bool {
        var found = false
        lines.forEach(name) { value in
            switch rule {
            case .equals: found = value.equals(expected)
            case .contains, .lacks: found = value.find(expected) != nil
            case .matches(let pattern): found = pattern.matches(value)
            case .exists, .absent: found = true
            }
            return !found
        }
        switch rule {
        case .lacks, .absent: return !found
        case .equals, .contains, .matches, .exists: return found
        }
    }
}

extension ResponseCheck.TextRule {
    var template: Template? {
        switch self {
        case .equals(let template), .contains(let template), .lacks(let template): template
        case .matches, .exists, .absent: nil
        }
    }

    fileprivate func render(_ variables: borrowing Variables, into output: inout [UInt8]) -> Bool {
        guard let template else { return true }
        return template.render(variables, into: &output) == nil
    }
}

extension JSONPath {
    /// - Parameter expected: a JSON text.
    fileprivate func holds(
        _ rule: ResponseCheck.JSONRule, _ body: UnsafeBufferPointer<UInt8>, _ expected: [UInt8]
    ) -> Bool {
        let scanner = JSONScanner(body)
        let root = scanner.skipBlanks(from: 0)
        var walk = JSONWalk(scanner, root: root, goal: .first)
        walk.visit(root, segments, 0, depth: 0)
        let start = walk.isBroken ? nil : walk.match?.lowerBound
        switch rule {
        case .exists: return start != nil
        // What is no JSON has no value for sure, but it is not what was asked for either.
        case .absent: return start == nil && !walk.isBroken && scanner.end(at: root) != nil
        case .compare(let relation, _):
            guard let start else { return false }
            return expected.withUnsafeBufferPointer { bytes in
                let right = JSONScanner(bytes)
                let rightStart = right.skipBlanks(from: 0)
                guard let end = right.end(at: rightStart), right.skipBlanks(from: end) == bytes.count else {
                    return false
                }
                var comparison = JSONComparison(work: JSONWalk.workLimit)
                return comparison.holds(relation, scanner, start, right, rightStart)
            }
        }
    }
}
