/// Why a text is not the quantity that it should be.
package struct UnitProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// It does not begin with a number, or something follows that is none.
        case number
        /// A bare number where a unit belongs.
        case noUnit
        /// A unit that this quantity does not have.
        case unit
        /// Negative, or beyond what a plan can ask for.
        case range
    }

    package var kind: Kind
    /// What is wrong and by which rule; one line.
    package var message: String
    /// What to write instead; one line.
    package var remedy: String

    package init(_ kind: Kind, _ message: String, remedy: String) {
        self.kind = kind
        self.message = message
        self.remedy = remedy
    }

    /// Message and remedy in one line, for the command line.
    package var description: String { "\(message): \(remedy)" }
}
