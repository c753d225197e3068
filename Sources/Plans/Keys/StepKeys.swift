import Core
import Flows

/// The keys of one request of a scenario, and what its answer must be like.
enum StepKeys {
    struct Draft: Sendable {
        var name: String?
        /// Paths of the keys that name a method, by method.
        var paths: [String: PathText] = [:]
        var method: Template?
        var path: PathText?
        var query: [HeaderTemplate] = []
        var headers: [HeaderTemplate] = []
        var cookies: [HeaderTemplate] = []
        var body = StepBody.Draft()
        var compresses = false
        var expect = Expectation()
        var extractions: [NamedExtraction] = []
        var counts: [CountRule] = []
        var think: TimeDistribution?
        var condition: Condition?
        var policies = StepPolicyKeys.Draft()

        /// One stored path per method, as the key paths of the declarations need it.
        subscript(path method: String) -> PathText? {
            get { paths[method] }
            set { paths[method] = newValue }
        }
    }

    /// A path with its text as it stands in the plan, by which a step without a name is called.
    struct PathText: Sendable {
        let template: Template
        let text: String
    }

    static let form: Form<Step> = record.form { entries, context in finish(entries, &context) }

    static let record = Record<Draft>(
        "step", noun: "a step",
        doc: """
            A request, and what its answer must be like for the call to succeed. The method is a key with the path as \
            its value (`get: /products`), or stands in `method:` beside `path:`. A body is one of `text`, `json`, `form`, \
            `multipart` and `file`. Texts may have [places for values](#places-for-values), `{{name}}`.

            Other kinds of steps make no request of their own: a [group](#group), a [transaction](#transaction), a \
            [repetition](#repeat), a [condition](#if), several steps [at once](#parallel), and a [pause](#pause).
            """,
        example: """
            scenarios:
              order:
                - name: place
                  post: /orders
                  headers: { Accept: application/json }
                  json: { product: 17, gift: false }
                  expect: { status: 201 }
                  extract: { order: $.id }
                - get: /orders/{{order}}
            """,
        start: Draft(),
        keys: methods + [
            .optional(
                "method", method, into: \.method, doc: "Any other method; needs `path`.", example: "PURGE"),
            .optional(
                "path", path, into: \.path, doc: "The path and query of a step with `method`.", example: "/cache/17"),
            .optional(
                "name", .name(NameText.step), into: \.name, default: "method and path",
                doc: "What reports and budgets call the step; a second one of the same name gets ` (2)` behind it.",
                example: "place"),
            .optional(
                "query", HeaderForms.pairs("query", of: "parameters of a query", .component), into: \.query,
                doc: "Parameters that are added to the path, percent-encoded.", example: "{ page: 2, q: red shoes }"),
            .optional(
                "headers", HeaderForms.headers, into: \.headers, doc: "Headers of the request.",
                example: "{ Accept: application/json }"),
            .optional(
                "cookies", HeaderForms.cookies, into: \.cookies,
                doc: "Cookies of this request, beside those of the user's jar.", example: "{ session: abc }"),
        ] + StepBody.keys + [
            .optional(
                "compress", .choice(["none": false, "gzip": true]), into: \.compresses, default: "none",
                doc: "How the body is sent.", example: "gzip"),
            .optional(
                "expect", ExpectKeys.form, into: \.expect, doc: "What the response must be like.",
                example: "{ status: 2xx }"),
            .optional(
                "extract", ExtractKeys.form, into: \.extractions,
                doc:
                    "Values to take from a successful response, by name: a [JSONPath](#jsonpath), `status`, or a "
                    + "[map](#extract).", example: "{ cart: $.id }"),
            .optional(
                "count", CountKeys.form, into: \.counts,
                doc:
                    "What a successful call adds to business counters, by name: a number, a [JSONPath](#jsonpath), a text with "
                    + "places, or a [map](#count).",
                example: "{ orders: 1, revenue: $.total }"),
            .optional(
                "think", TimeKeys.form, into: \.think, default: "the scenario's",
                doc: "A pause after the step.", example: "1s to 3s"),
            .optional(
                "if", .condition, into: \.condition,
                doc: "Whether the request is made at all: a [condition](#conditions).",
                example: "status == 200 and cart"),
        ] + StepPolicyKeys.keys)

    private static let methods: [Field<Draft>] = [
        method("GET", \.[path: "GET"]), method("HEAD", \.[path: "HEAD"]), method("POST", \.[path: "POST"]),
        method("PUT", \.[path: "PUT"]), method("PATCH", \.[path: "PATCH"]), method("DELETE", \.[path: "DELETE"]),
        method("OPTIONS", \.[path: "OPTIONS"]), method("TRACE", \.[path: "TRACE"]),
    ]

    private static func method(
        _ method: String, _ place: any WritableKeyPath<Draft, PathText?> & Sendable
    ) -> Field<Draft> {
        .optional(
            method.lowercased(), path, into: place, doc: "\(method) of this path and query.",
            example: method == "GET" ? "/products?page=2" : "/orders/17")
    }

    private static let method = Form<Template>.template("method", .header) { text throws(Complaint) in
        try HTTPText.method(text)
    }

    private static let path: Form<PathText> = {
        let form = Form<Template>.template("path", .path, named: true) { text throws(Complaint) in
            // A path may begin with a place: its value begins with `/`, then.
            try HTTPText.path(text.hasPrefix("{{") ? "/" + text : text)
        }
        return Form(form.kind) { node, context in
            form.read(node, &context).map { PathText(template: $0, text: node.source ?? "") }
        }
    }()

    // MARK: From draft to step

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Step? {
        guard let (method, path) = request(entries, &context) else { return nil }
        let draft = entries.draft
        let bare = method.constant.map { String(decoding: $0, as: UTF8.self) }
        guard let body = StepBody.read(entries, method: bare, &context) else { return nil }
        if body.content == nil, let place = entries["compress"] {
            context.warn(
                .ignored, at: place, "`compress` is of no use, because the step has no body", remedy: "remove it")
        }
        let named =
            draft.name ?? NameText.stepName(method: entries.values["method"]?.source ?? bare ?? "", path: path.text)
        var step = Step(
            name: (context.groups + [named]).joined(separator: "/"), method: method,
            path: with(draft.query, path.template), headers: draft.headers, body: body.content, expect: draft.expect)
        if let type = body.type, !step.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            step.headers.append(HeaderTemplate(name: "Content-Type", value: Template(literal: type)))
        }
        context.note(step.name, isTransaction: false, at: place(ofNameIn: entries))
        step.cookies = draft.cookies
        step.compresses = draft.compresses && body.content != nil
        step.extractions = draft.extractions
        step.counts = draft.counts
        step.think = draft.think
        step.condition = draft.condition
        return StepPolicyKeys.finish(&step, entries, &context) ? step : nil
    }

    /// What gives the step its name: `name`, or its path.
    private static func place(ofNameIn entries: Entries<Draft>) -> Place {
        let keys = entries.present(["name"] + HTTPText.standard.map { $0.lowercased() } + ["path"])
        return keys.first.map { entries.place(of: $0) } ?? entries.node.place
    }

    /// The path with the parameters of its query.
    private static func with(_ query: [HeaderTemplate], _ path: Template) -> Template {
        var whole = path
        let text = path.sketch
        var mark = text.hasSuffix("?") || text.hasSuffix("&") ? "" : text.contains("?") ? "&" : "?"
        for parameter in query {
            whole.append(literal: mark + StepBody.encoded(parameter.name) + "=")
            whole.append(StepBody.encoded(parameter.value))
            mark = "&"
        }
        return whole
    }

    /// Method and path: exactly one of the keys that name a method, or `method` with `path`.
    private static func request(
        _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> (method: Template, path: PathText)? {
        let verbs = entries.present(HTTPText.standard.map { $0.lowercased() } + ["method"])
        guard let verb = verbs.first else {
            context.complain(
                .missing, at: entries["path"] ?? entries.node.place, "the step has no request",
                remedy: "write one, such as `get: /products`")
            return nil
        }
        guard verbs.count == 1 else {
            context.complain(
                .conflict, at: entries[verbs[1]] ?? entries.node.place,
                "`\(verb)` and `\(verbs[1])` stand in one step, which is one request",
                remedy: "keep one of them, and write the other as a step of its own")
            return nil
        }
        if verb == "method" {
            guard let method = entries.draft.method, let path = entries.draft.path else {
                context.complain(
                    .missing, at: entries["method"] ?? entries.node.place,
                    "`path` is missing, and a step with `method` needs it", remedy: "write it, such as `path: /`")
                return nil
            }
            return (method, path)
        }
        if let place = entries["path"] {
            context.complain(
                .conflict, at: place, "`path` and `\(verb)` stand in one step, and both are its path",
                remedy: "remove `path`")
            return nil
        }
        let method = verb.uppercased()
        return entries.draft.paths[method].map { (Template(literal: method), $0) }
    }
}
