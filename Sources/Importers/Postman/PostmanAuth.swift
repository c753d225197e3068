/// How a collection, a folder or a request proves who it is.
struct PostmanAuth {
    private let type: String
    private let parameters: DocumentNode?

    /// Nil for one that is not there, so that the one above holds.
    init?(_ node: DocumentNode?) {
        guard let node, let type = node["type"]?.string else { return nil }
        self.type = type
        parameters = node[type]
    }

    /// Version 2.1 has a list of names and values, version 2.0 an object.
    private func parameter(_ name: String) -> String? {
        parameters?[name]?.scalarText
            ?? parameters?.items.first { $0["key"]?.string == name }?["value"]?.scalarText
    }

    func apply(to parts: inout RequestParts, _ variables: PostmanVariables, _ assembler: inout PlanAssembler) {
        switch type {
        case "noauth": break
        case "bearer": setHeader("Authorization", "Bearer ", parameter("token") ?? "", "token")
        case "oauth2": setHeader("Authorization", "Bearer ", parameter("accessToken") ?? "", "token")
        case "basic":
            assembler.notes.remind("`BASIC_AUTH` is the Base64 of `user:password`")
            guard !has("Authorization") else { return }
            var value = ImportedText("Basic ")
            value.append(
                assembler.secrets.place(
                    for: "\(parameter("username") ?? ""):\(parameter("password") ?? "")", of: "BASIC_AUTH"))
            parts.headers.append(ImportedPair("Authorization", value))
        case "apikey":
            let name = parameter("key") ?? "X-Api-Key"
            if parameter("in") == "query" {
                let field = PercentCoding.strict(name) + "=" + PercentCoding.visible(parameter("value") ?? "")
                parts.query = parts.query.map { $0 + "&" + field } ?? field
            } else {
                setHeader(name, "", parameter("value") ?? "", name)
            }
        default: assembler.notes.add("Kinds of authentication that a plan does not have were left out", of: type)
        }

        func has(_ header: String) -> Bool {
            parts.headers.contains { $0.name.lowercased() == header.lowercased() }
        }
        func setHeader(_ header: String, _ prefix: String, _ value: String, _ name: String) {
            guard !has(header) else { return }
            let text = variables.text(value, isSecret: true, &assembler)
            var whole = ImportedText(prefix)
            whole.append(text.literal.map { assembler.secrets.place(for: $0, of: name) } ?? text)
            parts.headers.append(ImportedPair(header, whole))
        }
    }
}
