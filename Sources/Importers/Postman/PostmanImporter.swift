/// Postman collections, format 2.0 and 2.1 (https://schema.postman.com): folders become groups, in their order.
package enum PostmanImporter {
    /// Folders that are nested deeper go into the one above.
    private static let maximumDepth = 8

    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        let document = try JSONTree.parse(bytes)
        let collection = document["collection"] ?? document
        guard case .list? = collection["item"]?.content else {
            let isOld = collection["requests"] != nil
            throw ImportError(
                .file,
                isOld
                    ? "it is a collection of format 1, which Postman has given up"
                    : "it has no list `item`, and a Postman collection is an object with one",
                remedy: "export the collection as format 2.1")
        }
        var reader = Reader(collection, options)
        let items = reader.items(of: collection, path: "", auth: PostmanAuth(collection["auth"]), depth: 0)
        if reader.scripts > 0 {
            reader.assembler.notes.add("Scripts were left out, because no code runs from a plan (\(reader.scripts))")
        }
        let flow = ImportedFlow(name: "main", items: items)
        return try reader.assembler.plan([flow], target: reader.origin, from: "a Postman collection")
    }

    private struct Reader {
        var assembler: PlanAssembler
        let variables: PostmanVariables
        /// That of the first request.
        private(set) var origin: String?
        private(set) var scripts = 0

        init(_ collection: DocumentNode, _ options: ImportOptions) {
            assembler = PlanAssembler(options)
            variables = PostmanVariables(collection["variable"])
            countScripts(collection)
        }

        private mutating func countScripts(_ node: DocumentNode) {
            scripts += (node["event"] ?? node["events"])?.items.filter { $0["script"] != nil }.count ?? 0
        }

        mutating func items(
            of folder: DocumentNode, path: String, auth: PostmanAuth?, depth: Int
        ) -> [ImportedItem] {
            var items: [ImportedItem] = []
            var names: Set<String> = []
            for node in folder["item"]?.items ?? [] {
                countScripts(node)
                if node["item"] != nil {
                    let auth = PostmanAuth(node["auth"]) ?? auth
                    guard depth < maximumDepth else {
                        if depth < 64 { items += self.items(of: node, path: path, auth: auth, depth: depth + 1) }
                        continue
                    }
                    let base = NameCleaner.group(node["name"]?.string ?? "")
                    var name = base
                    var number = 2
                    while !names.insert(name).inserted {
                        name = NameCleaner.numbered(base, number)
                        number += 1
                    }
                    let inner = self.items(of: node, path: path + "/" + name, auth: auth, depth: depth + 1)
                    if !inner.isEmpty { items.append(.group(name, inner)) }
                } else if let request = node["request"],
                    let step = step(request, of: node, path: path, auth: auth)
                {
                    items.append(.step(step))
                }
            }
            return items
        }

        private mutating func step(
            _ request: DocumentNode, of node: DocumentNode, path: String, auth: PostmanAuth?
        ) -> ImportedStep? {
            let name = node["name"]?.string
            let url = request.string == nil ? request["url"] : request
            guard let url, let address = PostmanAddress(url, variables: variables, &assembler) else {
                assembler.notes.add("Requests whose URL cannot be read were left out", of: name)
                return nil
            }
            if origin == nil { origin = address.origin }
            guard address.origin == origin else {
                assembler.notes.add("Requests to other hosts were left out", of: address.origin)
                return nil
            }
            var parts = RequestParts(
                method: request["method"]?.string ?? "GET", path: self.path(address.path, url), query: address.query)
            // A name that is the URL says nothing.
            parts.name = name?.contains("://") == true ? nil : name
            parts.headers = headers(request)
            (PostmanAuth(request["auth"]) ?? auth)?.apply(to: &parts, variables, &assembler)
            parts.body = isPruned(parts.method, node) ? nil : body(request["body"], &parts)
            translate(&parts)
            return assembler.step(parts, group: path)
        }

        /// Variables are declared while texts are read, so the texts of query and body are read here beforehand.
        private mutating func translate(_ parts: inout RequestParts) {
            var known: [String: ImportedText] = [:]
            var texts = [parts.query.map { PercentCoding.decode($0, plusIsBlank: true) ?? $0 } ?? ""]
            if case .text(let text, _)? = parts.body { texts.append(text.literal ?? "") }
            for text in texts + [parts.query ?? ""] {
                for case .variable(let name) in PostmanVariables.pieces(of: text) where known[name] == nil {
                    known[name] = variables.text("{{\(name)}}", &assembler)
                }
            }
            parts.translate = { [known] text in
                var result = ImportedText()
                for piece in PostmanVariables.pieces(of: text) {
                    if case .variable(let name) = piece {
                        // One that only a JSON escape has made: it stays text.
                        result.append(known[name] ?? ImportedText("{{\(name)}}"))
                    } else {
                        result.append(piece)
                    }
                }
                return result
            }
        }

        /// The path with its variables, `:id` among them.
        private mutating func path(_ path: String, _ url: DocumentNode) -> ImportedText {
            var text = ImportedText()
            for segment in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
                text.append("/")
                guard segment.first == ":", segment.count > 1 else {
                    text.append(variables.text(String(segment), &assembler))
                    continue
                }
                let name = String(segment.dropFirst())
                let entry = url["variable"]?.items.first { ($0["key"] ?? $0["id"])?.string == name }
                let value = entry?["value"]?.scalarText ?? ""
                if value.isEmpty || value.unicodeScalars.contains(where: { $0.value < 0x20 }) {
                    text.append(assembler.secrets.declare(name))
                } else if PostmanVariables.pieces(of: value) == [.literal(value)] {
                    text.append(ImportedText(variable: assembler.addData(name, .list([value]))))
                } else {
                    text.append(variables.text(PercentCoding.visible(value), &assembler))
                }
            }
            return text
        }

        private mutating func headers(_ request: DocumentNode) -> [ImportedPair] {
            let node = request["header"] ?? request["headers"]
            var headers: [ImportedPair] = []
            for line in node?.string?.split(whereSeparator: \.isNewline) ?? [] {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 { add(parts[0].trimmedBlanks, parts[1].trimmedBlanks) }
            }
            for header in node?.items ?? [] where !isDisabled(header) {
                guard let name = (header["key"] ?? header["name"])?.string, !name.trimmedBlanks.isEmpty else {
                    continue
                }
                add(name, header["value"]?.scalarText ?? "")
            }
            return headers

            func add(_ name: String, _ value: String) {
                let isSecret = SecretTable.isSecretHeader(name)
                headers.append(ImportedPair(name, variables.text(value, isSecret: isSecret, &assembler)))
            }
        }

        private func isDisabled(_ node: DocumentNode) -> Bool {
            node["disabled"]?.boolean == true || node["enabled"]?.boolean == false
        }

        // MARK: Bodies

        /// Postman sends no body with these methods unless the request says so.
        private func isPruned(_ method: String, _ node: DocumentNode) -> Bool {
            ["GET", "COPY", "HEAD", "PURGE", "UNLOCK"].contains(method.uppercased())
                && node["protocolProfileBehavior"]?["disableBodyPruning"]?.boolean != true
        }

        private mutating func body(_ body: DocumentNode?, _ parts: inout RequestParts) -> RequestParts.Body? {
            guard let body, !isDisabled(body), let mode = body["mode"]?.string else { return nil }
            switch mode {
            case "raw":
                let language = body["options"]?["raw"]?["language"]?.string
                let text = body["raw"]?.string ?? ""
                return text.isEmpty ? nil : .text(ImportedText(text), type: Self.types[language ?? ""])
            case "urlencoded":
                let fields = (body["urlencoded"]?.items ?? []).filter { !isDisabled($0) }
                return .form(
                    fields.compactMap { field in
                        guard let name = field["key"]?.string, !name.isEmpty else { return nil }
                        return ImportedPair(name, variables.text(field["value"]?.scalarText ?? "", &assembler))
                    })
            case "formdata": return .multipart((body["formdata"]?.items ?? []).flatMap { self.parts($0) })
            case "file":
                let source = body["file"]?["src"]?.string ?? ""
                assembler.notes.add("Bodies are in files: put them beside the plan", of: source)
                return FileNames.relative(source).map { .file($0) }
            case "graphql": return graphql(body["graphql"])
            default:
                assembler.notes.add("Bodies of a kind that a plan does not have were left out", of: mode)
                return nil
            }
        }

        private static let types = [
            "json": "application/json", "xml": "application/xml", "html": "text/html", "text": "text/plain",
            "javascript": "application/javascript",
        ]

        private mutating func parts(_ field: DocumentNode) -> [ImportedPart] {
            guard !isDisabled(field), let name = field["key"]?.string, !name.isEmpty else { return [] }
            guard field["type"]?.string == "file" else {
                return [ImportedPart(name, .text(variables.text(field["value"]?.scalarText ?? "", &assembler)))]
            }
            let source = field["src"]?.string ?? field["src"]?.items.first?.string ?? ""
            assembler.notes.add("Uploaded files are not in the collection: put them beside the plan", of: source)
            let type = field["contentType"]?.string
            return FileNames.relative(source).map { [ImportedPart(name, .file($0, type: type))] } ?? []
        }

        private mutating func graphql(_ node: DocumentNode?) -> RequestParts.Body? {
            guard let query = node?["query"]?.string else { return nil }
            var members = [ImportedValue.Member("query", .string(variables.text(query, &assembler)))]
            if let given = node?["variables"] {
                let value = given.string.map { try? JSONTree.parse(Array($0.utf8)) } ?? given
                if let value, value.members?.isEmpty == false {
                    members.append(.init("variables", json(value)))
                }
            }
            return .json(.map(members))
        }

        private mutating func json(_ node: DocumentNode) -> ImportedValue {
            switch node.content {
            case .string(let text): return .string(variables.text(text, &assembler))
            case .list(let items): return .list(items.map { json($0) })
            case .map(let members): return .map(members.map { .init($0.name, json($0.value)) })
            case .null, .boolean, .number: return ImportedValue(node)
            }
        }
    }
}
