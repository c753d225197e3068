/// A stretch of one line of a plan's text, or of an option of the command line that changed the plan.
package struct Place: Comparable, Hashable, Sendable {
    /// The text that `line` and `column` count in.
    package enum Origin: Hashable, Sendable {
        case plan
        /// Number so much, from 0, of the options.
        case option(Int)
    }

    package var origin: Origin
    /// From 1.
    package var line: Int
    /// From 1, in Unicode scalars.
    package var column: Int
    /// Scalars, at least 1: what the caret underlines.
    package var length: Int

    package init(line: Int, column: Int, length: Int = 1, in origin: Origin = .plan) {
        self.origin = origin
        self.line = line
        self.column = column
        self.length = length
    }

    package static func < (left: Place, right: Place) -> Bool {
        (left.origin.rank, left.line, left.column) < (right.origin.rank, right.line, right.column)
    }
}

extension Place.Origin {
    /// The plan first, then the options in their order.
    fileprivate var rank: Int {
        switch self {
        case .plan: -1
        case .option(let number): number
        }
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
