import Core
import Model

/// A step of a route: one thing that a service does for a request.
enum RouteStepKeys {
    struct Draft: Sendable {
        var read: String?
        var write: String?
        var invalidate: String?
        var send: String?
        var upload: String?
        var call: String?
        var parallel: [[WorkStep]]?
        var work: TimeDistribution?
        var time: TimeDistribution?
        var by = Invalidation.key
        var related: Int?
        var messages = 1
        var size: Int?
        var attempts = 1
        var wait: Span = .zero
        var compressTo = 1.0
        var compressAt = Upload().compressing
        var timeout: Span?
        var breaker: CallBreaker?
        var fallback: Int32?
    }

    /// The steps of a route, one after the other.
    static let list: Form<[WorkStep]> = Forms.list(step, of: "steps")

    /// A step with its record described, for the one place that does so.
    static let described: Form<WorkStep> = record.form { entries, context in finish(entries, &context) }

    /// The same by name, because steps hold steps.
    private static let step = Form<WorkStep>(.routeStep) { node, context in described.read(node, &context) }

    /// Steps that begin at the same time; each item is a step, or a list of steps that follow each other.
    private static let branches: Form<[[WorkStep]]> = {
        let branch = Form<[WorkStep]>(.either([.routeStep, .list(.routeStep)])) { node, context in
            if case .list = node.content { return list.read(node, &context) }
            return step.read(node, &context).map { [$0] }
        }
        return Forms.list(branch, of: "steps")
    }()

    private static let record = Record<Draft>(
        "lab.services.routes", noun: "a step of a route",
        doc: """
            What a service does for a request whose method and path fit, after its own `time` and while its worker is held: one \
            step after the other. A route is a path, or a method and a path: `GET /products/{id}`. The last segment may be a \
            name in braces, which stands for any text: that is the key of what is read and written. Each step is one of \
            `read`, `write`, `invalidate`, `send`, `upload`, `call`, `parallel` and `work`; the other keys belong to one or \
            some of these. A step that fails ends the work, and the answer is a 5xx.
            """,
        example: """
            target: lab/shop
            lab:
              resources:
                catalogue: { database: { read: 20ms } }
                pages: { cache: { of: catalogue } }
                payment: { service: { time: 100ms } }
                notices: { queue: { batch: 100 } }
                images: { store: { bandwidth: 5MB/s } }
              services:
                shop:
                  routes:
                    "GET /products/{id}": [{ read: pages }]
                    "PUT /products/{id}": [{ write: catalogue }, { invalidate: pages }]
                    POST /orders:
                      - { call: payment, timeout: 2s, breaker: {}, fallback: 202 }
                      - parallel: [{ write: catalogue }, [{ work: 5ms }, { send: notices, messages: 2 }]]
                    POST /images: [{ upload: images, size: 2MB, attempts: 3, compress-to: 40% }]
            """,
        start: Draft(),
        keys: [
            .optional(
                "read", .resource, into: \.read,
                doc: "Reads the key from this database or cache. It fails with 503 when there is no room to wait.",
                example: "catalogue"),
            .optional(
                "write", .resource, into: \.write, doc: "Writes the key to this database or cache.",
                example: "catalogue"),
            .optional(
                "invalidate", .resource, into: \.invalidate,
                doc: "Drops entries of this cache, the one of the key unless `by` or `related` says more.",
                example: "pages"),
            .optional(
                "send", .resource, into: \.send,
                doc: "Leaves `messages` in this queue; when it is full, the answer is a 503.", example: "notices"),
            .optional(
                "upload", .resource, into: \.upload, doc: "Uploads an object to this store.", example: "images"),
            .optional(
                "call", .resource, into: \.call,
                doc: "Calls this service behind others; without `fallback` a failure is answered with 502.",
                example: "payment"),
            .optional(
                "parallel", branches, into: \.parallel,
                doc: "Steps, or lists of steps, that begin at the same time; it is over when the slowest is.",
                example: "[{ read: catalogue }, [{ work: 1ms }, { read: pages }]]"),
            .optional(
                "work", TimeKeys.form, into: \.work, doc: "Work of the service itself, of so long.",
                example: "20ms"),
            .optional(
                "time", TimeKeys.form, into: \.time, default: "what the database says",
                doc: "How long the query of this `read` or `write` takes.", example: "3s"),
            .optional(
                "by", .choice(["key": .key, "tag": .tag, "prefix": .prefix]), into: \.by, default: "key",
                doc:
                    "What `invalidate` drops: the entry of the key, all of the same tag, or all whose keys begin as this one "
                    + "does up to its last `:` or `-`.",
                example: "tag"),
            .optional(
                "related", .count(1...1_000, of: "keys"), into: \.related, default: "the key alone",
                doc: "So many keys that follow the key, which ends in a number, are dropped with it by `invalidate`.",
                example: "3"),
            .optional(
                "messages", .count(1...10_000, of: "messages"), into: \.messages, default: "1",
                doc: "How many `send` leaves.", example: "5"),
            .optional(
                "size", .size(upTo: 1_000_000_000_000), into: \.size, default: "that of the request's body",
                doc: "The size of the object that `upload` uploads.", example: "2MB"),
            .optional(
                "attempts", .count(1...100, of: "attempts"), into: \.attempts, default: "1",
                doc: "How often `upload` or `call` is tried in all.", example: "3"),
            .optional(
                "wait", .duration, into: \.wait, default: "0s", doc: "The pause before each further attempt.",
                example: "100ms"),
            .optional(
                "compress-to", left, into: \.compressTo, default: "100%",
                doc: "What compression leaves of the object's size; `100%` does not compress.", example: "40%"),
            .optional(
                "compress-at", .bandwidth, into: \.compressAt, default: "50MB/s",
                doc: "How fast it is compressed, in bytes of the whole object.", example: "100MB/s"),
            .optional(
                "timeout", .positiveDuration, into: \.timeout, default: "as long as it takes",
                doc: "How long each attempt of `call` may take.", example: "2s"),
            .optional(
                "breaker", breaker, into: \.breaker, default: "none",
                doc: "When `call` stops calling for a while; `{}` is one with all defaults.",
                example: "{ failures: 5, open: 60s }"),
            .optional(
                "fallback", LabKeys.status, into: \.fallback,
                doc:
                    "The status of the answer when `call` has failed or was not made: the work goes on all the same.",
                example: "202"),
        ])

    private static let left = Form<Double>.share.checked { share throws(Complaint) in
        guard share > 0 else {
            throw Complaint(
                .range, "compression to 0% would leave nothing to upload", remedy: "write a share above 0%")
        }
    }

    private static let breaker: Form<CallBreaker?> = Forms.orNone(
        Record<CallBreaker>(
            "lab.services.routes.breaker", noun: "`breaker` of a call",
            doc: """
                After so many failures in a row the service is not called for a while; then calls are let through again, and so \
                many successes in a row close it. Each `call` of a route has its own.
                """,
            example: """
                target: lab/shop
                lab:
                  resources:
                    payment: { service: { failures: 20% } }
                  services:
                    shop:
                      routes:
                        /orders: [{ call: payment, breaker: { failures: 5, open: 60s, successes: 3 }, fallback: 202 }]
                """,
            start: CallBreaker(),
            keys: [
                .optional(
                    "failures", .count(1...100_000, of: "failures"), into: \.failures, default: "5",
                    doc: "Failures in a row that open it.", example: "10"),
                .optional(
                    "open", .positiveDuration, into: \.open, default: "60s", doc: "How long it stays open.",
                    example: "5s"),
                .optional(
                    "successes", .count(1...1_000, of: "calls"), into: \.successes, default: "3",
                    doc: "Successes that close it again.", example: "1"),
            ]
        ).form { entries, _ in entries.draft })

    // MARK: From draft to step

    private static let kinds = ["read", "write", "invalidate", "send", "upload", "call", "parallel", "work"]

    /// Which keys belong to some kinds only.
    private static let owners = [
        ("time", ["read", "write"]), ("by", ["invalidate"]), ("related", ["invalidate"]), ("messages", ["send"]),
        ("size", ["upload"]), ("attempts", ["upload", "call"]), ("wait", ["upload", "call"]),
        ("compress-to", ["upload"]), ("compress-at", ["upload"]), ("timeout", ["call"]), ("breaker", ["call"]),
        ("fallback", ["call"]),
    ]

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> WorkStep? {
        let present = entries.present(kinds)
        guard present.count == 1, let kind = present.first else {
            context.complain(
                present.isEmpty ? .missing : .conflict,
                at: present.count > 1 ? entries[present[1]] ?? entries.node.place : entries.node.place,
                present.isEmpty
                    ? "the step does not say what is done"
                    : "`\(present[0])` and `\(present[1])` stand in one step, and each is a step of its own",
                remedy: present.isEmpty
                    ? "write one of " + kinds.map { "`\($0)`" }.joined(separator: ", ")
                    : "write an item of the list for each")
            return nil
        }
        for (key, owners) in owners where !owners.contains(kind) {
            guard let place = entries[key] else { continue }
            context.complain(
                .conflict, at: place,
                "`\(key)` belongs to " + owners.map { "`\($0)`" }.joined(separator: " and ")
                    + ", and the step is `\(kind)`", remedy: "remove it")
            return nil
        }
        if let place = entries["related"], entries["by"] != nil {
            context.complain(
                .conflict, at: place, "`by` and `related` stand in one step, and both say what is dropped",
                remedy: "keep one of them")
            return nil
        }
        return make(entries.draft)
    }

    private static func make(_ draft: Draft) -> WorkStep? {
        if let name = draft.read { return .read(name, time: draft.time) }
        if let name = draft.write { return .write(name, time: draft.time) }
        if let name = draft.invalidate { return .invalidate(name, draft.related.map { .related($0) } ?? draft.by) }
        if let name = draft.send { return .send(name, messages: draft.messages) }
        if let branches = draft.parallel { return .parallel(branches) }
        if let time = draft.work { return .work(time) }
        if let name = draft.upload {
            var upload = Upload()
            upload.bytes = draft.size
            (upload.attempts, upload.wait) = (draft.attempts, draft.wait)
            (upload.compression, upload.compressing) = (draft.compressTo, draft.compressAt)
            return .upload(name, upload)
        }
        guard let name = draft.call else { return nil }
        var call = ServiceCall()
        (call.timeout, call.attempts, call.wait) = (draft.timeout, draft.attempts, draft.wait)
        (call.breaker, call.fallback) = (draft.breaker, draft.fallback)
        return .call(name, call)
    }
}
