/// What an import has to say about what it left out, each thing once, with how often and of what.
struct NoteBook {
    private var order: [String] = []
    private var details: [String: [String]] = [:]
    private var counts: [String: Int] = [:]

    private static let maximumNotes = 40
    private static let shownDetails = 5

    /// Notes that `sentence` is so, of `detail`; a sentence that was noted before is counted.
    mutating func add(_ sentence: String, of detail: String? = nil) {
        if counts[sentence] == nil {
            guard order.count < Self.maximumNotes else { return }
            order.append(sentence)
        }
        counts[sentence, default: 0] += 1
        guard let detail else { return }
        var known = details[sentence] ?? []
        let short = detail.excerpt
        // More than are shown are kept only to be counted.
        guard known.count <= 1_000, !known.contains(short) else { return }
        known.append(short)
        details[sentence] = known
    }

    /// Notes the sentence once, however often it is said.
    mutating func remind(_ sentence: String) {
        if counts[sentence] == nil { add(sentence) }
    }

    /// One line each, in the order in which they came up.
    var lines: [String] {
        order.map { sentence in
            var line = sentence
            let details = details[sentence] ?? []
            if !details.isEmpty {
                line += ": " + details.prefix(Self.shownDetails).joined(separator: ", ")
                if details.count > Self.shownDetails { line += " and \(details.count - Self.shownDetails) more" }
            }
            if let count = counts[sentence], count > max(1, details.count) { line += " (\(count) times)" }
            return line + "."
        }
    }
}

extension StringProtocol {
    /// The text as it may stand in a message or a comment: one line, no control characters, at most 60 characters.
    var excerpt: String {
        var excerpt = String.UnicodeScalarView()
        for (index, scalar) in unicodeScalars.enumerated() {
            guard index < 60 else {
                excerpt.append("…")
                break
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: excerpt.append("\u{FFFD}")
            default: excerpt.append(scalar)
            }
        }
        return String(excerpt)
    }
}
