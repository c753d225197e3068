/// The URL of a request of Postman: an object with parts, or a text, with variables anywhere.
struct PostmanAddress {
    /// `https://shop.example`, or with `${env:NAME}` where a variable has no value.
    let origin: String
    /// As it stands, visible ASCII; variables as `{{name}}`.
    let path: String
    let query: String?

    /// Nil for a URL that cannot be read, and for one that is not HTTP.
    init?(_ node: DocumentNode, variables: PostmanVariables, _ assembler: inout PlanAssembler) {
        guard let raw = node.string ?? node["raw"]?.string ?? Self.joined(node), !raw.trimmedBlanks.isEmpty else {
            return nil
        }
        // Blanks inside of braces would be encoded with the rest.
        var text = ""
        for piece in PostmanVariables.pieces(of: raw.trimmedBlanks) {
            switch piece {
            case .literal(let literal): text += literal
            case .variable(let name): text += "{{\(name)}}"
            case .environment: break
            }
        }
        let end = Self.endOfAuthority(text)
        var head = ""
        var unknown: [(mark: String, variable: ImportedText)] = []
        for piece in PostmanVariables.pieces(of: String(text[..<end])) {
            switch piece {
            case .literal(let literal): head += literal
            case .variable(let name):
                if let value = variables.value(of: name) {
                    head += value
                } else {
                    let mark = "gale-\(unknown.count)-place"
                    unknown.append((mark, assembler.secrets.declare(name)))
                    head += mark
                }
            case .environment: break
            }
        }
        let isWhole = unknown.count == 1 && head == unknown[0].mark
        guard let address = WebAddress(head + text[end...], standardScheme: "http") else { return nil }
        var origin = isWhole ? address.authority : address.origin
        for (mark, variable) in unknown {
            origin = origin.split(separator: mark, omittingEmptySubsequences: false).joined(separator: variable.written)
        }
        self.origin = origin
        path = address.path
        query = address.query
    }

    /// Where path, query or fragment begin; braces may hold anything.
    private static func endOfAuthority(_ text: String) -> String.Index {
        let bytes = text.utf8
        var index = bytes.startIndex
        if let scheme = Substring(text).range(of: "://") {
            let before = text[..<scheme.lowerBound]
            if !before.contains("/"), !before.contains("?") { index = scheme.upperBound }
        } else if text.hasPrefix("//") {
            index = bytes.index(index, offsetBy: 2)
        }
        var depth = 0
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): if depth <= 0 { return index }
            default: break
            }
            index = bytes.index(after: index)
        }
        return index
    }

    /// The text of a URL that is written in parts only.
    private static func joined(_ node: DocumentNode) -> String? {
        let host = node["host"]?.string ?? node["host"]?.items.compactMap(\.string).joined(separator: ".")
        guard let host, !host.isEmpty else { return nil }
        var text = (node["protocol"]?.string).map { $0 + "://" } ?? ""
        text += host
        if let port = node["port"]?.scalarText, !port.isEmpty { text += ":" + port }
        let path = node["path"]?.string ?? node["path"]?.items.compactMap(\.scalarText).joined(separator: "/") ?? ""
        text += path.hasPrefix("/") ? path : "/" + path
        let fields = (node["query"]?.items ?? []).compactMap { field -> String? in
            guard field["disabled"]?.boolean != true, let name = field["key"]?.string else { return nil }
            return name + "=" + (field["value"]?.scalarText ?? "")
        }
        return fields.isEmpty ? text : text + "?" + fields.joined(separator: "&")
    }
}
