/// The names that a plan gives: they become folders, series, columns and scopes of budgets.
enum NameText {
    /// A plan's name, which is also the name of the folder of its bundles.
    static func plan(_ text: String) throws(Complaint) -> String {
        try check(text, of: "a plan", except: "/")
        guard text.first != "." else {
            throw Complaint(
                .name, "`\(text.printable)` begins with `.`, and the name of a plan is also the name of a folder",
                remedy: "write another name")
        }
        return text
    }

    /// A scenario's name: without `/`, which divides scenario and step in the scope of a budget.
    static func scenario(_ text: String) throws(Complaint) -> String {
        try check(text, of: "a scenario", except: "/:")
    }

    static func variant(_ text: String) throws(Complaint) -> String {
        try check(text, of: "a variant", except: "/:")
    }

    /// Where an endpoint stands.
    static func zone(_ text: String) throws(Complaint) -> String { try check(text, of: "a zone", except: "") }

    /// A group of steps under one limit; the other limits are called `client` and `endpoint`.
    static func bulkhead(_ text: String) throws(Complaint) -> String {
        guard text != "client", text != "endpoint" else {
            throw Complaint(
                .name, "`\(text)` is what reports call the bulkhead per \(text)", remedy: "write another name")
        }
        return try check(text, of: "a bulkhead", except: "/:")
    }

    static func step(_ text: String) throws(Complaint) -> String {
        try check(text, of: "a step", except: "")
    }

    static func service(_ text: String) throws(Complaint) -> String {
        guard HTTPText.isToken(text), text.utf8.count <= maximum else {
            throw Complaint(
                .name,
                "`\(text.printable)` is no name of a service, which is made of letters, digits, `-`, `_` and `.`",
                remedy: "write a name such as `shop`")
        }
        return text
    }

    static func resource(_ text: String) throws(Complaint) -> String {
        guard HTTPText.isToken(text), text.utf8.count <= maximum else {
            throw Complaint(
                .name,
                "`\(text.printable)` is no name of a resource, which is made of letters, digits, `-`, `_` and `.`",
                remedy: "write a name such as `catalogue`")
        }
        return text
    }

    /// The name that a step has without one: `GET /products`, the query left out, at most `maximum` characters.
    static func stepName(method: String, path: String) -> String {
        let bare = path.prefix { $0 != "?" }
        let name = "\(method) \(bare)"
        return name.count <= maximum ? name : String(name.prefix(maximum - 1)) + "…"
    }

    /// The name that a plan has without one: its file's, made fit for a folder.
    static func planName(ofFile file: String) -> String {
        var name = file.split(separator: "/").last.map(String.init) ?? ""
        for ending in [".yaml", ".yml"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
        let clean = String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "-" }.prefix(maximum))
        let body = clean.drop { $0 == "." }
        return body.isEmpty ? "plan" : String(body)
    }

    /// Longest name, in characters.
    static let maximum = 80

    @discardableResult
    private static func check(
        _ text: String, of what: String, except forbidden: String
    ) throws(Complaint) -> String {
        guard !text.isEmpty else {
            throw Complaint(.name, "the name of \(what) is empty", remedy: "write one, or remove the key")
        }
        guard text.trimmed == text else {
            throw Complaint(
                .name, "`\(text.printable)` begins or ends with a blank, and no name of \(what) does",
                remedy: "write `\(text.trimmed.printable)`")
        }
        guard text.count <= maximum else {
            throw Complaint(
                .name,
                "`\(text.printable)` has \(text.count.grouped) characters, and the name of \(what) has at most "
                    + "\(maximum)", remedy: "write a shorter name")
        }
        if let bad = text.unicodeScalars.first(where: { !isPlain($0) }) {
            throw Complaint(
                .name,
                "`\(text.printable)` contains U+\(String(bad.value, radix: 16, uppercase: true)), and no name of "
                    + "\(what) has control characters", remedy: "remove it")
        }
        if let bad = text.first(where: { forbidden.contains($0) }) {
            throw Complaint(
                .name, "`\(text.printable)` contains `\(bad)`, which no name of \(what) may have",
                remedy: "write `-` for it")
        }
        return text
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}

extension Form where Value == String {
    /// A name that the plan gives. It ends in every report, so nothing from outside the plan may stand in it.
    static func name(_ parse: @escaping @Sendable (String) throws(Complaint) -> String) -> Form {
        let form = Form(.text("name"), text: parse)
        return Form(form.kind) { node, context in
            guard node.unexpanded == nil else {
                context.complain(
                    .name, at: node.place,
                    "`\((node.source ?? "").printable)` takes a value from outside the plan, and a name ends in every report",
                    remedy: "write the name out")
                return nil
            }
            return form.read(node, &context)
        }
    }
}
