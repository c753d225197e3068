import Core
import Policies

/// `endpoints:` the addresses to spread calls over.
enum EndpointKeys {
    struct Draft: Sendable {
        /// Those of the plan, each with its place.
        var fixed: [Placed<PlannedEndpoint>] = []
        var source: EndpointSource?
    }

    /// Most endpoints of a run.
    static let maximum = 4_096

    static let form: Form<Draft> = {
        let many = Forms.list(item, of: "endpoints")
        return Form(.either([many.kind, sources.kind])) { node, context in
            if case .map = node.content { return sources.read(node, &context).map { Draft(source: $0) } }
            return many.read(node, &context).flatMap { check($0, &context) }
        }
    }()

    private static func check(_ fixed: [Placed<PlannedEndpoint>], _ context: inout ReadingContext) -> Draft? {
        guard fixed.count <= maximum else {
            context.complain(
                .range, at: fixed[maximum].place,
                "the plan has \(fixed.count.grouped) endpoints, and at most \(maximum.grouped) are used",
                remedy: "remove some")
            return nil
        }
        var seen: Set<PlannedEndpoint.Place> = []
        for endpoint in fixed where !seen.insert(endpoint.value.place).inserted {
            context.complain(
                .conflict, at: endpoint.place, "this endpoint stands in the list twice",
                remedy: "write it once, with a `weight`")
            return nil
        }
        return Draft(fixed: fixed)
    }

    // MARK: Written in the plan

    private static let place = Form<PlannedEndpoint.Place>(
        .text("`host:port`, `lab/SERVICE` or `lab/SERVICE/REPLICA`"),
        text: { text throws(Complaint) in
            guard text == "lab" || text.hasPrefix("lab/") else {
                let endpoint = try address(text)
                return .address(host: endpoint.host, port: endpoint.port)
            }
            guard text.utf8.count > 4 else {
                throw Complaint(
                    .target, "`\(text)` names no service",
                    remedy: "write `lab/` and the service's name")
            }
            return .lab(service: String(text.dropFirst(4)))
        })

    /// Host and port, in the one way in which an address is written.
    private static func address(_ text: String) throws(Complaint) -> Endpoint {
        do throws(EndpointProblem) {
            return try EndpointText.parse(text)
        } catch {
            throw Complaint(.host, error.message, remedy: error.remedy)
        }
    }

    private struct Item: Sendable {
        var place: PlannedEndpoint.Place?
        var weight = 1
        var zone: String?
    }

    private static let record = Record<Item>(
        "endpoint", noun: "an endpoint",
        doc: "One address. In place of the map, its `address` alone.",
        example: """
            endpoints:
              - 10.0.0.11:8443
              - { address: 10.0.0.12:8443, weight: 5, zone: b }
              - { address: "[fd00::13]:8443", zone: b }
            """,
        start: Item(),
        keys: [
            .required(
                "address", place, into: \.place,
                doc: "A host name, an IPv4 address or an IPv6 address in brackets, and a port; or a service of the "
                    + "plan's lab. Of a service that has `listen: each`, all replicas, or the one with that number.",
                example: "10.0.0.12:8443"),
            .optional(
                "weight", .count(0...EndpointFile.mostWeight, as: "a weight"), into: \.weight, default: "1",
                doc:
                    "Share of the load relative to the others, for rules that look at it. With 0 it gets nothing, unless "
                    + "all have 0.", example: "5"),
            .optional(
                "zone", .name(NameText.zone), into: \.zone, doc: "Where it stands, for reports.", example: "b"),
        ])

    private static let item: Form<Placed<PlannedEndpoint>> = {
        let map = record.form { entries, _ in
            entries.draft.place.map {
                Placed(
                    value: PlannedEndpoint($0, weight: entries.draft.weight, zone: entries.draft.zone),
                    place: entries.place(of: "address"))
            }
        }
        return Form(.either([place.kind, map.kind])) { node, context in
            if case .map = node.content { return map.read(node, &context) }
            return place.read(node, &context).map { Placed(value: PlannedEndpoint($0), place: node.place) }
        }
    }()

    // MARK: Asked for

    private struct SourceDraft: Sendable {
        var dns: Endpoint?
        var service: String?
        var file: String?
        var server: NameServer?
        var refresh: Span?
    }

    private static let sources: Form<EndpointSource> = record(of: SourceDraft()).form { entries, context in
        let present = entries.present(["dns", "srv", "file"])
        guard present.count == 1 else {
            context.complain(
                present.isEmpty ? .missing : .conflict,
                at: present.isEmpty ? entries.node.place : entries[present[1]] ?? entries.node.place,
                present.isEmpty
                    ? "the map does not say where the endpoints come from"
                    : "`\(present[0])` and `\(present[1])` stand in one map, and endpoints come from one place",
                remedy: present.isEmpty
                    ? "write `dns`, `srv` or `file`, or a list of endpoints" : "keep one of them")
            return nil
        }
        let draft = entries.draft
        if let place = entries["server"], draft.file != nil {
            context.complain(
                .conflict, at: place, "`server` and `file` stand in one map, and a file is not asked for",
                remedy: "remove `server`")
            return nil
        }
        if let address = draft.dns {
            return .dns(
                host: address.host, port: address.port, server: draft.server, refresh: draft.refresh ?? .seconds(10))
        }
        if let name = draft.service {
            return .service(name: name, server: draft.server, refresh: draft.refresh ?? .seconds(10))
        }
        return draft.file.map { .file(path: $0, refresh: draft.refresh ?? .seconds(1)) }
    }

    private static func record(of start: SourceDraft) -> Record<SourceDraft> {
        Record(
            "endpoints", noun: "`endpoints`",
            doc: """
                Addresses to spread calls over; `client.balance` and `client.shard` say how. Connections go to them, and the \
                host of the target stays what `Host`, SNI and the certificate are about. They are a list of \
                [endpoints](#endpoint), or this map, which says where they are found out: with one of `dns`, `srv` and \
                `file` the set may change during the run. Where endpoints come from is said here and nowhere under `client`.
                """,
            example: """
                endpoints: { dns: "shop.internal:8443", refresh: 10s }
                """,
            start: start,
            keys: [
                .optional(
                    "dns",
                    Form(.text("`host:port`"), text: { text throws(Complaint) in try address(text) }),
                    into: \.dns, doc: "All addresses (A and AAAA) of a name, each with this port.",
                    example: "shop.internal:8443"),
                .optional(
                    "srv", Form(.text("name of SRV records"), text: service), into: \.service,
                    doc: "The SRV records of a name: hosts, ports and weights.", example: "_http._tcp.shop.internal"),
                .optional(
                    "file", file, into: \.file,
                    doc:
                        "A file with one endpoint per line: its address, then `weight=5` and `zone=b` where they matter. What "
                        + "follows `#` is a comment.", example: "endpoints.txt"),
                .optional(
                    "server", server, into: \.server, default: "the system's own",
                    doc: "The name server to ask, by its IPv4 address: Consul's, for example.",
                    example: "127.0.0.1:8600"),
                .optional(
                    "refresh", refresh, into: \.refresh, default: "10s for a name, 1s for a file",
                    doc: "How often the source is asked again, at least 100ms.", example: "10s"),
            ])
    }

    /// A file that is right as it stands; during the run a wrong one leaves the endpoints as they were.
    private static let file = Form<String>(.file) { node, context in
        guard let path = Form<String>.file.read(node, &context), let text = node.text else { return nil }
        do throws(Complaint) {
            let bytes = try context.files.bytes(text, limit: EndpointFile.mostBytes)
            do throws(EndpointProblems) {
                _ = try EndpointFile(bytes)
                return path
            } catch {
                guard let first = error.problems.first else { return nil }
                let line = first.line.map { ", line \($0)" } ?? ""
                throw Complaint(
                    .file, "the file `\(text.printable)`\(line): \(first.message)", remedy: first.remedy)
            }
        } catch {
            context.complain(error, at: node.place)
            return nil
        }
    }

    /// RFC 2782: `_service._protocol.name`.
    private static func service(_ text: String) throws(Complaint) -> String {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 3, labels[0].hasPrefix("_"), labels[1].hasPrefix("_") else {
            throw Complaint(
                .host, "`\(text.printable)` is no name of SRV records, which begins with `_service._protocol.`",
                remedy: "write one such as `_http._tcp.shop.internal`")
        }
        guard text.utf8.count <= 253, labels.allSatisfy(isLabel) else {
            throw Complaint(
                .host, "`\(text.printable)` is no host name", remedy: "use letters, digits, `-`, `_` and `.`")
        }
        return text
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count)
            && label.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
                default: false
                }
            }
    }

    private static let server = Form<NameServer>(
        .text("IPv4 address and port"),
        text: { text throws(Complaint) in
            let address = try address(text)
            guard case .v4(let number)? = IPAddress(address.host) else {
                throw Complaint(
                    .host, "`\(text.printable)` is no IPv4 address and port",
                    remedy: "write one such as `127.0.0.1:8600`")
            }
            return NameServer(address: number, port: address.port)
        })

    static let leastRefresh = Span.milliseconds(100)

    private static let refresh = Form<Span>.duration(runAtLeast: leastRefresh).checked { span throws(Complaint) in
        guard span >= leastRefresh else {
            throw Complaint(
                .range, "`refresh` is \(Units.text(span)), and a source is asked at most every 100ms",
                remedy: "write `100ms` or longer")
        }
    }
}
