/// A text of the plan to be: what is written as it stands, and the places for values in it.
package struct ImportedText: Hashable, Sendable {
    package enum Piece: Hashable, Sendable {
        /// Text itself, whatever it looks like.
        case literal(String)
        /// `{{name}}`
        case variable(String)
        /// `${env:NAME}`
        case environment(String)
    }

    package private(set) var pieces: [Piece] = []

    package init(_ text: String = "") { append(text) }

    package init(variable name: String) { pieces = [.variable(name)] }

    package init(environment name: String) { pieces = [.environment(name)] }

    package mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        if case .literal(let last)? = pieces.last {
            pieces[pieces.count - 1] = .literal(last + text)
        } else {
            pieces.append(.literal(text))
        }
    }

    package mutating func append(_ piece: Piece) {
        if case .literal(let text) = piece { append(text) } else { pieces.append(piece) }
    }

    package mutating func append(_ other: ImportedText) {
        for piece in other.pieces { append(piece) }
    }

    package var isEmpty: Bool { pieces.isEmpty }

    /// The text, when no place for a value is in it.
    package var literal: String? {
        if pieces.isEmpty { return "" }
        if pieces.count == 1, case .literal(let text) = pieces[0] { return text }
        return nil
    }

    /// The same pieces, each literal changed.
    package func mapLiterals(_ change: (String) -> String) -> ImportedText {
        var text = ImportedText()
        for piece in pieces {
            if case .literal(let literal) = piece { text.append(change(literal)) } else { text.append(piece) }
        }
        return text
    }

    /// As a plan says it. A literal that looks like a place for a value goes through a quoted one: `{{'{{'}}` is `{{`,
    /// and `{{'$'}}{` is `${`.
    package var written: String {
        var text = ""
        for (index, piece) in pieces.enumerated() {
            switch piece {
            case .literal(let literal):
                text += Self.escaped(literal, beforePlace: index + 1 < pieces.count)
            case .variable(let name): text += "{{\(name)}}"
            case .environment(let name): text += "${env:\(name)}"
            }
        }
        return text
    }

    /// Read from the end, so that what follows each brace and dollar is known as it will be written.
    private static func escaped(_ literal: String, beforePlace: Bool) -> String {
        let scalars = Array(literal.unicodeScalars)
        guard scalars.contains(where: { $0 == "{" || $0 == "$" }) else { return literal }
        var reversed: [Unicode.Scalar] = []
        var meetsBrace = beforePlace
        var index = scalars.count - 1
        func append(_ text: String) { reversed += text.unicodeScalars.reversed() }
        while index >= 0 {
            let scalar = scalars[index]
            if scalar == "{", index > 0, scalars[index - 1] == "{" {
                append("{{'{{'}}")
                meetsBrace = true
                index -= 1
            } else if scalar == "{" || scalar == "$" {
                append(meetsBrace ? "{{'\(scalar)'}}" : String(Character(scalar)))
                meetsBrace = meetsBrace || scalar == "{"
            } else {
                reversed.append(scalar)
                meetsBrace = false
            }
            index -= 1
        }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: reversed.reversed())
        return String(text)
    }
}
