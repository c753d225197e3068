/// What is wrong with the text of an endpoint.
package struct EndpointProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The line of the file, from 1; nil when the text is from no file, or the fault is the whole file's.
    package var line: Int?
    /// What is wrong and by which rule, the offending text in backquotes; one line.
    package let message: String
    /// What to write instead; one line.
    package let remedy: String

    package init(_ message: String, remedy: String, line: Int? = nil) {
        self.line = line
        self.message = message
        self.remedy = remedy
    }

    /// `line 3: <message>: <remedy>`.
    package var description: String { "\(line.map { "line \($0): " } ?? "")\(message): \(remedy)" }
}

/// All that is wrong in a file of endpoints, at least one thing.
package struct EndpointProblems: Error, Hashable, Sendable, CustomStringConvertible {
    /// As many as are kept.
    package static let shown = 50

    /// The first ones, by line.
    package private(set) var problems: [EndpointProblem] = []
    /// How many there are in all.
    package private(set) var count = 0

    init() {}

    init(_ problem: EndpointProblem) { add(problem) }

    mutating func add(_ problem: EndpointProblem) {
        count += 1
        if problems.count < Self.shown { problems.append(problem) }
    }

    /// One line for each, then how many are left.
    package var description: String {
        let rest = count - problems.count
        return (problems.map(\.description) + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}
