/// Everything that is wrong with a plan, in the order of its text; what `PlanReader` throws. At least one problem is an
/// error; warnings come along.
package struct PlanProblems: Error, Sendable, CustomStringConvertible {
    /// The plan's file as the person named it.
    package var file: String
    package var problems: [PlanProblem]
    /// The lines that the problems point at, by their first place.
    private var lines: [Place: String]
    /// The options that changed the plan, as a message shows them.
    private let options: [String]

    /// A plan with hundreds of problems is one wrong file, not hundreds of mistakes: only this many are written out.
    package static let shown = 50

    /// - Parameters:
    ///   - source: of the plan.
    ///   - options: the texts of the options that changed it, each with its name: `--set name=a`.
    init(file: String, problems: [PlanProblem], source: SourceLines, options: [String] = []) {
        self.file = file
        self.problems = problems.sorted { $0.place < $1.place }
        self.options = options.map { Excerpt.withoutCredentials($0).printable }
        lines = [:]
        let sources = options.map { SourceLines($0) }
        for place in Set(problems.lazy.map { Self.start(of: $0.place) }) {
            let text =
                switch place.origin {
                case .plan: source[place.line]
                case .option(let number): sources.indices.contains(number) ? sources[number][place.line] : nil
                }
            lines[place] = text.map(Excerpt.withoutCredentials)
        }
    }

    private static func start(of place: Place) -> Place { Place(line: place.line, column: 1, in: place.origin) }

    /// `FILE:LINE:COLUMN: message: remedy` for one problem, on one line; the option in place of the file where that
    /// brought the problem: `--set name=: message: remedy`.
    package func headline(_ problem: PlanProblem) -> String {
        let kind = problem.severity == .warning ? "warning: " : ""
        var place = "\(file):\(problem.place.line):\(problem.place.column)"
        if case .option(let number) = problem.place.origin, options.indices.contains(number) { place = options[number] }
        return "\(place): \(kind)\(problem.message): \(problem.remedy)"
    }

    /// The headline, and below it the line of the plan with a caret under the offending text.
    package func text(_ problem: PlanProblem) -> String {
        let headline = headline(problem)
        guard let line = lines[Self.start(of: problem.place)] else { return headline + "\n" }
        let number = problem.place.origin == .plan ? String(problem.place.line) : ""
        let gutter = String(repeating: " ", count: number.count)
        let excerpt = Excerpt(of: line, around: problem.place)
        return """
            \(headline)
              \(number) | \(excerpt.text)
              \(gutter) | \(excerpt.marker)

            """
    }

    /// All problems, one after the other, each with its line; at most `shown` of them, then how many are left.
    package var description: String {
        var text = problems.prefix(Self.shown).map { self.text($0) }.joined()
        if problems.count > Self.shown { text += "\(file): and \(problems.count - Self.shown) more\n" }
        return text
    }
}

/// The part of a line that is worth showing, and the marker below it.
private struct Excerpt {
    let text: String
    let marker: String

    /// Wider lines are cut: a plan made by a program can be one line of a megabyte.
    private static let width = 120

    init(of line: String, around place: Place) {
        let count = line.unicodeScalars.count
        let column = min(place.column - 1, count)
        let start = count <= Self.width ? 0 : max(0, min(column - Self.width / 3, count - Self.width))
        let end = min(count, start + Self.width)
        // One cell for every scalar, so that the marker stands where it should; a terminal escape in a plan must not
        // reach the terminal.
        var cells = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.dropFirst(start).prefix(end - start) {
            switch scalar.properties.generalCategory {
            case _ where scalar == "\t": cells.append(" ")
            case .control, .format: cells.append("\u{FFFD}")
            default: cells.append(scalar)
            }
        }
        text = (start > 0 ? "…" : "") + String(cells) + (end < count ? "…" : "")
        let indent = column - start + (start > 0 ? 1 : 0)
        let length = max(1, min(place.length, end - column))
        marker = String(repeating: " ", count: indent) + String(repeating: "^", count: length)
    }

    /// The line with stars between `://` and `@`: a password in a URL is refused, and must not end in a log with the
    /// refusal.
    static func withoutCredentials(_ line: String) -> String {
        guard line.utf8.contains(UInt8(ascii: "@")) else { return line }
        var cells = Array(line.unicodeScalars)
        var place = 2
        while place < cells.count {
            defer { place += 1 }
            guard cells[place] == "/", cells[place - 1] == "/", cells[place - 2] == ":" else { continue }
            let authority = cells[(place + 1)...].prefix { !["/", " ", "\"", "'"].contains($0) }
            if let at = authority.lastIndex(of: "@") {
                for hidden in (place + 1)..<at { cells[hidden] = "*" }
            }
            // What was looked at is not looked at again.
            place = max(place, authority.endIndex - 1)
        }
        var hidden = String.UnicodeScalarView()
        hidden.append(contentsOf: cells)
        return String(hidden)
    }
}
