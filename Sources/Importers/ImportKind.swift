/// The formats that can be imported.
package enum ImportKind: String, CaseIterable, Hashable, Sendable {
    /// HAR 1.2, a recording of a browser.
    case har
    /// OpenAPI 3 and Swagger 2, in JSON or YAML.
    case openapi
    /// Postman collections 2.0 and 2.1.
    case postman
    /// Command lines of curl.
    case curl
    /// Access logs of nginx and Apache, common or combined.
    case log
    /// Targets of vegeta, in its HTTP or JSON format.
    case vegeta

    /// Reads the file as this kind.
    /// - Throws: the first thing that makes the file unreadable; what can be left out is left out, with a note in the plan.
    package func read(_ bytes: [UInt8], options: ImportOptions) throws(ImportError) -> ImportedPlan {
        switch self {
        case .har: try HARImporter.read(bytes, options: options)
        case .openapi: try OpenAPIImporter.read(bytes, options: options)
        case .postman: try PostmanImporter.read(bytes, options: options)
        case .curl: try CurlImporter.read(bytes, options: options)
        case .log: try AccessLogImporter.read(bytes, options: options)
        case .vegeta: try VegetaImporter.read(bytes, options: options)
        }
    }

    /// The kind that the content looks like, and failing that the file's name; nil when neither says.
    package static func detect(_ bytes: [UInt8], name: String) -> ImportKind? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let first = bytes[start...].firstIndex(where: { !$0.isBlankOrBreak }) else { return byName(name) }
        if bytes[first] == UInt8(ascii: "{") {
            return byMembers(JSONMembers.names(of: bytes, at: first)) ?? byName(name)
        }
        return byLines(bytes[first...]) ?? byName(name)
    }

    private static func byMembers(_ names: [String]) -> ImportKind? {
        let names = Set(names)
        if names.contains("log") { return .har }
        if names.contains("openapi") || names.contains("swagger") { return .openapi }
        if names.contains("url"), names.contains("method") { return .vegeta }
        if names.contains("item") || names.contains("_postman_id") || names.contains("collection") { return .postman }
        return names.contains("info") ? (names.contains("paths") ? .openapi : .postman) : nil
    }

    /// The first lines that are no comments.
    private static func byLines(_ bytes: ArraySlice<UInt8>) -> ImportKind? {
        var looked = 0
        for line in bytes.prefix(65_536).split(whereSeparator: { $0 == UInt8(ascii: "\n") }) {
            let text = String(decoding: line.trimmedBlanks, as: UTF8.self)
            guard !text.isEmpty, !text.hasPrefix("#"), text != "---" else { continue }
            if text == "curl" || text.hasPrefix("curl ") || text.hasPrefix("$ curl ") { return .curl }
            if text.hasPrefix("openapi:") || text.hasPrefix("swagger:") || text.hasPrefix("\"openapi\":") {
                return .openapi
            }
            if AccessLogLine(line) != nil { return .log }
            let words = text.split(separator: " ")
            if words.count == 2, HTTPWords.isMethod(String(words[0])), words[1].contains("://") { return .vegeta }
            looked += 1
            guard looked < 100 else { break }
        }
        return nil
    }

    private static func byName(_ name: String) -> ImportKind? {
        let name = name.lowercased()
        if name.hasSuffix(".har") { return .har }
        if name.hasSuffix(".log") { return .log }
        if name.hasSuffix(".postman_collection.json") { return .postman }
        if name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return .openapi }
        return name.hasSuffix(".sh") || name.hasSuffix(".curl") ? .curl : nil
    }
}
