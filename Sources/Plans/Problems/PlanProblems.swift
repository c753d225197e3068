/// Everything that is wrong with a plan, in the order of its text; what `PlanReader` throws. At least one problem is an
/// error; warnings come along.
package struct PlanProblems: Error, Sendable, CustomStringConvertible {
    /// The plan's file as the person named it.
    package var file: String
    package var problems: [PlanProblem]
    /// The lines that the problems point at, by line number.
    private var lines: [Int: String]

    /// A plan with hundreds of problems is one wrong file, not hundreds of mistakes: only this many are written out.
    package static let shown = 50

    init(file: String, problems: [PlanProblem], source: SourceLines) {
        self.file = file
        self.problems = problems.sorted { $0.place < $1.place }
        lines = [:]
        for line in Set(problems.lazy.map(\.place.line)) { lines[line] = source[line].map(Excerpt.withoutCredentials) }
    }

    /// `FILE:LINE:COLUMN: message: remedy` for one problem, on one line.
    package func headline(_ problem: PlanProblem) -> String {
        let kind = problem.severity == .warning ? "warning: " : ""
        let place = "\(file):\(problem.place.line):\(problem.place.column)"
        return "\(place): \(kind)\(problem.message): \(problem.remedy)"
    }

    /// The headline, and below it the line of the plan with a caret under the offending text.
    package func text(_ problem: PlanProblem) -> String {
        let headline = headline(problem)
        guard let line = lines[problem.place.line] else { return headline + "\n" }
        let number = String(problem.place.line)
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
