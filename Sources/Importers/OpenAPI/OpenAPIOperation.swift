/// One operation of a document as a request.
struct OpenAPIOperation {
    let document: OpenAPIDocument
    let method: String
    /// With `{name}` where a parameter stands.
    let path: String
    let operation: DocumentNode
    /// Those of the path and of the operation, which come first.
    private let parameters: [DocumentNode]

    init(_ document: OpenAPIDocument, method: String, path: String, item: DocumentNode, operation: DocumentNode) {
        self.document = document
        self.method = method
        self.path = path
        self.operation = operation
        let all = (operation["parameters"]?.items ?? []) + (item["parameters"]?.items ?? [])
        parameters = all.compactMap { document.resolve($0) }
    }

    func parts(prefix: String, _ assembler: inout PlanAssembler) -> RequestParts {
        let halves = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var parts = RequestParts(
            method: method.uppercased(), path: pathText(prefix + String(halves.first ?? "/"), &assembler))
        parts.name = operation["operationId"]?.string
        parts.query = halves.count == 2 ? PercentCoding.visible(halves[1]) : nil
        addParameters(&parts, &assembler)
        OpenAPISecurity.apply(to: &parts, operation, document, &assembler)
        parts.body = document.isOld ? oldBody(&parts, &assembler) : body(&parts, &assembler)
        parts.status = status
        return parts
    }

    private func parameter(_ name: String, in place: String) -> DocumentNode? {
        parameters.first { $0["name"]?.string == name && $0["in"]?.string == place }
    }

    private func pathText(_ path: String, _ assembler: inout PlanAssembler) -> ImportedText {
        var text = ImportedText()
        var rest = path.hasPrefix("/") ? Substring(path) : Substring("/" + path)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text.append(PercentCoding.visible(rest[..<open]))
            let name = String(rest[rest.index(after: open)..<close])
            if name.isEmpty || name.contains("{") {
                text.append(PercentCoding.visible(rest[open...close]))
            } else {
                let parameter = parameter(name, in: "path")
                if parameter == nil { assembler.notes.add("Path parameters are not described", of: name) }
                text.append(
                    ImportedText(
                        variable: assembler.addData(name, OpenAPIParameter.source(parameter, document))))
            }
            rest = rest[rest.index(after: close)...]
        }
        text.append(PercentCoding.visible(rest))
        return text
    }

    /// Parameters that are required, and those that have an example of their own.
    private func addParameters(_ parts: inout RequestParts, _ assembler: inout PlanAssembler) {
        var seen: Set<String> = []
        for parameter in parameters {
            guard let name = parameter["name"]?.string, let place = parameter["in"]?.string,
                seen.insert(place + "\u{0}" + name).inserted,
                parameter["required"]?.boolean == true || parameter["example"] != nil
            else { continue }
            let value = OpenAPIParameter.text(parameter, document)
            switch place {
            case "query":
                let field = PercentCoding.strict(name) + "=" + PercentCoding.strict(value)
                parts.query = parts.query.map { $0 + "&" + field } ?? field
            case "header":
                // Accept, Content-Type and Authorization are said elsewhere (OpenAPI 3.1, 4.8.12.1).
                if !["accept", "content-type", "authorization"].contains(name.lowercased()) {
                    parts.headers.append(ImportedPair(name, ImportedText(value)))
                }
            case "cookie":
                guard PlanKeyText.isUsable(name), HTTPWords.isToken(name) else { continue }
                parts.cookies.append(ImportedPair(name, assembler.secrets.place(for: value, of: name)))
            default: break
            }
        }
    }

    // MARK: Bodies

    private func body(_ parts: inout RequestParts, _ assembler: inout PlanAssembler) -> RequestParts.Body? {
        guard let content = document.resolve(operation["requestBody"])?["content"]?.members, !content.isEmpty else {
            return nil
        }
        let types = content.map(\.name)
        let chosen =
            types.first { BodyReader.essence($0) == "application/json" }
            ?? types.first { BodyReader.essence($0).hasSuffix("+json") || $0 == "*/*" }
            ?? types.first { Self.formTypes.contains(BodyReader.essence($0)) } ?? types[0]
        let media = document.resolve(content[chosen])
        let example =
            media?["example"]
            ?? media?["examples"]?.members?.first.flatMap { entry in
                document.resolve(entry.value)?["value"]
            }
        let value =
            example.map { ImportedValue($0) } ?? SchemaSample.value(of: media?["schema"], in: document)
        return body(value, type: chosen, schema: document.resolve(media?["schema"]), &parts, &assembler)
    }

    /// Swagger 2: one parameter in `body`, or several in `formData`.
    private func oldBody(_ parts: inout RequestParts, _ assembler: inout PlanAssembler) -> RequestParts.Body? {
        let consumed = (operation["consumes"] ?? document.root["consumes"])?.items.compactMap(\.string) ?? []
        if let body = parameters.first(where: { $0["in"]?.string == "body" }) {
            let type = consumed.first { BodyReader.essence($0).hasSuffix("json") } ?? consumed.first
            let value = SchemaSample.value(of: body["schema"], in: document)
            return self.body(value, type: type ?? "application/json", schema: nil, &parts, &assembler)
        }
        let fields = parameters.filter { $0["in"]?.string == "formData" }
        guard !fields.isEmpty else { return nil }
        if fields.contains(where: { $0["type"]?.string == "file" }) {
            return .multipart(
                fields.compactMap { field in
                    guard let name = field["name"]?.string else { return nil }
                    return field["type"]?.string == "file"
                        ? file(name, &assembler)
                        : ImportedPart(name, .text(ImportedText(OpenAPIParameter.text(field, document))))
                })
        }
        return .form(
            fields.compactMap { field in
                field["name"]?.string.map { ImportedPair($0, ImportedText(OpenAPIParameter.text(field, document))) }
            })
    }

    private static let formTypes = ["application/x-www-form-urlencoded", "multipart/form-data"]

    private func file(_ name: String, _ assembler: inout PlanAssembler) -> ImportedPart {
        assembler.notes.add("Uploaded files are to be put beside the plan", of: "upload.bin")
        return ImportedPart(name, .file("upload.bin", type: nil))
    }

    private func body(
        _ value: ImportedValue?, type: String, schema: DocumentNode?, _ parts: inout RequestParts,
        _ assembler: inout PlanAssembler
    ) -> RequestParts.Body? {
        let essence = BodyReader.essence(type)
        func setType() {
            if essence != "application/json", !type.contains("*") {
                parts.headers.append(ImportedPair("Content-Type", ImportedText(type)))
            }
        }
        switch (essence, value) {
        case ("application/x-www-form-urlencoded", .map(let members)?):
            return .form(members.map { ImportedPair($0.name, $0.value.fieldText) })
        case ("multipart/form-data", .map(let members)?):
            return .multipart(
                members.map { member in
                    let property = document.resolve(schema?["properties"]?[member.name])
                    let isFile = property?["format"]?.string == "binary"
                    return isFile
                        ? file(member.name, &assembler) : ImportedPart(member.name, .text(member.value.fieldText))
                })
        case (_, let value?) where essence.hasSuffix("json") || type.contains("*"):
            setType()
            return .json(value)
        case (_, .string(let text)?) where essence.hasPrefix("text/") || essence.hasSuffix("xml"):
            setType()
            return .text(text, type: type)
        default:
            assembler.notes.add("Bodies without an example that can be sent were left out", of: type)
            return nil
        }
    }

    /// The lowest success that is documented: `201`, or `2xx`.
    private var status: String? {
        let names = operation["responses"]?.members?.map(\.name) ?? []
        let numbers = names.filter { $0.utf8.count == 3 && $0.hasPrefix("2") && $0.utf8.allSatisfy(\.isDigit) }
        if let lowest = numbers.min() { return lowest }
        return names.contains { $0.lowercased() == "2xx" } ? "2xx" : nil
    }
}

extension ImportedValue {
    /// The value as the text of a field.
    var fieldText: ImportedText {
        switch self {
        case .string(let text): text
        case .null: ImportedText()
        default: compactText
        }
    }
}

/// Values for a parameter.
enum OpenAPIParameter {
    /// OpenAPI 3 puts the schema into `schema`, Swagger 2 into the parameter itself.
    private static func schema(_ parameter: DocumentNode, _ document: OpenAPIDocument) -> DocumentNode {
        if let schema = document.resolve(parameter["schema"]) { return schema }
        return document.resolve(parameter["content"]?.members?.first?.value["schema"]) ?? parameter
    }

    /// Where the values of a path's parameter come from.
    static func source(_ parameter: DocumentNode?, _ document: OpenAPIDocument) -> ImportedData.Source {
        guard let parameter else { return .string(8) }
        let schema = schema(parameter, document)
        let examples = (parameter["examples"]?.members ?? DocumentMembers()).compactMap { entry in
            document.resolve(entry.value)?["value"]?.scalarText
        }
        let values = [parameter["example"], parameter["x-example"]].compactMap { $0?.scalarText } + examples
        if let list = list(values) ?? list(schema["example"]?.scalarText.map { [$0] } ?? []) { return list }
        if let list = list((schema["enum"]?.items ?? []).compactMap(\.scalarText)) { return list }
        if let list = list(schema["default"]?.scalarText.map { [$0] } ?? []) { return list }
        switch (SchemaSample.type(of: schema), schema["format"]?.string) {
        case ("integer"?, _), ("number"?, _):
            let range = SchemaSample.integers(schema)
            return .integer(range.lowerBound, range.upperBound)
        case ("boolean"?, _): return .list(["true", "false"])
        case (_, "uuid"?): return .uuid
        case (_, "date-time"?): return .timestamp("iso")
        case (_, let format?) where format != "password": return .list([SchemaSample.text(schema)])
        default:
            let shortest = min(max(schema["minLength"]?.integer ?? 8, 1), 200)
            return .string(min(shortest, max(1, schema["maxLength"]?.integer ?? shortest)))
        }
    }

    private static func list(_ values: [String]) -> ImportedData.Source? {
        let usable = values.filter { value in
            !value.isEmpty && value.utf8.count <= 200 && !value.unicodeScalars.contains { $0.value < 0x20 }
        }
        return usable.isEmpty ? nil : .list(Array(usable.prefix(20)))
    }

    /// One value, as text.
    static func text(_ parameter: DocumentNode, _ document: OpenAPIDocument) -> String {
        if let example = parameter["example"]?.scalarText { return example }
        for (_, example) in parameter["examples"]?.members ?? DocumentMembers() {
            if let value = document.resolve(example)?["value"]?.scalarText { return value }
        }
        let value = SchemaSample.value(of: schema(parameter, document), in: document)
        if case .list(let items)? = value { return items.first?.fieldText.literal ?? "" }
        return value?.fieldText.literal ?? "text"
    }
}
