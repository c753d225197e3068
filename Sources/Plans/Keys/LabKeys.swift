import Core
import Model

/// `lab:` the embedded target.
enum LabKeys {
    struct Draft: Sendable {
        var services: [ServiceDescription]?
        var resources: [ResourceDescription] = []
    }

    static let form: Form<LabDescription> = record.form { entries, context in
        guard let services = entries.draft.services else { return nil }
        let lab = LabDescription(services: services, resources: entries.draft.resources)
        ResourceRules(lab: lab, node: entries.node).check(&context)
        return lab
    }

    private static let record = Record<Draft>(
        "lab", noun: "`lab`",
        doc: "The embedded target: a server that is started with the run and does what the plan tells it to do.",
        example: """
            lab:
              services:
                shop: { time: 10ms }
            """,
        start: Draft(),
        keys: [
            .required(
                "services", services, into: \.services, doc: "The services of the lab, by name.",
                example: "{ shop: { time: 10ms } }"),
            .optional(
                "resources", ResourceKeys.form, into: \.resources,
                doc: "What is behind them, by name: databases, caches, queues of messages, stores, other services.",
                example: "{ catalogue: { database: { read: 5ms } } }"),
        ])

    private static let services: Form<[ServiceDescription]> = Forms.map(
        key: "name", kind: service.form { entries, _ in entries.draft }.kind, of: "services"
    ) { entry, context in
        do throws(Complaint) {
            let name = try NameText.service(entry.key)
            let form = service.form { entries, context in
                ServiceRules.check(entries, &context)
                var service = entries.draft
                service.name = name
                return service
            }
            return form.read(entry.value, &context)
        } catch {
            context.complain(error, at: entry.keyPlace)
            return nil
        }
    }

    enum Answer: Hashable, Sendable {
        case text, echo, state
    }

    private static let answer = Form<Answer>.choice(["text": .text, "echo": .echo, "state": .state])

    /// A status that ends a response.
    static let status: Form<Int32> = Form<Int>.count(200...599, as: "a status").map { Int32($0) }

    private static let port: Form<UInt16> = Form<Int>.count(1...65_535, as: "a port").map { UInt16($0) }

    private static let service = Record<ServiceDescription>(
        "lab.services", noun: "a service",
        doc: """
            Services by name. A service has replicas, each serves a bounded number of requests at once and lets others \
            wait in a queue; what the queue cannot take is answered with 503.
            """,
        example: """
            lab:
              services:
                shop:
                  replicas: 3
                  workers: 8
                  queue: 100
                  time: { p50: 10ms, p99: 50ms }
                  body: 2kB
            """,
        start: ServiceDescription(name: ""),
        keys: [
            .optional(
                "port", port, into: \.port, default: "any free one",
                doc:
                    "The TCP port on 127.0.0.1; with `listen: each` that of replica 0, and the next ones for the others.",
                example: "8080"),
            .optional(
                "replicas", .count(1...ReplicaForms.most, of: "replicas"), into: \.replicas, default: "1",
                doc: "How many there are; requests go to them in turn, unless each listens.", example: "3"),
            .optional(
                "listen", .choice(["together": .together, "each": .each]), into: \.listening, default: "together",
                doc:
                    "Whether one address stands for all replicas, or each has an address of its own: as [endpoints](#endpoint), "
                    + "`lab/shop` is then all of them, `lab/shop/3` number 3.", example: "each"),
            .optional(
                "workers", .count(1...100_000, of: "workers"), into: \.workers, default: "16",
                doc: "Requests that one replica serves at once.", example: "8"),
            .optional(
                "queue", .count(0...1_000_000, of: "places"), into: \.queue, default: "1_000",
                doc: "Requests that may wait at one replica; one more is answered with 503.", example: "100"),
            .optional(
                "order", .choice(["fifo": .firstIn, "lifo": .lastIn]), into: \.order, default: "fifo",
                doc: "Who of those that wait is served next: who came first, or who came last.", example: "lifo"),
            .optional(
                "serves-abandoned", .boolean, into: \.servesAbandoned, default: "false",
                doc:
                    "Whether a request is served all the same when its client has left, as by a server that does not look; "
                    + "else one that waits is forgotten.", example: "true"),
            .optional(
                "time", TimeKeys.form, into: \.time, default: "0s",
                doc: "How long a worker is busy with one request.", example: "{ p50: 10ms, p99: 50ms }"),
            .optional(
                "connection", .duration, into: \.connection, default: "0s",
                doc: "How long a new connection takes before it is read from.", example: "2ms"),
            .optional(
                "network", NetworkKeys.form, into: \.network,
                doc: "The way between clients and the service; `gale run` leaves it out.",
                example: "{ delay: 500us, loss: 0.1% }"),
            .optional(
                "episodes", Forms.list(EpisodeKeys.form, of: "episodes"), into: \.episodes,
                doc: "What happens to the replicas while the run lasts.", example: "[{ outage: 10s, at: 30s }]"),
            .optional(
                "optimistic", .boolean, into: \.isOptimistic, default: "false",
                doc:
                    "Optimistic concurrency: a request during whose service another one succeeded is answered with 409.",
                example: "true"),
            .optional(
                "status", status, into: \.status, default: "200", doc: "The status of a good answer.",
                example: "204"),
            .optional(
                "body", .size(upTo: 64_000_000), into: \.bodyBytes, default: "64B",
                doc: "The size of its body.", example: "2kB"),
            .optional(
                "answer", answer, into: \.answer, default: "text",
                doc:
                    "What a good answer is: a text of the size of `body`, or a JSON object that says back what was asked "
                    + "(`id`, `method`, `path`, `query`, `headers`, `body`). In the query of an echo `_status=202` asks for that "
                    + "status, `_cookie=a%3Db` for that cookie. With `state` it says what the work of a route came to: "
                    + "`{\"key\":\"17\",\"version\":3,\"stale\":false}`.",
                example: "echo"),
            .optional(
                "routes", RouteKeys.form, into: \.routes,
                doc:
                    "What it does for some requests behind its own time, by method and path: [steps](#labservicesroutes). The "
                    + "first route that fits is taken.",
                example: "{ \"GET /products/{id}\": [{ read: catalogue }] }"),
            .optional(
                "reports-load", .boolean, into: \.reportsLoad, default: "false",
                doc:
                    "Whether every answer carries an ORCA load report in `endpoint-load-metrics`: busy workers as a share of all, "
                    + "and answers per second.", example: "true"),
            .optional("tls", certificate, into: \.tls, doc: "Serve over TLS.", example: certificateExample),
            .optional(
                "faults", Forms.list(FaultKeys.form, of: "faults"), into: \.faults, doc: "Ways to misbehave.",
                example: "[{ fault: reset, share: 1% }]"),
        ])

    private static let certificateExample = "{ certificate: certificates/lab.pem, key: certificates/lab.key }"

    private struct CertificateDraft: Sendable {
        var certificate: String?
        var key: String?
    }

    private static let certificate: Form<ServiceCertificate> = Record<CertificateDraft>(
        "lab.services.tls", noun: "`tls` of a service",
        doc: "The certificate that the service shows.",
        example: """
            lab:
              services:
                shop:
                  tls: \(certificateExample)
            """,
        start: CertificateDraft(),
        keys: [
            .required(
                "certificate", .file, into: \.certificate, doc: "PEM file of the certificate.",
                example: "certificates/lab.pem"),
            .required("key", .file, into: \.key, doc: "PEM file of its key.", example: "certificates/lab.key"),
        ]
    ).form { entries, _ in
        guard let certificate = entries.draft.certificate, let key = entries.draft.key else { return nil }
        return ServiceCertificate(certificate: certificate, key: key)
    }
}

extension ServiceDescription {
    /// `answer:`, one word for two properties.
    fileprivate var answer: LabKeys.Answer {
        get { echoes ? .echo : answersState ? .state : .text }
        set { (echoes, answersState) = (newValue == .echo, newValue == .state) }
    }
}
