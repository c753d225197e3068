internal import Yams

/// YAML text to nodes: the one file that knows Yams.
///
/// A plan is data from anywhere, so the parser must not be talked into work or memory beyond the text's size. Aliases
/// can multiply ("billion laughs"), and the parser hashes every key, so a key that is itself a deep structure costs the
/// square of its size; tags ask for types. A plan needs none of them, and they are refused **before** the text is
/// composed, in `probe`.
enum PlanText {
    /// Longest text of a plan, in bytes of UTF-8.
    static let maximumBytes = 1 << 20
    /// Deepest nesting of a plan's lists and maps.
    static let maximumDepth = 64

    /// The root of the one document in `text`.
    ///
    /// - Parameters:
    ///   - maximumBytes: longest text, in bytes of UTF-8.
    ///   - maximumDepth: deepest nesting of lists and maps.
    static func parse(
        _ text: String, lines: SourceLines, maximumBytes: Int = maximumBytes, maximumDepth: Int = maximumDepth
    ) throws(PlanProblem) -> PlanNode {
        let bytes = text.utf8.count
        guard bytes <= maximumBytes else {
            throw PlanProblem(
                .error, .size, at: Place(line: 1, column: 1),
                "the plan has \(bytes) bytes, and at most \(maximumBytes) are read",
                remedy: "put large bodies into files and name them with `file:`")
        }
        try refuse(in: text)
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else { throw emptyDocument }
            return try convert(root, depth: 0, limit: maximumDepth, lines: lines)
        } catch let problem as PlanProblem {
            throw problem
        } catch {
            throw problem(of: error, text: text, lines: lines)
        }
    }

    private static var emptyDocument: PlanProblem {
        PlanProblem(
            .error, .document, at: Place(line: 1, column: 1), "the plan is empty",
            remedy: "a plan needs at least `target:` and `load:`")
    }

    // MARK: What YAML has and a plan has not

    /// Refuses anchors, aliases, tags and complex keys, exactly where the parser would see them.
    ///
    /// Whether a `*` is an alias or a character of some text only a YAML scanner knows, and Yams shows its tokens to
    /// nobody. So the scanner is asked by a trick: every character that could begin such a token is overwritten with
    /// a backquote, which is harmless inside texts and comments and which no token can begin with. If composing that
    /// copy fails at an overwritten place, the original has a token there; if it succeeds, the original has none.
    private static func refuse(in text: String) throws(PlanProblem) {
        let (probe, candidates) = probe(text)
        guard !candidates.isEmpty else { return }
        do {
            _ = try Parser(yaml: probe, resolver: .basic, encoding: .utf8).singleRoot()
        } catch {
            let lines = SourceLines(text)
            let problem = problem(of: error, text: text, lines: lines)
            guard let character = candidates[Place(line: problem.place.line, column: problem.place.column)] else {
                throw problem
            }
            throw reference(character, at: problem.place)
        }
    }

    private static func reference(_ character: Unicode.Scalar, at place: Place) -> PlanProblem {
        let what =
            switch character {
            case "&": "an anchor"
            case "*": "an alias"
            case "!": "a tag"
            default: "a complex key"
            }
        return PlanProblem(
            .error, .reference, at: place, "`\(character)` begins \(what) here, and a plan has none",
            remedy: "write the value out, or put a text that begins with `\(character)` in quotes")
    }

    /// The text with every possible beginning of a refused token overwritten, and what stood there, by place.
    private static func probe(_ text: String) -> (text: String, candidates: [Place: Unicode.Scalar]) {
        var probe = String.UnicodeScalarView()
        var candidates: [Place: Unicode.Scalar] = [:]
        var line = 1
        var column = 1
        var previous: Unicode.Scalar = "\n"
        for scalar in text.unicodeScalars {
            var written = scalar
            switch scalar {
            case "&", "*", "!", "?":
                // A token begins after a break, a blank or an indicator; elsewhere the character continues a text.
                switch previous {
                case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", " ", "\t", "[", "]", "{", "}", ",", ":", "?", "-",
                    "\"", "'", "\u{FEFF}", "`":
                    candidates[Place(line: line, column: column)] = scalar
                    written = "`"
                default: break
                }
            default: break
            }
            probe.append(written)
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                line += 1
                column = 1
            default: column += 1
            }
            previous = written == "`" ? "`" : scalar
        }
        return (String(probe), candidates)
    }

    // MARK: Nodes

    private static func convert(
        _ node: Node, depth: Int, limit: Int, lines: SourceLines
    ) throws(PlanProblem) -> PlanNode {
        let mark = node.mark.map { Place(line: $0.line, column: $0.column) } ?? Place(line: 1, column: 1)
        guard depth <= limit else {
            throw PlanProblem(
                .error, .nesting, at: mark, "lists and maps are nested more than \(limit) deep",
                remedy: "a plan needs fewer than ten levels; put a deep body into a file and name it with `file:`")
        }
        switch node {
        case .scalar(let scalar):
            return self.scalar(scalar, at: mark, lines: lines)
        case .sequence(let sequence):
            var items: [PlanNode] = []
            items.reserveCapacity(sequence.count)
            for item in sequence { items.append(try convert(item, depth: depth + 1, limit: limit, lines: lines)) }
            return PlanNode(content: .list(items), place: mark)
        case .mapping(let mapping):
            var entries: [PlanNode.Entry] = []
            entries.reserveCapacity(mapping.count)
            for (key, value) in mapping {
                let name = try convert(key, depth: depth + 1, limit: limit, lines: lines)
                guard let text = name.text else {
                    throw PlanProblem(
                        .error, .type, at: name.place, "a key is a text, and this is \(name.noun)",
                        remedy: "put a text in braces or brackets in quotes")
                }
                let value = try convert(value, depth: depth + 1, limit: limit, lines: lines)
                entries.append(.init(key: text, keyPlace: name.place, value: value))
            }
            return PlanNode(content: .map(entries), place: mark)
        case .alias:
            // `refuse` has seen to it that there is none; an answer is better than a trap all the same.
            throw reference("*", at: mark)
        }
    }

    private static func scalar(_ scalar: Node.Scalar, at mark: Place, lines: SourceLines) -> PlanNode {
        var style = PlanNode.Style.plain
        var length = scalar.string.unicodeScalars.count
        switch scalar.style {
        case .singleQuoted, .doubleQuoted:
            style = .quoted
            length += 2
        case .literal, .folded:
            style = .block
            length = 1
        case .any, .plain: break
        }
        // A text of several lines is underlined on its first one only.
        let rest = lines.length(of: mark.line) - (mark.column - 1)
        let place = Place(line: mark.line, column: mark.column, length: max(1, min(length, rest)))
        return PlanNode(content: .scalar(scalar.string, style), place: place)
    }

    // MARK: Errors of the parser

    private static func problem(of error: any Error, text: String, lines: SourceLines) -> PlanProblem {
        let start = Place(line: 1, column: 1)
        guard let error = error as? YamlError else {
            return PlanProblem(
                .error, .syntax, at: start, "the text is not YAML (\(error))", remedy: "check it with a YAML linter")
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            if problem.contains("maximum nesting level") || problem.contains("exceeded max nesting") {
                return tooDeep(at: place)
            }
            return syntax(problem, context: context?.text, at: place, lines: lines)
        case .composer(_, let problem, let mark, _):
            let place = Place(line: mark.line, column: mark.column)
            guard problem.contains("another document") else {
                return syntax(problem, context: nil, at: place, lines: lines)
            }
            return PlanProblem(
                .error, .document, at: place, "a second document begins here, and a plan is one document",
                remedy: "put the second one into a file of its own")
        case .reader(let problem, let offset, let value, _):
            // The scalar at fault is found again here: Yams counts the offset in characters, we count in lines.
            let place = offset.map { self.place(ofCharacter: $0, in: text) } ?? start
            let code = value >= 0 ? " (U+\(String(value, radix: 16, uppercase: true)))" : ""
            return PlanProblem(
                .error, .syntax, at: place, "the text has a character that YAML does not allow\(code), \(problem)",
                remedy: "remove it, or write it as an escape in double quotes")
        case .duplicatedKeysInMapping(let keys, let context):
            let place = Place(line: context.mark.line, column: context.mark.column, length: keys.first?.count ?? 1)
            let names = keys.map { "`\($0.printable)`" }.joined(separator: ", ")
            return PlanProblem(
                .error, .duplicateKey, at: place, "\(names) stands more than once in this map, and a key stands once",
                remedy: "keep one of them")
        case .memory:
            // What libyaml says when its own stacks are full.
            return tooDeep(at: start)
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return PlanProblem(
                .error, .syntax, at: start, "the text is not YAML", remedy: "check it with a YAML linter")
        }
    }

    private static func tooDeep(at place: Place) -> PlanProblem {
        PlanProblem(
            .error, .nesting, at: place, "lists and maps are nested more than \(maximumDepth) deep",
            remedy: "a plan needs fewer than ten levels; put a deep body into a file and name it with `file:`")
    }

    /// The words of libyaml, and the slip that is behind them most often.
    private static func syntax(_ problem: String, context: String?, at place: Place, lines: SourceLines) -> PlanProblem
    {
        let remedy =
            switch problem {
            case let text where text.contains("mapping values are not allowed"):
                "put a text that contains `: ` in quotes, or check the indentation"
            case let text where text.contains("cannot start any token"):
                lines[place.line]?.contains("\t") == true
                    ? "indent with spaces, not with tabs" : "put a text that begins with this character in quotes"
            case _ where lines[place.line]?.contains("${") == true:
                "put a text with `${` in quotes: between `{` and `}` it would begin another map"
            case let text where text.contains("',' or ']'"):
                "close the list with `]`, or put a `,` before the next item"
            case let text where text.contains("',' or '}'"): "close the map with `}`, or put a `,` before the next key"
            case let text where text.contains("unexpected end of stream"): "close the quotes"
            default: "check the indentation, and the quotes and brackets before this place"
            }
        let words = context.map { "\($0), \(problem)" } ?? problem
        return PlanProblem(.error, .syntax, at: place, "this is not YAML (\(words))", remedy: remedy)
    }

    private static func place(ofCharacter offset: Int, in text: String) -> Place {
        let index = text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
        let before = SourceLines(String(text[..<index]))
        return Place(line: before.count, column: before.length(of: before.count) + 1)
    }
}
