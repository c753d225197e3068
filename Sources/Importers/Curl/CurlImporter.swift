/// Command lines of curl, as people keep them and browsers copy them: each is a request, in the order of the file.
package enum CurlImporter {
    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ImportError(.file, "it is not UTF-8", remedy: "save it as UTF-8")
        }
        var assembler = PlanAssembler(options)
        var requests: [(origin: String, parts: RequestParts)] = []
        for var command in try ShellWords.commands(in: text) {
            if command.words.first?.literal == "$" { command.words.removeFirst() }
            guard let program = command.words.first?.literal, program == "curl" || program.hasSuffix("/curl") else {
                assembler.notes.add(
                    "Commands other than curl were left out", of: command.words.first?.written.excerpt ?? "")
                continue
            }
            for request in try self.requests(of: command, &assembler) {
                for url in request.urls {
                    if let (origin, parts) = request.request(to: url, &assembler) { requests.append((origin, parts)) }
                }
            }
            guard requests.count <= PlanAssembler.maximumSteps else { break }
        }
        guard let origin = requests.first?.origin else {
            throw ImportError(
                .file, "no command of curl in it has a URL of http or https",
                remedy: "write commands such as `curl https://shop.example/products`")
        }
        var items: [ImportedItem] = []
        for (other, parts) in requests {
            guard other == origin else {
                assembler.notes.add("Requests to other hosts were left out", of: other)
                continue
            }
            if let step = assembler.step(parts) { items.append(.step(step)) }
        }
        return try assembler.plan(
            [ImportedFlow(name: "main", items: items)], target: origin, from: "command lines of curl")
    }

    /// One request, or several that `--next` parts.
    private static func requests(
        of command: ShellWords.Command, _ assembler: inout PlanAssembler
    ) throws(ImportError) -> [CurlRequest] {
        var requests = [CurlRequest()]
        var words = command.words.dropFirst()
        for word in words {
            for case .environment(let name) in word.pieces { assembler.secrets.declare(exactly: name) }
        }
        func value(_ option: String) throws(ImportError) -> ImportedText {
            guard let value = words.popFirst() else {
                throw ImportError(.line(command.line), "`\(option.excerpt)` has no value", remedy: "write one")
            }
            return value
        }
        while let word = words.popFirst() {
            guard case .literal(let text)? = word.pieces.first, text.hasPrefix("-"), word.literal != "-" else {
                if !word.isEmpty { requests[requests.count - 1].urls.append(word) }
                continue
            }
            if text.hasPrefix("--") {
                let name = String(text.dropFirst(2))
                guard let option = CurlOption(long: name) else {
                    if !name.hasPrefix("no-"), !name.isEmpty {
                        assembler.notes.add("Options of curl that are not known here were left out", of: "--" + name)
                    }
                    continue
                }
                if case .next = option {
                    requests.append(CurlRequest())
                    continue
                }
                let value = option.takesValue ? try value(text) : ImportedText()
                try requests[requests.count - 1].apply(option, value, at: command.line, &assembler)
                continue
            }
            // Short options may stand together, and the last one's value may follow at once: `-sXPOST`.
            var letters = text.unicodeScalars.dropFirst()
            while let letter = letters.popFirst() {
                guard let option = CurlOption(short: letter) else {
                    assembler.notes.add(
                        "Options of curl that are not known here were left out", of: "-" + String(Character(letter)))
                    continue
                }
                if case .next = option {
                    requests.append(CurlRequest())
                    continue
                }
                guard option.takesValue else {
                    try requests[requests.count - 1].apply(option, ImportedText(), at: command.line, &assembler)
                    continue
                }
                var attached = ImportedText(String(letters))
                for piece in word.pieces.dropFirst() { attached.append(piece) }
                let value = attached.isEmpty ? try value("-" + String(Character(letter))) : attached
                try requests[requests.count - 1].apply(option, value, at: command.line, &assembler)
                break
            }
        }
        return requests
    }
}
