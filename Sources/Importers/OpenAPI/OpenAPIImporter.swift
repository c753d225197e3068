/// OpenAPI 3 and Swagger 2: a step for each operation, in the order of the document. A failure of one does not end the flow,
/// because the operations are not one person's way through them.
package enum OpenAPIImporter {
    private static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        let document = try OpenAPIDocument(bytes)
        guard let paths = document.root["paths"]?.members else {
            throw ImportError(.file, "it has no `paths`", remedy: "import a document that describes operations")
        }
        var assembler = PlanAssembler(options)
        let (target, prefix) = target(document, &assembler)
        var items: [ImportedItem] = []
        for (path, node) in paths where path.hasPrefix("/") {
            guard let item = document.resolve(node), let members = item.members else {
                assembler.notes.add("Paths in other files were left out", of: path)
                continue
            }
            for (method, operation) in members where methods.contains(method) && operation.members != nil {
                let operation = OpenAPIOperation(
                    document, method: method, path: path, item: item, operation: operation)
                let parts = operation.parts(prefix: prefix, &assembler)
                if let step = assembler.step(parts) { items.append(.step(step)) }
            }
        }
        let source = document.isOld ? "a Swagger document" : "an OpenAPI document"
        return try assembler.plan(
            [ImportedFlow(name: "main", continues: true, items: items)], target: target, from: source)
    }

    /// The first server, and what stands before each path where the server is named without a host.
    private static func target(
        _ document: OpenAPIDocument, _ assembler: inout PlanAssembler
    ) -> (target: String?, prefix: String) {
        let text = document.isOld ? oldServer(document.root) : server(document.root)
        guard let text, !text.isEmpty else { return (nil, "") }
        if let address = WebAddress(text), !text.contains("{") {
            var target = address.origin + address.path
            while target.hasSuffix("/") { target.removeLast() }
            return (target, "")
        }
        guard text.hasPrefix("/"), !text.contains("{") else {
            assembler.notes.add("The document's server is no URL", of: text)
            return (nil, "")
        }
        var prefix = text
        while prefix.hasSuffix("/") { prefix.removeLast() }
        return (nil, prefix)
    }

    private static func server(_ root: DocumentNode) -> String? {
        guard let server = root["servers"]?.items.first, var url = server["url"]?.string else { return nil }
        for (name, variable) in server["variables"]?.members ?? DocumentMembers() {
            guard let value = (variable["default"] ?? variable["enum"]?.items.first)?.scalarText else { continue }
            url = url.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
            guard url.utf8.count <= 2_000 else { return nil }
        }
        return url
    }

    private static func oldServer(_ root: DocumentNode) -> String? {
        let path = root["basePath"]?.string ?? ""
        guard let host = root["host"]?.string, !host.isEmpty else { return path }
        let schemes = root["schemes"]?.items.compactMap(\.string) ?? []
        let scheme = schemes.contains("https") || schemes.isEmpty ? "https" : "http"
        return "\(scheme)://\(host)" + (path.isEmpty || path.hasPrefix("/") ? path : "/" + path)
    }
}
