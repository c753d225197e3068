import Plans

/// A document of OpenAPI 3 or Swagger 2 whose references inside of itself can be followed.
struct OpenAPIDocument {
    static let maximumBytes = 16 << 20
    static let maximumDepth = 256
    /// References of references.
    private static let maximumHops = 32

    let root: DocumentNode
    /// Swagger 2.
    let isOld: Bool

    init(_ bytes: [UInt8]) throws(ImportError) {
        guard bytes.count <= Self.maximumBytes else {
            throw ImportError(
                .file, "it has \(bytes.count) bytes, and at most \(Self.maximumBytes) are read",
                remedy: "split the document")
        }
        root = try Self.parse(bytes)
        if let version = root["openapi"]?.scalarText {
            guard version.hasPrefix("3") else {
                throw ImportError(
                    .line(root["openapi"]?.line ?? 1),
                    "`openapi: \(version.excerpt)` is a version that is not known here",
                    remedy: "convert the document to OpenAPI 3")
            }
            isOld = false
        } else if let version = root["swagger"]?.scalarText {
            guard version.hasPrefix("2") else {
                throw ImportError(
                    .line(root["swagger"]?.line ?? 1),
                    "`swagger: \(version.excerpt)` is a version that is not known here",
                    remedy: "convert the document to Swagger 2.0 or OpenAPI 3")
            }
            isOld = true
        } else {
            throw ImportError(
                .file, "it has neither `openapi` nor `swagger`, and a document of OpenAPI begins with one of them",
                remedy: "check the file")
        }
    }

    private static func parse(_ bytes: [UInt8]) throws(ImportError) -> DocumentNode {
        let first = bytes.first { !$0.isBlankOrBreak && ![0xEF, 0xBB, 0xBF].contains($0) }
        if first == UInt8(ascii: "{") { return try JSONTree.parse(bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ImportError(.file, "it is not UTF-8", remedy: "save it as UTF-8")
        }
        do throws(PlanProblem) {
            return DocumentNode(
                try YAMLDocument(parsing: text, maximumBytes: maximumBytes, maximumDepth: maximumDepth))
        } catch {
            throw ImportError(.line(error.place.line), error.message, remedy: error.remedy)
        }
    }

    /// The node itself, or what its `$ref` leads to; nil for references that lead to other files, to nothing or in circles.
    func resolve(_ node: DocumentNode?) -> DocumentNode? {
        guard var node else { return nil }
        for _ in 0..<Self.maximumHops {
            guard let reference = node["$ref"]?.string else { return node }
            guard let next = lookUp(reference) else { return nil }
            node = next
        }
        return nil
    }

    /// JSON Pointer in a fragment (RFC 6901, section 6).
    private func lookUp(_ reference: String) -> DocumentNode? {
        guard reference.hasPrefix("#/"), let pointer = PercentCoding.decode(reference.dropFirst(2)) else {
            return reference == "#" ? root : nil
        }
        var node = root
        for token in pointer.split(separator: "/", omittingEmptySubsequences: false) {
            let name = token.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            if let member = node[name] {
                node = member
            } else if let index = ArraySlice(name.utf8).smallNumber, index < node.items.count {
                node = node.items[index]
            } else {
                return nil
            }
        }
        return node
    }
}
