/// What is wrong with an option of the command line: the option, the rule and the remedy, on one line.
package struct OptionProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// `--rate`.
    package var option: String
    package var message: String
    package var remedy: String

    package init(_ option: String, _ message: String, remedy: String) {
        self.option = option
        self.message = message
        self.remedy = remedy
    }

    init(_ option: String, _ complaint: Complaint) {
        self.init(option, complaint.message, remedy: complaint.remedy)
    }

    init(_ option: String, _ problem: UnitProblem) {
        self.init(option, problem.message, remedy: problem.remedy)
    }

    package var description: String { "\(option): \(message): \(remedy)" }

    /// Runs the parser of an option's text.
    static func reading<Value>(
        _ option: String, _ parse: () throws(UnitProblem) -> Value
    ) throws(OptionProblem) -> Value {
        do throws(UnitProblem) {
            return try parse()
        } catch {
            throw OptionProblem(option, error)
        }
    }

    static func complaining<Value>(
        _ option: String, _ parse: () throws(Complaint) -> Value
    ) throws(OptionProblem) -> Value {
        do throws(Complaint) {
            return try parse()
        } catch {
            throw OptionProblem(option, error)
        }
    }
}
