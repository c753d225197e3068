import Core

/// `expect:` what a response must be like for its call to succeed.
enum ExpectKeys {
    static let form: Form<Expectation> = record.form { entries, _ in entries.draft }

    private static let record = Record<Expectation>(
        "expect", noun: "`expect`",
        doc: "What the response must be like for the call to succeed.",
        example: """
            scenarios:
              browse:
                - get: /products
                  expect: { status: [200, 404, 3xx] }
            """,
        start: Expectation(),
        keys: [
            .optional(
                "status", statuses, into: \.statuses, default: "below 400",
                doc: "Statuses that are right: a number, a class, a range, or a list of these.",
                example: "[200, 404, 3xx]"),
            .planned("body", doc: "What the body must contain."),
            .planned("headers", doc: "Headers that must be there."),
        ])

    private static let statuses: Form<[ClosedRange<Int32>]> = {
        let one = Form<ClosedRange<Int32>>(.text("`200`, `2xx`, `200-299`"), text: StatusText.range)
        let many = Forms.list(one, of: "statuses")
        return Form(.either([one.kind, many.kind])) { node, context in
            node.text == nil ? many.read(node, &context) : one.read(node, &context).map { [$0] }
        }
    }()
}
