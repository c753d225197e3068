import Core
import Flows

/// `expect:` what a response must be like for its call to succeed.
enum ExpectKeys {
    struct Draft: Sendable {
        var statuses: (ranges: [ClosedRange<Int32>], text: String)?
        var headers: [ResponseCheck] = []
        var body: [ResponseCheck] = []
        var latency: ResponseCheck?
    }

    static let form: Form<Expectation> = record.form { entries, _ in
        let draft = entries.draft
        var expectation = Expectation(statuses: draft.statuses?.ranges, statusText: draft.statuses?.text ?? "")
        expectation.checks = draft.headers + draft.body + (draft.latency.map { [$0] } ?? [])
        return expectation
    }

    private static let record = Record<Draft>(
        "expect", noun: "`expect`",
        doc: """
            What the response must be like for the call to succeed. A wrong status is a failure of its own kind \
            (`status_4xx`, `status_5xx`, `status_unexpected`); any other check that does not hold is `check_failed`. Reports say \
            of each check how often it passed and failed, with a sample of the latter.
            """,
        example: """
            scenarios:
              browse:
                - get: /products
                  expect:
                    status: [200, 404, 3xx]
                    headers: { Content-Type: { contains: json } }
                    body: { json: { "$.items[0].id": 17 }, size: < 10kB }
                    latency: < 500ms
            """,
        start: Draft(),
        keys: [
            .optional(
                "status", statuses, into: \.statuses, default: "below 400",
                doc: "Statuses that are right: a number, a class, a range, or a list of these.",
                example: "[200, 404, 3xx]"),
            .optional(
                "headers", headers, into: \.headers,
                doc:
                    "Headers by name, each with the text that it must be or with a [rule](#rule). Of several lines with one "
                    + "name, one must be so.",
                example: "{ Content-Type: { contains: json } }"),
            .optional(
                "body", body, into: \.body, doc: "What the [body](#expectbody) must be like.",
                example: "{ contains: ok }"),
            .optional(
                "latency", latency, into: \.latency,
                doc: "A comparison with the response time of the call, from its intended start.", example: "< 500ms"),
        ])

    private static let statuses: Form<(ranges: [ClosedRange<Int32>], text: String)> = {
        let one = Form<(range: ClosedRange<Int32>, text: String)>(
            .text("`200`, `2xx`, `200-299`"),
            text: { text throws(Complaint) in (try StatusText.range(text), text) })
        let many = Forms.list(one, of: "statuses")
        return Form(.either([one.kind, many.kind])) { node, context in
            let read = node.text == nil ? many.read(node, &context) : one.read(node, &context).map { [$0] }
            return read.map { ($0.map(\.range), $0.map(\.text).joined(separator: ", ")) }
        }
    }()

    // MARK: Texts

    /// A rule for a text: what it must be, hold, or not hold.
    struct RuleDraft: Sendable {
        var equals: Worded<Template>?
        var contains: [Worded<Template>] = []
        var lacks: [Worded<Template>] = []
        var matches: Worded<Pattern>?
        var exists: Bool?

        /// Each rule with its words.
        var rules: [(rule: ResponseCheck.TextRule, words: String)] {
            var rules: [(rule: ResponseCheck.TextRule, words: String)] = []
            if let equals { rules.append((.equals(equals.value), "equals \(equals.words)")) }
            rules += contains.map { (.contains($0.value), "contains \($0.words)") }
            rules += lacks.map { (.lacks($0.value), "lacks \($0.words)") }
            if let matches { rules.append((.matches(matches.value), "matches \(matches.words)")) }
            if let exists { rules.append(exists ? (.exists, "exists") : (.absent, "is absent")) }
            return rules
        }
    }

    /// A value with the words by which reports call it: as the plan has it, so that nothing from outside is shown.
    struct Worded<Value: Sendable>: Sendable {
        let value: Value
        let words: String

        init(_ value: Value, _ node: PlanNode) {
            self.value = value
            words = (node.source ?? JSONText.render(node.asWritten)).printable
        }
    }

    private static func worded<Value>(_ form: Form<Value>) -> Form<Worded<Value>> {
        Form(form.kind) { node, context in form.read(node, &context).map { Worded($0, node) } }
    }

    private static let text = worded(Form<Template>.template("text", .none))
    private static let pattern = worded(Form<Pattern>.pattern)

    private static let texts: Form<[Worded<Template>]> = {
        let many = Forms.list(text, of: "texts")
        return Form(.either([text.kind, many.kind])) { node, context in
            if case .list = node.content { return many.read(node, &context) }
            return text.read(node, &context).map { [$0] }
        }
    }()

    private static let rule = Record<RuleDraft>(
        "rule", noun: "a rule",
        doc: "What a text must be like. Of several rules in one map all must hold.",
        example: """
            scenarios:
              browse:
                - get: /products
                  expect: { headers: { Content-Type: { matches: "json|xml" } } }
            """,
        start: RuleDraft(),
        keys: [
            .optional("equals", text, into: \.equals, doc: "The whole text.", example: "no-store"),
            .optional("contains", texts, into: \.contains, doc: "A part of it, or a list of parts.", example: "json"),
            .optional("lacks", texts, into: \.lacks, doc: "What must not be in it.", example: "error"),
            .optional(
                "matches", pattern, into: \.matches,
                doc: "A [regular expression](#regular-expressions) that is found in it.", example: "\"^[a-z]+/json\""),
            .optional(
                "exists", .boolean, into: \.exists,
                doc: "Whether it is there at all: `false` means that it must not be.",
                example: "true"),
        ])

    private static let headers: Form<[ResponseCheck]> = {
        let record = rule.form { entries, context -> [(rule: ResponseCheck.TextRule, words: String)]? in
            nonempty(entries.draft.rules, entries.node, &context)
        }
        let form = Forms.map(
            key: "name", kind: .either([text.kind, record.kind]), of: "headers"
        ) { entry, context -> [ResponseCheck]? in
            do throws(Complaint) {
                let name = try HTTPText.anyHeaderName(entry.key)
                if case .map = entry.value.content {
                    return record.read(entry.value, &context)?.map {
                        ResponseCheck(.header(name, $0.rule), text: "\(name) \($0.words)")
                    }
                }
                return text.read(entry.value, &context).map {
                    [ResponseCheck(.header(name, .equals($0.value)), text: "\(name) equals \($0.words)")]
                }
            } catch {
                context.complain(error, at: entry.keyPlace)
                return nil
            }
        }
        return form.map { $0.flatMap { $0 } }
    }()

    private static func nonempty<Rule>(
        _ rules: [Rule], _ node: PlanNode, _ context: inout ReadingContext
    ) -> [Rule]? {
        if !rules.isEmpty { return rules }
        context.complain(
            .empty, at: node.place, "this map has no rule",
            remedy: "write one, such as `{ contains: ok }`, or remove the key")
        return nil
    }

    // MARK: The body

    struct BodyDraft: Sendable {
        var text = RuleDraft()
        var json: [ResponseCheck] = []
        var size: ResponseCheck?
    }

    private static let body: Form<[ResponseCheck]> = bodyRecord.form { entries, context in
        let texts = entries.draft.text.rules.map {
            ResponseCheck(.body($0.rule), text: "body \($0.words)")
        }
        return nonempty(
            texts + entries.draft.json + (entries.draft.size.map { [$0] } ?? []), entries.node, &context)
    }

    private static let bodyRecord = Record<BodyDraft>(
        "expect.body", noun: "`body`",
        doc: """
            What the body of a response must be like, once its `Content-Encoding` is undone; the first 4 MiB of it are looked \
            at. Of several rules all must hold.
            """,
        example: """
            scenarios:
              browse:
                - get: /products
                  expect: { body: { contains: shoes, json: { $.total: 17 }, size: "> 100B" } }
            """,
        start: BodyDraft(),
        keys: [
            .optional(
                "equals", text, into: \.text.equals, doc: "The whole body.", example: "pong"),
            .optional(
                "contains", texts, into: \.text.contains, doc: "A part of it, or a list of parts.", example: "ok"),
            .optional("lacks", texts, into: \.text.lacks, doc: "What must not be in it.", example: "[error, warning]"),
            .optional(
                "matches", pattern, into: \.text.matches,
                doc: "A [regular expression](#regular-expressions) that is found in it.", example: "\"order [0-9]+\""),
            .optional(
                "json", json, into: \.json,
                doc:
                    "Values by [JSONPath](#jsonpath): the first that the path finds must be equal, number to number and text to "
                    + "text.", example: "{ $.total: 17, \"$.items[0].id\": 23 }"),
            .optional("size", size, into: \.size, doc: "Its size in bytes, a comparison.", example: "< 10kB"),
        ])

    private static let json: Form<[ResponseCheck]> = Forms.map(
        key: "JSONPath", kind: .any, of: "values"
    ) { entry, context in
        let key = PlanNode(content: .scalar(entry.key, .plain), place: entry.keyPlace)
        guard let path = Form<JSONPath>.path.read(key, &context), let value = JSONTemplate.read(entry.value, &context)
        else { return nil }
        return ResponseCheck(
            .json(path, .compare(.equal, value)),
            text: "\(entry.key.printable) is \(Worded(value, entry.value).words)")
    }

    private static let size = comparison(
        "size", unit: "10kB", { text throws(UnitProblem) in try Units.size(text) }
    ) { sign, bytes in .size(sign, bytes) }

    private static let latency = comparison(
        "latency", unit: "500ms", { text throws(UnitProblem) in try Units.duration(text) }
    ) { sign, span in .latency(sign, span) }

    /// `< 10kB`
    private static func comparison<Value>(
        _ noun: String, unit: String, _ parse: @escaping @Sendable (String) throws(UnitProblem) -> Value,
        _ rule: @escaping @Sendable (Comparison, Value) -> ResponseCheck.Rule
    ) -> Form<ResponseCheck> {
        Form(
            .text("`< \(unit)`"),
            text: { text throws(Complaint) in
                let sign = text.prefix { "<>=!".contains($0) }
                guard let comparison = Comparison(rawValue: String(sign)) else {
                    throw Complaint(
                        .choice,
                        sign.isEmpty
                            ? "`\(text.printable)` has no comparison before it, which are <, <=, > and >="
                            : "`\(sign.printable)` is no comparison here, which are <, <=, > and >=",
                        remedy: "write it like `< \(unit)`")
                }
                let value = try complaining { () throws(UnitProblem) in
                    try parse(String(text[sign.endIndex...]).trimmed)
                }
                return ResponseCheck(rule(comparison, value), text: "\(noun) \(text)")
            })
    }
}
