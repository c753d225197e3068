import Core

/// The keys of one step of a scenario: a request and what its answer must be like.
enum StepKeys {
    struct Draft: Sendable {
        var name: String?
        /// Paths of the keys that name a method, by method.
        var paths: [String: String] = [:]
        var method: String?
        var path: String?
        var headers: [Header] = []
        var text: String?
        var json: String?
        var file: [UInt8]?
        var expect = Expectation()

        /// One stored path per method, as the key paths of the declarations need it.
        subscript(path method: String) -> String? {
            get { paths[method] }
            set { paths[method] = newValue }
        }
    }

    static let form: Form<Step> = record.form { entries, context in finish(entries, &context) }

    private static let record = Record<Draft>(
        "step", noun: "a step",
        doc: """
            A request, and what its answer must be like for the call to succeed. The method is a key with the path as \
            its value (`get: /products`), or stands in `method:` beside `path:`. A body is one of `text`, `json` and \
            `file`.
            """,
        example: """
            scenarios:
              order:
                - name: place
                  post: /orders
                  headers: { Accept: application/json }
                  json: { product: 17, gift: false }
                  expect: { status: 201 }
            """,
        start: Draft(),
        keys: methods + [
            .optional(
                "method", Form(.text("method"), text: HTTPText.method), into: \.method,
                doc: "Any other method; needs `path`.", example: "PURGE"),
            .optional(
                "path", path, into: \.path, doc: "The path and query of a step with `method`.", example: "/cache/17"),
            .optional(
                "name", Form(.text("name"), text: NameText.step), into: \.name, default: "method and path",
                doc: "What reports and budgets call the step.", example: "place"),
            .optional(
                "headers", headers, into: \.headers, doc: "Headers of the request.",
                example: "{ Accept: application/json }"),
            .optional(
                "text", body(.text("text")), into: \.text,
                doc: "The body as it stands, in UTF-8. `Content-Type` is `text/plain; charset=utf-8` unless given.",
                example: "\"hello\""),
            .optional(
                "json", json, into: \.json, takesNull: true,
                doc: "The body as a value, sent as compact JSON. Numbers, `true`, `false` and `null` are what they are "
                    + "in JSON, anything else without quotes is a string. `Content-Type` is `application/json` unless "
                    + "given.", example: "{ product: 17, gift: false }"),
            .optional(
                "file", .bodyFile, into: \.file,
                doc: "The body from a file in the plan's directory or below, at most 64 MB, read before the run. "
                    + "`Content-Type` is `application/octet-stream` unless given.", example: "order.json"),
            .optional(
                "expect", ExpectKeys.form, into: \.expect, doc: "What the response must be like.",
                example: "{ status: 2xx }"),
            .planned("extract", doc: "Values to take from the response."),
            .planned("think", doc: "How long to wait after the step."),
            .planned("timeout", doc: "Time limits of this step alone."),
        ])

    private static let methods: [Field<Draft>] = [
        method("GET", \.[path: "GET"]), method("HEAD", \.[path: "HEAD"]), method("POST", \.[path: "POST"]),
        method("PUT", \.[path: "PUT"]), method("PATCH", \.[path: "PATCH"]), method("DELETE", \.[path: "DELETE"]),
        method("OPTIONS", \.[path: "OPTIONS"]), method("TRACE", \.[path: "TRACE"]),
    ]

    private static func method(
        _ method: String, _ place: any WritableKeyPath<Draft, String?> & Sendable
    ) -> Field<Draft> {
        .optional(
            method.lowercased(), path, into: place, doc: "\(method) of this path and query.",
            example: method == "GET" ? "/products?page=2" : "/orders/17")
    }

    private static let path = Form<String>(.text("path"), text: HTTPText.path)

    private static func body(_ kind: ValueKind) -> Form<String> {
        Form(
            kind,
            text: { text throws(Complaint) in
                try HTTPText.refuseTemplate(text)
                return text
            })
    }

    private static let json = Form<String>(.any) { node, context in
        let text = JSONText.render(node)
        do throws(Complaint) {
            try HTTPText.refuseTemplate(text)
            return text
        } catch {
            context.complain(
                .unsupported, at: node.place, "the body has a template, which is not supported yet",
                remedy: error.remedy)
            return nil
        }
    }

    private static let headers: Form<[Header]> = {
        let read = Forms.map(key: "name", kind: .text("text"), of: "headers") { entry, context -> Placed<Header>? in
            do throws(Complaint) {
                let name = try HTTPText.headerName(entry.key)
                let form = Form<String>(.text("text"), text: HTTPText.headerValue)
                return form.read(entry.value, &context).map {
                    Placed(value: Header(name: name, value: $0), place: entry.keyPlace)
                }
            } catch {
                context.complain(error, at: entry.keyPlace)
                return nil
            }
        }
        return Form(read.kind) { node, context in
            guard let headers = read.read(node, &context) else { return nil }
            var seen: Set<String> = []
            for header in headers where !seen.insert(header.value.name.lowercased()).inserted {
                context.complain(
                    .duplicateKey, at: header.place,
                    "`\(header.value.name)` stands more than once, because the case of header names does not count",
                    remedy: "keep one of them, with its values joined by commas")
                return nil
            }
            return headers.map(\.value)
        }
    }()

    // MARK: From draft to step

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Step? {
        guard let (method, path) = request(entries, &context) else { return nil }
        let bodies = entries.present(["text", "json", "file"])
        guard bodies.count <= 1 else {
            context.complain(
                .conflict, at: entries[bodies[1]] ?? entries.node.place,
                "`\(bodies[0])` and `\(bodies[1])` stand in one step, which has one body", remedy: "keep one of them")
            return nil
        }
        let draft = entries.draft
        var headers = draft.headers
        var body: [UInt8]?
        if let kind = bodies.first {
            guard check(body: kind, of: method, entries, &context) else { return nil }
            body = draft.file ?? Array((draft.text ?? draft.json ?? "").utf8)
            if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                headers.append(Header(name: "Content-Type", value: contentTypes[kind] ?? "application/octet-stream"))
            }
        }
        return Step(
            name: draft.name ?? NameText.stepName(method: method, path: path), method: method, path: path,
            headers: headers, body: body, expect: draft.expect)
    }

    static let contentTypes = [
        "text": "text/plain; charset=utf-8", "json": "application/json", "file": "application/octet-stream",
    ]

    /// Method and path: exactly one of the keys that name a method, or `method` with `path`.
    private static func request(
        _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> (method: String, path: String)? {
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
        return entries.draft.paths[method].map { (method, $0) }
    }

    private static func check(
        body: String, of method: String, _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> Bool {
        let place = entries[body] ?? entries.node.place
        switch method {
        case "TRACE":
            // RFC 9110, 9.3.8: a client must not send content in a TRACE request.
            context.complain(
                .conflict, at: place, "`\(body)` gives a body to a TRACE request, which must not have one",
                remedy: "remove it")
            return false
        case "GET", "HEAD":
            context.warn(
                .ignored, at: place, "a \(method) request with a body means nothing to most servers",
                remedy: "remove `\(body)`, or use another method")
            return true
        default: return true
        }
    }
}

/// A value with the place where it stood, for a check that comes later.
struct Placed<Value: Sendable>: Sendable {
    let value: Value
    let place: Place
}
