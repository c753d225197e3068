/// A stretch of one line of a plan's text.
package struct Place: Comparable, Hashable, Sendable {
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// Scalars, at least 1: what the caret underlines.
    package var length: Int

    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// One thing that is wrong, or doubtful, in a plan.
package struct PlanProblem: Error, Hashable, Sendable {
    package enum Severity: Hashable, Sendable {
        /// The plan cannot run.
        case error
        /// The plan runs, but perhaps not as it was meant.
        case warning
    }

    package var severity: Severity
    package var rule: PlanRule
    package var place: Place
    /// What is wrong and by which rule, the offending text in backquotes; one line.
    package var message: String
    /// What to do about it; one line.
    package var remedy: String

    package init(_ severity: Severity, _ rule: PlanRule, at place: Place, _ message: String, remedy: String) {
        self.severity = severity
        self.rule = rule
        self.place = place
        self.message = message
        self.remedy = remedy
    }
}

/// A problem before its place is known: what the parser of one value throws.
struct Complaint: Error, Hashable {
    var rule: PlanRule
    var message: String
    var remedy: String

    init(_ rule: PlanRule, _ message: String, remedy: String) {
        self.rule = rule
        self.message = message
        self.remedy = remedy
    }

    init(_ problem: UnitProblem) {
        switch problem.kind {
        case .number: rule = .number
        case .noUnit, .unit: rule = .unit
        case .range: rule = .range
        }
        message = problem.message
        remedy = problem.remedy
    }
}
