import Core
import Model

/// `faults:` of a service: ways to misbehave, by name.
enum FaultKeys {
    struct Draft: Sendable {
        var name: FaultName?
        var share = 1.0
        var path: String?
        var status: Int32?
        var by: Span?
        var bytes: Int?
        var every: Span?
        var to: String?
        var at: Span = .zero
        var lasts: Span?
        var replicas: ClosedRange<Int>?
    }

    static let form: Form<Fault> = record.form { entries, context in finish(entries, &context) }

    private static let record = Record<Draft>(
        "lab.services.faults", noun: "a fault",
        doc: "Ways in which the service misbehaves. The first fault of the list that strikes a request is the one it "
            + "gets.\n\n" + FaultName.all.map { "- `\($0.name)`: \($0.doc)" }.joined(separator: "\n"),
        example: """
            lab:
              services:
                shop:
                  faults:
                    - { fault: status, status: 503, share: 5% }
                    - { fault: delay, by: 200ms, share: 1%, path: /orders }
                    - { fault: stall, at: 3s, for: 2s, replicas: 0 }
            """,
        start: Draft(),
        keys: [
            .required(
                "fault", FaultName.form, into: \.name, doc: "Which one, by its name above.", example: "reset"),
            .optional(
                "share", .share, into: \.share, default: "100%",
                doc: "Share of the requests, or of the connections, that it strikes.", example: "5%"),
            .optional(
                "path", Form(.text("path"), text: HTTPText.path), into: \.path,
                doc: "Only requests whose path begins with this.", example: "/orders"),
            .optional(
                "status", LabKeys.status, into: \.status, doc: "The status that `status` answers.", example: "503"),
            .optional("by", .positiveDuration, into: \.by, doc: "By how much `delay` delays.", example: "200ms"),
            .optional(
                "bytes", .size(upTo: 1_000_000_000).checked(FaultKeys.notNothing), into: \.bytes,
                doc: "How much `gzip-bomb`, `oversized-header` and `oversized-headers` make.", example: "1MB"),
            .optional(
                "every", .positiveDuration, into: \.every, doc: "The interval between two bytes of `trickle`.",
                example: "10ms"),
            .optional(
                "to", Form(.text("path or URL"), text: location), into: \.to,
                doc: "Where `redirect` sends the client.", example: "/elsewhere"),
            .optional(
                "at", .duration, into: \.at, default: "0s",
                doc: "From when on it strikes, counted from the start of the load.", example: "10s"),
            .optional(
                "for", .positiveDuration, into: \.lasts, default: "to the end of the run",
                doc: "For how long it strikes.", example: "30s"),
            .optional(
                "replicas", ReplicaForms.range, into: \.replicas, default: "all of them",
                doc: "At which replicas it strikes, by number from 0.", example: "0 to 3"),
        ])

    private static func notNothing(_ bytes: Int) throws(Complaint) {
        guard bytes > 0 else {
            throw Complaint(.range, "a size of zero makes no sense here", remedy: "write at least `1B`")
        }
    }

    private static func location(_ text: String) throws(Complaint) -> String {
        text.hasPrefix("/") ? try HTTPText.path(text) : try URLText(text).whole
    }

    private static func finish(_ entries: Entries<Draft>, _ context: inout ReadingContext) -> Fault? {
        guard let fault = entries.draft.name else { return nil }
        let values = entries.present(FaultName.values)
        if let wrong = values.first(where: { $0 != fault.value }) {
            context.complain(
                .fault, at: entries[wrong] ?? entries.node.place, "`\(wrong)` says nothing to `\(fault.name)`",
                remedy: fault.value.map { "write `\($0)`, or remove it" } ?? "remove it")
            return nil
        }
        guard let kind = fault.make(entries.draft) else {
            let value = fault.value ?? "value"
            context.complain(
                .missing, at: entries.place(of: "fault"), "`\(value)` is missing, and `\(fault.name)` needs it",
                remedy: "write it beside `fault`")
            return nil
        }
        if kind.strikesConnections, let place = entries["path"] {
            context.complain(
                .fault, at: place, "`\(fault.name)` strikes connections, which have no path", remedy: "remove `path`")
            return nil
        }
        var struck = Fault(kind, share: entries.draft.share, path: entries.draft.path)
        struck.at = entries.draft.at
        struck.lasts = entries.draft.lasts
        struck.replicas = entries.draft.replicas
        return struck
    }
}
