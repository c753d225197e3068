import Core
import Model

/// `lab.resources:` what is behind the services of the lab, by name.
enum ResourceKeys {
    struct Draft: Sendable {
        var database: DatabaseDescription?
        var cache: CacheDescription?
        var queue: QueueDescription?
        var store: StoreDescription?
        var service: BackServiceDescription?
    }

    static let form: Form<[ResourceDescription]> = Forms.map(
        key: "name", kind: record.form { entries, _ in entries.draft }.kind, of: "resources"
    ) { entry, context in
        do throws(Complaint) {
            let name = try NameText.resource(entry.key)
            let form = record.form { entries, context in finish(entries, &context) }
            return form.read(entry.value, &context).map { ResourceDescription(name: name, kind: $0) }
        } catch {
            context.complain(error, at: entry.keyPlace)
            return nil
        }
    }

    private static let record = Record<Draft>(
        "lab.resources", noun: "a resource",
        doc: """
            What is behind the services, by name: each is one of `database`, `cache`, `queue`, `store` and `service`. Requests \
            come to them by the [routes](#labservicesroutes) of a service and wait there for their turn, while their worker \
            is held. They keep real state: what was written can be read, a hit of a cache is a key that is there.
            """,
        example: """
            target: lab/shop
            lab:
              resources:
                catalogue: { database: { connections: 20, read: 40ms, write: 20ms, replicas: 2, lag: 100ms } }
                pages: { cache: { of: catalogue, capacity: 5_000, ttl: 5m } }
                payment: { service: { workers: 8, time: 100ms, episodes: [{ outage: 10s, at: 20s }] } }
              services:
                shop:
                  time: 1ms
                  routes:
                    "GET /products/{id}": [{ read: pages }]
                    POST /orders: [{ write: catalogue }, { call: payment, timeout: 1s, fallback: 202 }]
            """,
        start: Draft(),
        keys: [
            .optional(
                "database", DatabaseKeys.form, into: \.database, doc: "Servers that keep rows by key.",
                example: "{ connections: 20, read: 5ms, replicas: 2 }"),
            .optional(
                "cache", CacheKeys.form, into: \.cache, doc: "Nodes that keep copies of a database's rows.",
                example: "{ of: catalogue, capacity: 5_000, ttl: 5m }"),
            .optional(
                "queue", QueueKeys.form, into: \.queue, doc: "Messages that are delivered later, in batches.",
                example: "{ batch: 100, flush: 30s }"),
            .optional(
                "store", StoreKeys.form, into: \.store, doc: "Where large objects are uploaded to.",
                example: "{ bandwidth: 10MB/s }"),
            .optional(
                "service", BackServiceKeys.form, into: \.service, doc: "A service that only other services call.",
                example: "{ workers: 8, time: 100ms }"),
        ])

    private static let kinds = ["database", "cache", "queue", "store", "service"]

    private static func finish(
        _ entries: Entries<Draft>, _ context: inout ReadingContext
    ) -> ResourceDescription.Kind? {
        let present = entries.present(kinds)
        guard present.count == 1 else {
            context.complain(
                present.isEmpty ? .missing : .conflict,
                at: present.count > 1 ? entries[present[1]] ?? entries.node.place : entries.node.place,
                present.isEmpty
                    ? "the resource does not say what it is"
                    : "`\(present[0])` and `\(present[1])` stand in one resource, and each is a resource of its own",
                remedy: present.isEmpty
                    ? "write one of " + kinds.map { "`\($0)`" }.joined(separator: ", ")
                    : "give each a name of its own")
            return nil
        }
        let draft = entries.draft
        if let database = draft.database { return .database(database) }
        if let cache = draft.cache { return .cache(cache) }
        if let queue = draft.queue { return .queue(queue) }
        if let store = draft.store { return .store(store) }
        return draft.service.map { .service($0) }
    }

    /// A lab with a resource, and a service whose route has one step.
    static func example(_ resource: String, step: String) -> String {
        """
        target: lab/shop
        lab:
          resources:
            \(resource)
          services:
            shop:
              routes:
                /any: [{ \(step) }]
        """
    }
}

extension ResourceDescription.Kind {
    /// Its word in a plan.
    var word: String {
        switch self {
        case .database: "database"
        case .cache: "cache"
        case .queue: "queue"
        case .store: "store"
        case .service: "service"
        }
    }
}
