/// Reads HTML as this project writes it, and SVG: every element is closed, every attribute quoted, every reference known. What a
/// browser would mend in silence is an error here.
struct MarkupReader {
    struct Node: Sendable {
        var name: String
        var attributes: [(name: String, value: String)]
        var children: [Node] = []
        /// Its own text and that of what is in it, with references resolved.
        var text = ""

        subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }

        /// The node and all that is in it, in the order of the text.
        var all: [Node] { [self] + children.flatMap(\.all) }

        func all(_ name: String) -> [Node] { all.filter { $0.name == name } }
    }

    struct Fault: Error, CustomStringConvertible {
        var description: String
    }

    private var scalars: [Unicode.Scalar]
    private var place = 0

    private static let voids: Set<String> = ["meta", "br", "hr"]

    /// The root element of a text.
    static func read(_ text: String) throws -> Node {
        var reader = MarkupReader(scalars: Array(text.unicodeScalars))
        reader.skip("<!DOCTYPE html>\n")
        let root = try reader.element()
        reader.skipSpace()
        guard reader.place == reader.scalars.count else { throw reader.fault("there is something after the end") }
        return root
    }

    private mutating func element() throws -> Node {
        try expect("<")
        var node = Node(name: try name(), attributes: [])
        while true {
            let hadSpace = skipSpace()
            if skip("/>") { return node }
            if skip(">") { break }
            guard hadSpace else { throw fault("an attribute of <\(node.name)> follows without a space") }
            let attribute = try name()
            try expect("=\"")
            var value = ""
            while let next = peek, next != "\"" {
                guard next != "<" else { throw fault("a bare < in an attribute") }
                value.unicodeScalars.append(try character())
            }
            try expect("\"")
            guard node[attribute] == nil else { throw fault("\(attribute) stands twice in <\(node.name)>") }
            node.attributes.append((attribute, value))
        }
        if Self.voids.contains(node.name) { throw fault("<\(node.name)> is not closed in itself") }
        while !skip("</") {
            guard let next = peek else { throw fault("<\(node.name)> is never closed") }
            if next == "<" {
                let child = try element()
                node.text += child.text
                node.children.append(child)
            } else if node.name == "style" {
                node.text.unicodeScalars.append(next)
                place += 1
            } else {
                node.text.unicodeScalars.append(try character())
            }
        }
        let closing = try name()
        guard closing == node.name else { throw fault("</\(closing)> closes <\(node.name)>") }
        try expect(">")
        return node
    }

    private static let references: [(text: String, scalar: Unicode.Scalar)] = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"),
    ]

    private mutating func character() throws -> Unicode.Scalar {
        guard let next = peek else { throw fault("the text ends") }
        guard next == "&" else {
            guard next != ">" else { throw fault("a bare >") }
            place += 1
            return next
        }
        for reference in Self.references where skip(reference.text) { return reference.scalar }
        throw fault("a reference that nobody knows")
    }

    private mutating func name() throws -> String {
        var name = ""
        while let next = peek, next.isASCII,
            next.properties.isAlphabetic || "0123456789-:".unicodeScalars.contains(next)
        {
            name.unicodeScalars.append(next)
            place += 1
        }
        guard !name.isEmpty else { throw fault("a name is missing") }
        return name
    }

    private var peek: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    @discardableResult
    private mutating func skip(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard place + wanted.count <= scalars.count, scalars[place..<place + wanted.count].elementsEqual(wanted) else {
            return false
        }
        place += wanted.count
        return true
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = place
        while let next = peek, next == " " || next == "\n" { place += 1 }
        return place > start
    }

    private mutating func expect(_ text: String) throws {
        if !skip(text) { throw fault("`\(text)` is missing") }
    }

    private func fault(_ what: String) -> Fault {
        let from = max(0, place - 60)
        let near = String(String.UnicodeScalarView(scalars[from..<min(scalars.count, place + 20)]))
        return Fault(description: "\(what), at \(place), after `\(near)`")
    }
}
