/// How an operation proves who calls it: the first way that the document names, with values from the environment.
enum OpenAPISecurity {
    static func apply(
        to parts: inout RequestParts, _ operation: DocumentNode, _ document: OpenAPIDocument,
        _ assembler: inout PlanAssembler
    ) {
        let ways = (operation["security"] ?? document.root["security"])?.items ?? []
        // An empty way means that a call without any will do.
        guard let first = ways.first?.members, !ways.contains(where: { $0.members?.isEmpty ?? true }) else { return }
        let schemes = document.root["components"]?["securitySchemes"] ?? document.root["securityDefinitions"]
        for (name, _) in first {
            guard let scheme = document.resolve(schemes?[name]) else { continue }
            apply(scheme, to: &parts, &assembler)
        }
    }

    private static func apply(_ scheme: DocumentNode, to parts: inout RequestParts, _ assembler: inout PlanAssembler) {
        let kind = scheme["scheme"]?.string?.lowercased()
        switch scheme["type"]?.string {
        case "basic"?: authorize("Basic ", "BASIC_AUTH", &parts, &assembler)
        case "http"? where kind == "basic": authorize("Basic ", "BASIC_AUTH", &parts, &assembler)
        case "http"? where kind == "bearer", "oauth2"?, "openIdConnect"?:
            authorize("Bearer ", "TOKEN", &parts, &assembler)
        case "apiKey"?:
            guard let name = scheme["name"]?.string, !name.isEmpty else { return }
            switch scheme["in"]?.string {
            case "header"?: parts.headers.append(ImportedPair(name, assembler.secrets.declare(name)))
            case "cookie"? where HTTPWords.isToken(name) && PlanKeyText.isUsable(name):
                parts.cookies.append(ImportedPair(name, assembler.secrets.declare(name)))
            case "query"?:
                // The value is hidden where the query is read; the environment has it under the field's name.
                let variable = SecretTable.variable(name)
                _ = assembler.secrets.declare(name)
                let field = PercentCoding.strict(name) + "=" + mark
                parts.query = parts.query.map { $0 + "&" + field } ?? field
                let inner = parts.translate
                parts.translate = { text in
                    text == mark ? ImportedText(environment: variable) : inner(text)
                }
            default: break
            }
        default:
            assembler.notes.add(
                "Kinds of authentication that a plan does not have were left out", of: kind ?? "of no known type")
        }
    }

    /// Stands for a key in a query until that is read.
    private static let mark = "gale-place-of-a-key"

    private static func authorize(
        _ prefix: String, _ variable: String, _ parts: inout RequestParts, _ assembler: inout PlanAssembler
    ) {
        guard !parts.headers.contains(where: { $0.name.lowercased() == "authorization" }) else { return }
        if variable == "BASIC_AUTH" { assembler.notes.remind("`BASIC_AUTH` is the Base64 of `user:password`") }
        var value = ImportedText(prefix)
        value.append(assembler.secrets.declare(variable))
        parts.headers.append(ImportedPair("Authorization", value))
    }
}
