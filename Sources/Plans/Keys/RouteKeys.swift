import Model

/// `routes:` of a service: what it does for requests of some forms.
enum RouteKeys {
    static let form: Form<[RouteDescription]> = Forms.map(
        key: "route", kind: .list(RouteStepKeys.described.kind), of: "routes"
    ) { entry, context in
        do throws(Complaint) {
            var route = try RouteText.parse(entry.key)
            guard let steps = RouteStepKeys.list.read(entry.value, &context) else { return nil }
            route.steps = steps
            return route
        } catch {
            context.complain(error, at: entry.keyPlace)
            return nil
        }
    }
}

/// The name of a route: `GET /products/{id}`, or a path for every method.
enum RouteText {
    /// A route without steps yet.
    static func parse(_ text: String) throws(Complaint) -> RouteDescription {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2 else {
            throw Complaint(
                .path, "`\(text.printable)` is no route, which is a path, or a method, a blank and a path",
                remedy: "write it like `GET /products/{id}`")
        }
        let path = parts[parts.count - 1]
        let method = parts.count == 2 ? try HTTPText.method(parts[0]) : nil
        try HTTPText.path(path)
        guard !path.contains("?") else {
            throw Complaint(
                .path, "`\(path.printable)` has a query, and routes go by the path alone",
                remedy: "remove what follows `?`")
        }
        guard hasKeyAtMostAtItsEnd(path) else {
            throw Complaint(
                .path,
                "`\(path.printable)` has braces that are not its last segment, and only that stands for any text",
                remedy: "write it like `/products/{id}`")
        }
        return RouteDescription(method: method, path: path, steps: [])
    }

    private static func hasKeyAtMostAtItsEnd(_ path: String) -> Bool {
        func isBrace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") }
        let bytes = Array(path.utf8)
        guard bytes.contains(where: isBrace) else { return true }
        let last = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        let segment = bytes[last...]
        return !bytes[..<last].contains(where: isBrace) && segment.count > 2
            && segment.first == UInt8(ascii: "{") && segment.last == UInt8(ascii: "}")
            && !segment.dropFirst().dropLast().contains(where: isBrace)
    }
}

extension RouteDescription {
    /// As a plan writes it.
    var text: String { method.map { "\($0) \(path)" } ?? path }

    /// The path, without what the text for any text is called: two routes of one form take the same requests.
    var shape: String { path.hasSuffix("}") ? String(path.prefix { $0 != "{" }) + "{}" : path }
}
