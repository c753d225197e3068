/// A document of XML as a tree, read strictly: what is not well-formed is an error. As much of the language as test reports
/// have: elements, attributes in double quotes, text, the five entities.
struct XMLTree {
    struct Element {
        var name: String
        var attributes: [String: String]
        var children: [Element] = []
        var text = ""

        subscript(attribute: String) -> String? { attributes[attribute] }
        func all(_ name: String) -> [Element] { children.filter { $0.name == name } }
    }

    struct NotWellFormed: Error {
        var what: String
        var place: Int
    }

    let root: Element

    init(_ text: String) throws {
        var reader = Reader(Array(text.unicodeScalars))
        root = try reader.document()
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var place = 0

        init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

        func fail(_ what: String) -> NotWellFormed { NotWellFormed(what: what, place: place) }

        mutating func document() throws -> Element {
            for scalar in scalars {
                switch scalar.value {
                case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: continue
                default: throw fail("U+\(String(scalar.value, radix: 16)) may not stand in a document")
                }
            }
            try expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
            skipSpace()
            let root = try element()
            skipSpace()
            guard place == scalars.count else { throw fail("something stands behind the root") }
            return root
        }

        mutating func element() throws -> Element {
            try expect("<")
            var element = Element(name: try name(), attributes: [:])
            while true {
                let before = place
                skipSpace()
                if take("/>") { return element }
                if take(">") { break }
                guard place > before else { throw fail("an attribute needs a space before it") }
                let key = try name()
                try expect("=\"")
                let value = try characters(until: "\"")
                try expect("\"")
                guard element.attributes.updateValue(value, forKey: key) == nil else {
                    throw fail("\(key) stands twice")
                }
            }
            while true {
                element.text += try characters(until: "<")
                if take("</") {
                    try expect(element.name)
                    skipSpace()
                    try expect(">")
                    return element
                }
                element.children.append(try self.element())
            }
        }

        mutating func characters(until end: Unicode.Scalar) throws -> String {
            var text = String.UnicodeScalarView()
            while place < scalars.count, scalars[place] != end {
                let scalar = scalars[place]
                guard scalar != "<" else { throw fail("a bare <") }
                guard scalar == "&" else {
                    text.append(scalar)
                    place += 1
                    continue
                }
                let entities = [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'")]
                guard let (_, meant) = entities.first(where: { take($0.0) }) else { throw fail("an unknown entity") }
                text.append(contentsOf: meant.unicodeScalars)
            }
            guard place < scalars.count else { throw fail("the text has no end") }
            return String(text)
        }

        mutating func name() throws -> String {
            let start = place
            while place < scalars.count, scalars[place].properties.isAlphabetic || scalars[place] == "-" { place += 1 }
            guard place > start else { throw fail("a name is missing") }
            return String(String.UnicodeScalarView(scalars[start..<place]))
        }

        mutating func skipSpace() {
            while place < scalars.count, " \n".unicodeScalars.contains(scalars[place]) { place += 1 }
        }

        mutating func take(_ text: String) -> Bool {
            guard scalars[place...].starts(with: text.unicodeScalars) else { return false }
            place += text.unicodeScalars.count
            return true
        }

        mutating func expect(_ text: String) throws { if !take(text) { throw fail("\(text) is missing") } }
    }
}
