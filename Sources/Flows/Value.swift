/// One value that a user carries through a scenario: its text, and what JSON would make of it.
///
/// Text and kind rather than a case per type: a value is read from bytes, compared, and written back as bytes, and the
/// memory of an old value serves the next one.
package struct Value: Hashable, Sendable {
    /// How JSON writes the value.
    package enum Kind: UInt8, Sendable {
        /// There is none: nothing was extracted, or the data have no such column.
        case missing
        /// A string, in quotes and with escapes.
        case text
        /// As it stands: a number, `true`, `false`, `null`, or a whole array or object.
        case number, boolean, null, json
    }

    package private(set) var kind: Kind
    /// The value as UTF-8; a string without quotes and escapes, anything else as JSON writes it. Empty when missing.
    package private(set) var bytes: [UInt8]

    package static let missing = Value(kind: .missing, bytes: [])

    package init(kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    package init(text: String) { self.init(kind: .text, bytes: Array(text.utf8)) }

    package init(_ number: Int) { self.init(kind: .number, bytes: Array(String(number).utf8)) }

    package var isMissing: Bool { kind == .missing }

    /// The text; what is not UTF-8 is replaced.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Replaces the value, keeping its memory.
    package mutating func set(_ kind: Kind, _ fill: (inout [UInt8]) -> Void) {
        self.kind = kind
        bytes.removeAll(keepingCapacity: true)
        fill(&bytes)
    }

    package mutating func clear() {
        kind = .missing
        bytes.removeAll(keepingCapacity: true)
    }
}
