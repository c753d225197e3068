import Core

/// `tls:` whom to trust, and who we are.
enum TLSKeys {
    static let form: Form<TLSSettings> = record.form { entries, context in
        let settings = entries.draft
        if let present = PairRule.lonely(of: ("certificate", "key"), in: entries) {
            PairRule.complain(present, ("certificate", "key"), in: entries, &context)
            return nil
        }
        if settings.insecure, let place = entries["insecure"] {
            context.warn(
                .insecure, at: place, "`insecure` turns the verification of certificates off, and every report says so",
                remedy: "name the authority with `ca:` instead")
        }
        return settings
    }

    private static let record = Record<TLSSettings>(
        "tls", noun: "`tls`",
        doc: "Whom to trust and who we are. Certificates are verified unless `insecure` turns that off.",
        example: """
            tls:
              ca: certificates/ca.pem
            """,
        start: TLSSettings(),
        keys: [
            .optional(
                "ca", .file, into: \.authority,
                doc: "PEM file of the authorities to trust instead of the system's.", example: "certificates/ca.pem"),
            .optional(
                "certificate", .file, into: \.certificate,
                doc: "PEM file of our own certificate; needs `key`.", example: "certificates/client.pem"),
            .optional(
                "key", .file, into: \.key, doc: "PEM file of its key; needs `certificate`.",
                example: "certificates/client.key"),
            .optional(
                "insecure", .boolean, into: \.insecure, default: "false",
                doc: "Accept any certificate for any name. Every report of such a run says so.", example: "true"),
        ])
}

/// Two keys that make sense only together.
enum PairRule {
    /// The one of the two that stands alone; nil when both or neither are there.
    static func lonely<Draft>(of pair: (String, String), in entries: Entries<Draft>) -> String? {
        let present = entries.present([pair.0, pair.1])
        return present.count == 1 ? present[0] : nil
    }

    static func complain<Draft>(
        _ present: String, _ pair: (String, String), in entries: Entries<Draft>, _ context: inout ReadingContext
    ) {
        let absent = present == pair.0 ? pair.1 : pair.0
        context.complain(
            .conflict, at: entries[present] ?? entries.node.place, "`\(present)` stands without `\(absent)`",
            remedy: "add `\(absent)`, or remove `\(present)`")
    }
}
