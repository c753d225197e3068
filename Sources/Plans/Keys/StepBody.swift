import Core
import Flows

/// The body of a step's request: one of `text`, `json`, `form`, `multipart` and `file`.
enum StepBody {
    struct Draft: Sendable {
        var text: Template?
        var json: Template?
        var form: [HeaderTemplate]?
        var multipart: [Part]?
        var file: [UInt8]?
    }

    static let keys: [Field<StepKeys.Draft>] = [
        .optional(
            "text", .template("text", .none), into: \.body.text,
            doc: "The body as it stands, in UTF-8. `Content-Type` is `text/plain; charset=utf-8` unless given.",
            example: "\"hello\""),
        .optional(
            "json", Form(.any, JSONTemplate.read), into: \.body.json, takesNull: true,
            doc:
                "The body as a value, sent as compact JSON. Numbers, `true`, `false` and `null` are what they are in JSON, "
                + "anything else without quotes is a string. `Content-Type` is `application/json` unless given.",
            example: "{ product: 17, gift: false }"),
        .optional(
            "form", HeaderForms.pairs("form", of: "fields of a form", .component), into: \.body.form,
            doc:
                "The body as a form, percent-encoded. `Content-Type` is `application/x-www-form-urlencoded` unless given.",
            example: "{ user: ann, remember: yes }"),
        .optional(
            "multipart", multipart, into: \.body.multipart,
            doc:
                "The body as `multipart/form-data`: fields by name, each a text or a [part](#part). `Content-Type` is that with "
                + "its boundary unless given.",
            example: "{ note: hello, upload: { file: order.json, type: application/json } }"),
        .optional(
            "file", .bodyFile, into: \.body.file,
            doc: "The body from a file in the plan's directory or below, at most 64 MB, read before the run. "
                + "`Content-Type` is `application/octet-stream` unless given.", example: "order.json"),
    ]

    // MARK: Parts

    struct Part: Sendable {
        var name = ""
        var text: Template?
        var file: [UInt8]?
        var type: String?
        var filename: String?
    }

    private static let part = Record<Part>(
        "part", noun: "a part",
        doc: "One part of a multipart body: a text or a file.",
        example: """
            scenarios:
              send:
                - post: /documents
                  multipart:
                    note: hello
                    document: { file: order.json, type: application/json, name: first.json }
            """,
        start: Part(),
        keys: [
            .optional("text", .template("text", .none), into: \.text, doc: "The content.", example: "hello"),
            .optional(
                "file", .bodyFile, into: \.file, doc: "The content from a file in the plan's directory or below.",
                example: "order.json"),
            .optional(
                "type", Form(.text("media type"), text: quotable), into: \.type,
                default: "`application/octet-stream` for a file",
                doc: "The `Content-Type` of the part; a text has none unless given.", example: "image/png"),
            .optional(
                "name", Form(.text("text"), text: quotable), into: \.filename, default: "the file's name",
                doc: "The name of the file, as the server is told; a text has none unless given.", example: "a.png"),
        ])

    /// A text that may stand in the header of a part.
    private static func quotable(_ text: String) throws(Complaint) -> String {
        try HTTPText.headerValue(text)
        guard !text.contains("{{") else {
            throw Complaint(
                .template, "`\(text.printable)` has a place, and the header of a part has none",
                remedy: "write it out; the content has places")
        }
        guard !text.contains("\"") else {
            throw Complaint(
                .header, "`\(text.printable)` has a quote, and it stands in quotes in the header of a part",
                remedy: "remove the quote")
        }
        return text
    }

    private static let multipart: Form<[Part]> = {
        let record = part.form { entries, context -> Part? in
            var part = entries.draft
            guard (part.text == nil) != (part.file == nil) else {
                context.complain(
                    part.text == nil ? .missing : .conflict, at: entries["file"] ?? entries.node.place,
                    part.text == nil
                        ? "the part has no content" : "`text` and `file` stand in one part, which has one content",
                    remedy: part.text == nil ? "write `text` or `file`" : "keep one of them")
                return nil
            }
            if part.file != nil {
                part.type = part.type ?? "application/octet-stream"
                let path = entries.values["file"]?.text ?? ""
                part.filename = part.filename ?? path.split(separator: "/").last.map(String.init) ?? "file"
            }
            return part
        }
        let text = Form<Template>.template("text", .none)
        return Forms.map(key: "field", kind: .either([text.kind, record.kind]), of: "parts") { entry, context in
            var part: Part?
            if case .map = entry.value.content {
                part = record.read(entry.value, &context)
            } else {
                part = text.read(entry.value, &context).map { Part(text: $0) }
            }
            do throws(Complaint) {
                part?.name = try quotable(entry.key)
            } catch {
                context.complain(error, at: entry.keyPlace)
                return nil
            }
            return part
        }
    }()

    /// RFC 2046, 5.1.1. One boundary for all: it is long enough not to stand in a body by chance, and the same plan sends the
    /// same bytes.
    private static let boundary = "gale-f1d7c83b9a604e52"

    private static func content(of parts: [Part]) -> Template {
        var body = Template()
        for part in parts {
            body.append(literal: "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"")
            if let filename = part.filename { body.append(literal: "; filename=\"\(filename)\"") }
            if let type = part.type { body.append(literal: "\r\nContent-Type: \(type)") }
            body.append(literal: "\r\n\r\n")
            if let text = part.text { body.append(text) } else { body.append(literal: part.file ?? []) }
            body.append(literal: "\r\n")
        }
        body.append(literal: "--\(boundary)--\r\n")
        return body
    }

    // MARK: From draft to body

    /// The body and its type; nil after a complaint.
    /// - Parameter method: nil when it is known only in the run.
    static func read(
        _ entries: Entries<StepKeys.Draft>, method: String?, _ context: inout ReadingContext
    ) -> (content: Template?, type: String?)? {
        let bodies = entries.present(["text", "json", "form", "multipart", "file"])
        guard bodies.count <= 1 else {
            context.complain(
                .conflict, at: entries[bodies[1]] ?? entries.node.place,
                "`\(bodies[0])` and `\(bodies[1])` stand in one step, which has one body", remedy: "keep one of them")
            return nil
        }
        guard let kind = bodies.first else { return (nil, nil) }
        guard check(kind, of: method, entries, &context) else { return nil }
        let draft = entries.draft.body
        switch kind {
        case "text": return (draft.text, "text/plain; charset=utf-8")
        case "json": return (draft.json, "application/json")
        case "form":
            var body = Template()
            for (index, field) in (draft.form ?? []).enumerated() {
                body.append(literal: (index > 0 ? "&" : "") + encoded(field.name) + "=")
                body.append(encoded(field.value))
            }
            return (body, "application/x-www-form-urlencoded")
        case "multipart":
            return (content(of: draft.multipart ?? []), "multipart/form-data; boundary=\(boundary)")
        default: return (draft.file.map { Template(literal: $0) }, "application/octet-stream")
        }
    }

    private static func check(
        _ body: String, of method: String?, _ entries: Entries<StepKeys.Draft>, _ context: inout ReadingContext
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
                .ignored, at: place, "a \(method ?? "") request with a body means nothing to most servers",
                remedy: "remove `\(body)`, or use another method")
            return true
        default: return true
        }
    }

    // MARK: Encoding

    /// A text as one name or value of a query.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        Escape.component(text.utf8, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A template whose constant parts are encoded as its places will be.
    static func encoded(_ template: Template) -> Template {
        var encoded = Template()
        for segment in template.segments {
            switch segment {
            case .literal(let bytes):
                var written: [UInt8] = []
                Escape.component(bytes, into: &written)
                encoded.append(literal: written)
            case .variable(let slot, let escape): encoded.append(slot: slot, escape)
            }
        }
        return encoded
    }
}
