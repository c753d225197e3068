import Core

/// An element of HTML or SVG with what is in it.
///
/// Names of elements and of attributes are literals of the program. What comes from outside can only be a text or the value
/// of an attribute, and each of them is cleaned and escaped when the element is written: there is no way around it. No
/// attribute of this program is a URL that comes from outside, a style that holds outside text, or a handler of events.
package struct Element: Sendable {
    /// What an element holds.
    package enum Content: Sendable {
        case element(Element)
        /// Any text; it is escaped.
        case text(String)
        /// A style sheet of the program's own, written as it stands: without `<` and `&`.
        case style(StaticString)
    }

    private let name: StaticString
    private let attributes: [(name: StaticString, value: String)]
    private let contents: [Content]

    /// - Parameters:
    ///   - attributes: in the order in which they are written; one that is nil is left out.
    ///   - contents: elements and texts, one after the other.
    package init(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, (any AttributeValue)?> = [:],
        @ContentBuilder _ contents: () -> [Content] = { [Content]() }
    ) {
        self.name = name
        self.attributes = attributes.compactMap { name, value in value.map { (name, $0.attributeText) } }
        self.contents = contents()
    }

    /// The element as text. It is well-formed as XML, and says the same as HTML.
    package var markup: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        text += "<\(name)"
        for attribute in attributes { text += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
        let name = "\(self.name)"
        if contents.isEmpty, Self.voids.contains(name) {
            text += "/>"
        } else {
            text += ">"
            if Self.containers.contains(name) { text += "\n" }
            for content in contents {
                switch content {
                case .element(let element): element.write(to: &text)
                case .text(let outside): text += Self.escaped(outside)
                case .style(let sheet): text += "\(sheet)"
                }
            }
            text += "</\(name)>"
        }
        if !Self.inlines.contains(name) { text += "\n" }
    }

    /// Those that have no end tag in HTML, and the shapes of SVG.
    private static let voids: Set<String> = ["meta", "br", "hr", "path", "rect", "line", "circle"]
    /// Those in whose text a line break would be a space that is seen.
    private static let inlines: Set<String> = [
        "span", "a", "code", "strong", "em", "b", "td", "th", "tspan", "title", "bdi", "br", "i", "small",
    ]
    /// Those after whose start a new line begins, so that a report can be compared line by line.
    private static let containers: Set<String> = [
        "html", "head", "body", "header", "main", "footer", "nav", "section", "figure", "table", "thead", "tbody",
        "svg", "g",
        "ul", "ol", "dl", "details", "div",
    ]

    /// The text without control characters and turns of direction (see `PlainText.clean`), and with references for what has a
    /// meaning in HTML or XML, in a text as well as in an attribute.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in PlainText.clean(text).unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            // No characters, by XML 1.0, section 2.2.
            case "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}

/// What may be the value of an attribute.
package protocol AttributeValue: Sendable {
    /// Not yet escaped.
    var attributeText: String { get }
}

extension String: AttributeValue {
    package var attributeText: String { self }
}

extension Int: AttributeValue {
    package var attributeText: String { String(self) }
}

extension Double: AttributeValue {
    /// One decimal, which is finer than a pixel; what is beyond any drawing is its edge.
    package var attributeText: String { Drawing.number(self) }
}

/// Puts elements and texts one after the other.
@resultBuilder
package enum ContentBuilder {
    package static func buildExpression(_ element: Element) -> [Element.Content] { [.element(element)] }
    package static func buildExpression(_ element: Element?) -> [Element.Content] {
        element.map { [.element($0)] } ?? []
    }
    package static func buildExpression(_ elements: [Element]) -> [Element.Content] { elements.map { .element($0) } }
    package static func buildExpression(_ text: String) -> [Element.Content] { [.text(text)] }
    package static func buildExpression(_ contents: [Element.Content]) -> [Element.Content] { contents }
    package static func buildBlock(_ parts: [Element.Content]...) -> [Element.Content] { parts.flatMap { $0 } }
    package static func buildOptional(_ part: [Element.Content]?) -> [Element.Content] { part ?? [] }
    package static func buildEither(first part: [Element.Content]) -> [Element.Content] { part }
    package static func buildEither(second part: [Element.Content]) -> [Element.Content] { part }
    package static func buildArray(_ parts: [[Element.Content]]) -> [Element.Content] { parts.flatMap { $0 } }
}
