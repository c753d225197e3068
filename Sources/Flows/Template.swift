/// A text with places for values, read once and written many times: `/products/{{product.id}}`.
package struct Template: Hashable, Sendable {
    package enum Segment: Hashable, Sendable {
        case literal([UInt8])
        case variable(slot: Int, Escape)
    }

    package private(set) var segments: [Segment] = []

    /// A text without places.
    package init(literal text: String) { append(literal: Array(text.utf8)) }

    package init(literal bytes: [UInt8] = []) { append(literal: bytes) }

    /// - Parameters:
    ///   - text: `{{name}}` is a place, with blanks around the name if you like; `{{'text'}}` is that text itself, for a
    ///     text that has `{{` in it. A name has letters, digits, `_` and `-`, parts of it are parted by dots.
    ///   - escape: how values are written there.
    ///   - slot: the slot of a name.
    /// - Throws: a place that is not closed, or a name that is none.
    package init(_ text: String, escape: Escape, slot: (String) -> Int) throws(FlowSyntaxError) {
        let bytes = Array(text.utf8)
        var start = 0
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            append(literal: Array(bytes[start..<index]))
            guard let end = Self.end(of: index + 2, in: bytes) else {
                throw FlowSyntaxError(
                    "`{{` is not closed", remedy: "close it with `}}`, or write `{{'{{'}}` for the text itself",
                    offset: index, length: 2)
            }
            let inner = bytes[(index + 2)..<end].trimmed
            if inner.count >= 2, inner.first == UInt8(ascii: "'"), inner.last == UInt8(ascii: "'") {
                append(literal: Array(inner.dropFirst().dropLast()))
            } else {
                let name = String(decoding: inner, as: UTF8.self)
                guard VariableName.isValid(name) else {
                    throw FlowSyntaxError(
                        "`{{\(name)}}` holds no name",
                        remedy: "write a name such as `{{product.id}}`, or `{{'{{'}}` for the text itself",
                        offset: index, length: end + 2 - index)
                }
                append(slot: slot(name), escape)
            }
            start = end + 2
            index = start
        }
        append(literal: Array(bytes[start...]))
    }

    /// Where the `}}` of a place stands; quotes may hold braces.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        var index = start
        var quoted = false
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "'") {
                quoted.toggle()
            } else if !quoted, bytes[index] == UInt8(ascii: "}"), bytes[index + 1] == UInt8(ascii: "}") {
                return index
            }
            index += 1
        }
        return nil
    }

    package mutating func append(literal bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if case .literal(let last)? = segments.last {
            segments[segments.count - 1] = .literal(last + bytes)
        } else {
            segments.append(.literal(bytes))
        }
    }

    package mutating func append(literal text: String) { append(literal: Array(text.utf8)) }

    package mutating func append(slot: Int, _ escape: Escape) { segments.append(.variable(slot: slot, escape)) }

    package mutating func append(_ other: Template) {
        for segment in other.segments {
            if case .literal(let bytes) = segment { append(literal: bytes) } else { segments.append(segment) }
        }
    }

    /// The whole text, when there is no place in it.
    package var constant: [UInt8]? {
        if segments.isEmpty { return [] }
        if segments.count == 1, case .literal(let bytes) = segments[0] { return bytes }
        return nil
    }

    /// The slots of its places.
    package var slots: [Int] {
        segments.compactMap { if case .variable(let slot, _) = $0 { slot } else { nil } }
    }

    /// The slot, when the text is one place and nothing else.
    package var soleSlot: Int? {
        if segments.count == 1, case .variable(let slot, _) = segments[0] { slot } else { nil }
    }

    /// Appends the text with its values to `output`.
    /// - Returns: what stood in the way; `output` is half written then, and must not be sent.
    package func render(_ variables: borrowing Variables, into output: inout [UInt8]) -> RenderFault? {
        for segment in segments {
            switch segment {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .variable(let slot, let escape):
                guard variables[slot].kind != .missing else { return RenderFault(slot: slot, reason: .missing) }
                guard escape.write(variables[slot], into: &output) else {
                    return RenderFault(slot: slot, reason: .forbidden)
                }
            }
        }
        return nil
    }
}

/// Why a template could not be written.
package struct RenderFault: Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The variable has no value.
        case missing
        /// The value has a character that would break the request apart: CR, LF, NUL.
        case forbidden
    }

    package let slot: Int
    package let reason: Reason

    package init(slot: Int, reason: Reason) {
        self.slot = slot
        self.reason = reason
    }
}

/// Names of variables: `cart`, `product.id`.
package enum VariableName {
    /// Letters, digits, `_` and `-`, beginning with a letter or `_`; parts are parted by dots.
    package static func isValid(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first?.utf8.first, first.isLetter || first == UInt8(ascii: "_") else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
                }
        }
    }
}

/// What is wrong in a template, a path, a pattern or a condition, and where in its text.
package struct FlowSyntaxError: Error, Hashable, Sendable {
    /// One line, the offending text in backquotes.
    package let message: String
    package let remedy: String
    /// Bytes before the offending part, and its length in bytes; 0 and 0 mean the whole text.
    package let offset: Int
    package let length: Int

    package init(_ message: String, remedy: String, offset: Int = 0, length: Int = 0) {
        self.message = message
        self.remedy = remedy
        self.offset = offset
        self.length = length
    }
}

extension Template: ExpressibleByStringLiteral {
    /// A text without places, for code that writes requests itself.
    package init(stringLiteral text: String) { self.init(literal: text) }
}
