/// A value that a path has found in a document.
package struct JSONMatch: Hashable, Sendable {
    /// As it stands in the document.
    package let raw: [UInt8]
    package let value: Value
}

extension JSONPath {
    /// Everything that the path finds, in the order of the document; nothing when the document is no JSON as far as it
    /// was looked at, or too long a search (see `read`).
    package func matches(in body: [UInt8]) -> [JSONMatch] {
        body.withUnsafeBufferPointer { bytes in
            let scanner = JSONScanner(bytes)
            let root = scanner.skipBlanks(from: 0)
            var walk = JSONWalk(scanner, root: root, goal: .all)
            walk.visit(root, segments, 0, depth: 0)
            guard !walk.isBroken else { return [] }
            return walk.matches.map { range in
                var value = Value.missing
                value.set(scanner, range)
                return JSONMatch(raw: Array(bytes[range]), value: value)
            }
        }
    }
}
