import Core
import Policies

/// `client.health:` which endpoints are fit to be sent to.
enum HealthKeys {
    struct Draft: Sendable {
        var check: HealthCheckSettings?
        var outliers: OutlierSettings?
    }

    static let form: Form<Draft> = record.form { entries, context in
        guard entries["check"] != nil || entries["outliers"] != nil else {
            context.complain(
                .empty, at: entries.node.place, "this map has neither `check` nor `outliers`",
                remedy: "write one, such as `check: /health`, or remove the key")
            return nil
        }
        return entries.draft
    }

    private static let record = Record<Draft>(
        "client.health", noun: "`client.health`",
        doc: """
            Two ways to find that an endpoint is not fit: to ask it (`check`), and to look at what became of the attempts \
            (`outliers`). One that is not fit is not chosen, as long as enough others are (`client.balance.panic`).
            """,
        example: """
            endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
            client:
              health:
                check: { path: /health, interval: 10s }
                outliers: { consecutive: 5, most: 50% }
            """,
        start: Draft(),
        keys: [
            .optional(
                "check", Forms.orNone(check), into: \.check,
                doc: "Requests to every endpoint: `none`, a path, or a [map](#clienthealthcheck).", example: "/health"),
            .optional(
                "outliers", Forms.orNone(outliers), into: \.outliers,
                doc: "Ejection by what attempts come to: `none`, or a [map](#clienthealthoutliers), which may be `{}`.",
                example: "{ consecutive: 5 }"),
        ])

    // MARK: Asking

    private static let path = Form<String>(
        .text("path"),
        text: { text throws(Complaint) in
            guard text.hasPrefix("/") else {
                throw Complaint(
                    .path, "`\(text.printable)` does not begin with `/`, and the path of a check does",
                    remedy: "write one such as `/health`")
            }
            return try HTTPText.path(text)
        })

    private static let status = Form<ClosedRange<Int32>>(
        .text("`200`, `2xx`, `200-299`"), text: { text throws(Complaint) in try StatusText.range(text) })

    private static let check: Form<HealthCheckSettings> = Forms.textOrMap(
        path.map { path in
            var settings = HealthCheckSettings()
            settings.path = path
            return settings
        },
        Record<HealthCheckSettings>(
            "client.health.check", noun: "`check`",
            doc: "A GET to every endpoint at intervals. In place of the map, its `path` alone.",
            example: """
                client:
                  health: { check: { path: /health, interval: 5s, timeout: 1s, unhealthy: 2 } }
                """,
            start: HealthCheckSettings(),
            keys: [
                .optional("path", path, into: \.path, default: "/", doc: "Path and query.", example: "/health"),
                .optional(
                    "interval", interval, into: \.interval, default: "30s",
                    doc: "From start to start, at least 10ms.", example: "5s"),
                .optional(
                    "timeout", .positiveDuration, into: \.timeout, default: "5s, or `interval` when that is shorter",
                    doc: "Longest time for one check.", example: "1s"),
                .optional(
                    "status", status, into: \.status, default: "2xx", doc: "The statuses that mean health.",
                    example: "200"),
                .optional(
                    "unhealthy", .count(1...1_000, of: "checks"), into: \.unhealthy, default: "3",
                    doc: "Failed checks in a row that make an endpoint unhealthy.", example: "2"),
                .optional(
                    "healthy", .count(1...1_000, of: "checks"), into: \.healthy, default: "2",
                    doc: "Good checks in a row that make it healthy again.", example: "3"),
            ]
        ).form { entries, context in
            var settings = entries.draft
            guard entries["timeout"] != nil else {
                settings.timeout = min(settings.timeout, settings.interval)
                return settings
            }
            guard settings.timeout <= settings.interval else {
                context.complain(
                    .conflict, at: entries.place(of: "timeout"),
                    "`timeout` is \(Units.text(settings.timeout)), longer than the time from check to check "
                        + "(\(Units.text(settings.interval)))", remedy: "shorten `timeout`, or lengthen `interval`")
                return nil
            }
            return settings
        })

    static let leastInterval = Span.milliseconds(10)

    private static let interval = Form<Span>.duration(runAtLeast: leastInterval).checked { span throws(Complaint) in
        guard span >= leastInterval else {
            throw Complaint(
                .range, "an interval of \(Units.text(span)) is too short, the least is 10ms",
                remedy: "write `10ms` or longer")
        }
    }

    // MARK: Looking

    private static let outliers: Form<OutlierSettings> = Record<OutlierSettings>(
        "client.health.outliers", noun: "`outliers`",
        doc: """
            Endpoints whose attempts fail are ejected for a while, longer each time: failures in a row at once, shares at \
            intervals. The defaults are those of Envoy.
            """,
        example: """
            endpoints: [10.0.0.11:8443, 10.0.0.12:8443]
            client:
              health: { outliers: { consecutive: 3, ejection: 10s, most: 50%, deviations: none } }
            """,
        start: OutlierSettings(),
        keys: [
            .optional(
                "consecutive", Forms.orNone(.count(1...1_000, of: "failures")), into: \.consecutive, default: "5",
                doc: "Failed attempts in a row that eject.", example: "3"),
            .optional(
                "interval", interval, into: \.interval, default: "10s",
                doc: "How often shares are looked at.", example: "5s"),
            .optional(
                "ejection", .positiveDuration, into: \.ejection, default: "30s",
                doc: "How long the first ejection lasts; the next ones twice, three times as long and so on.",
                example: "10s"),
            .optional(
                "longest", .positiveDuration, into: \.longest, default: "5m", doc: "The longest ejection.",
                example: "2m"),
            .optional(
                "most", .share, into: \.most, default: "10%",
                doc: "The largest share of endpoints that may be ejected at once; one always may.", example: "50%"),
            .optional(
                "deviations", Forms.orNone(.number("a factor", in: 0.1...100)), into: \.deviations, default: "1.9",
                doc:
                    "A share of good attempts that is lower than the mean of all endpoints by so many standard deviations "
                    + "ejects.", example: "none"),
            .optional(
                "deviation-hosts", .count(2...4_096, of: "endpoints"), into: \.deviationHosts, default: "5",
                doc: "Endpoints with enough attempts that `deviations` needs.", example: "3"),
            .optional(
                "deviation-volume", .count(1...1_000_000, of: "attempts"), into: \.deviationVolume, default: "100",
                doc: "Attempts in an interval that are enough for it.", example: "50"),
            .optional(
                "failures", Forms.orNone(.share), into: \.failures, default: "none",
                doc: "A share of failed attempts that ejects.", example: "85%"),
            .optional(
                "failure-hosts", .count(1...4_096, of: "endpoints"), into: \.failureHosts, default: "5",
                doc: "Endpoints with enough attempts that `failures` needs.", example: "3"),
            .optional(
                "failure-volume", .count(1...1_000_000, of: "attempts"), into: \.failureVolume, default: "50",
                doc: "Attempts in an interval that are enough for it.", example: "20"),
        ]
    ).form { entries, context in
        var settings = entries.draft
        guard entries["longest"] != nil || entries["ejection"] != nil else { return settings }
        guard entries["longest"] != nil else {
            settings.longest = max(settings.longest, settings.ejection)
            return settings
        }
        guard settings.ejection <= settings.longest else {
            context.complain(
                .conflict, at: entries.place(of: "longest"),
                "`longest` is \(Units.text(settings.longest)), shorter than the first ejection "
                    + "(\(Units.text(settings.ejection)))", remedy: "lengthen `longest`, or shorten `ejection`")
            return nil
        }
        return settings
    }
}
