/// Targets of vegeta (https://github.com/tsenart/vegeta), in the HTTP format or as a JSON object on each line. Vegeta takes
/// them in turn for single requests, so each becomes a scenario of its own; one that stands several times has that weight.
package enum VegetaImporter {
    package static func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ImportError(.file, "it is not UTF-8", remedy: "save it as UTF-8")
        }
        var assembler = PlanAssembler(options)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        let first = lines.first { !$0.trimmedBlanks.isEmpty }?.trimmedBlanks ?? ""
        let targets = first.hasPrefix("{") ? try json(lines, &assembler) : try http(lines, &assembler)
        guard let origin = targets.first?.address.origin else {
            throw ImportError(
                .file, "it has no target", remedy: "write lines such as `GET https://shop.example/products`")
        }
        var flows: [ImportedFlow] = []
        var places: [ImportedStep: Int] = [:]
        for target in targets {
            guard target.address.origin == origin else {
                assembler.notes.add("Targets of other hosts were left out", of: target.address.origin)
                continue
            }
            // The same target again has the same step, apart from the name, which is the scenario's matter here.
            guard var step = assembler.step(target.parts, group: "\(flows.count)") else { continue }
            step.name = nil
            if let place = places[step] {
                flows[place].weight += 1
            } else {
                places[step] = flows.count
                flows.append(ImportedFlow(name: "target-\(flows.count + 1)", items: [.step(step)]))
            }
        }
        return try assembler.plan(flows, target: origin, from: "targets of vegeta")
    }

    private struct Target {
        let address: WebAddress
        var parts: RequestParts
    }

    private static func target(
        _ method: String, _ url: String, at line: Int, _ assembler: inout PlanAssembler
    ) throws(ImportError) -> Target {
        guard HTTPWords.isMethod(method), let address = WebAddress(url) else {
            throw ImportError(
                .line(line), "`\("\(method) \(url)".excerpt)` is no target, which is a method and a URL",
                remedy: "write it as `GET https://shop.example/products`")
        }
        var parts = RequestParts(method: method, address: address)
        if let credentials = address.credentials { parts.headers.setCredentials(credentials, &assembler.secrets) }
        return Target(address: address, parts: parts)
    }

    /// A method and a URL, headers, `@file` for the body; targets are parted by empty lines or simply follow.
    private static func http(_ lines: [String], _ assembler: inout PlanAssembler) throws(ImportError) -> [Target] {
        var targets: [Target] = []
        var isOpen = false
        for (index, line) in lines.enumerated() {
            let text = line.trimmedBlanks
            if text.isEmpty { isOpen = false }
            guard !text.isEmpty, !text.hasPrefix("#") else { continue }
            let words = text.split(separator: " ", maxSplits: 1)
            if words.count == 2, HTTPWords.isMethod(String(words[0])), words[1].contains("://"),
                !words[0].hasSuffix(":")
            {
                targets.append(try target(String(words[0]), String(words[1]), at: index + 1, &assembler))
                isOpen = true
            } else if isOpen, text.hasPrefix("@") {
                let path = String(text.dropFirst())
                assembler.notes.add("Bodies are in files: put them beside the plan", of: path)
                targets[targets.count - 1].parts.body = FileNames.relative(path).map { .file($0) }
            } else if isOpen, let colon = text.firstIndex(of: ":") {
                targets[targets.count - 1].parts.headers.append(
                    ImportedPair(String(text[..<colon]), ImportedText(text[text.index(after: colon)...].trimmedBlanks)))
            } else {
                throw ImportError(
                    .line(index + 1), "`\(text.excerpt)` is neither a target nor a header or a body of one",
                    remedy: "write targets such as `GET https://shop.example/products`, parted by empty lines")
            }
        }
        return targets
    }

    /// `{"method": "POST", "url": "…", "header": {"Name": ["value"]}, "body": "base64"}` on each line.
    private static func json(_ lines: [String], _ assembler: inout PlanAssembler) throws(ImportError) -> [Target] {
        var targets: [Target] = []
        for (index, line) in lines.enumerated() where !line.trimmedBlanks.isEmpty {
            let node: DocumentNode
            do throws(ImportError) {
                node = try JSONTree.parse(Array(line.utf8))
            } catch {
                throw ImportError(.line(index + 1), error.message, remedy: error.remedy)
            }
            guard let method = node["method"]?.string, let url = node["url"]?.string else {
                throw ImportError(
                    .line(index + 1), "the target has no `method` or no `url`", remedy: "write one on each line")
            }
            var target = try target(method, url, at: index + 1, &assembler)
            for (name, values) in node["header"]?.members ?? DocumentMembers() {
                for value in values.items.compactMap(\.string) + (values.string.map { [$0] } ?? []) {
                    target.parts.headers.append(ImportedPair(name, ImportedText(value)))
                }
            }
            if let body = node["body"]?.string, !body.isEmpty {
                guard let bytes = Base64Text.decode(body) else {
                    throw ImportError(.line(index + 1), "`body` is not Base64", remedy: "encode it")
                }
                target.parts.body =
                    String(validating: bytes, as: UTF8.self).map { .text(ImportedText($0), type: nil) }
                    ?? .bytes(bytes)
            }
            targets.append(target)
        }
        return targets
    }
}

/// Base64 (RFC 4648, 4), padded or not.
enum Base64Text {
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }
}
