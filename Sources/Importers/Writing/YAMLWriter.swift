/// YAML as a person would write it: small maps and lists on one line, larger ones a line for each member.
struct YAMLWriter {
    /// Columns of a line with a map or a list in it. A long text stays on its line.
    static let width = 110

    /// The lines of a map or a list, each indented by `indent` blanks.
    static func lines(_ value: YAMLValue, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        return block(value, indent: indent).map { $0.isEmpty ? "" : margin + $0 }
    }

    /// A comment of any length, its lines wrapped.
    static func comment(_ text: String, indent: Int = 0, hanging: Bool = false) -> [String] {
        let room = max(40, 100 - indent - 2)
        var lines: [String] = []
        var line = ""
        for word in clean(text).split(separator: " ") {
            if !line.isEmpty, line.count + word.count + 1 > room {
                lines.append(line)
                line = hanging ? "  " : ""
            }
            line += (line.isEmpty || line == "  " ? "" : " ") + word
        }
        lines.append(line)
        return lines.map { $0.isEmpty ? "#" : "# " + $0 }
    }

    /// Without what would end the comment or could not stand in YAML.
    private static func clean(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                clean.append(" ")
            default: clean.append(scalar)
            }
        }
        return String(clean)
    }

    private static func block(_ value: YAMLValue, indent: Int) -> [String] {
        switch value {
        case .plain, .text: return [flow(value, room: .max, isFlow: false) ?? ""]
        case .map(let entries, _) where !entries.isEmpty:
            return entries.flatMap { block($0, indent: indent) }
        case .list(let items, _) where !items.isEmpty:
            return items.flatMap { item in
                if let line = flow(item, room: width - indent - 2, isFlow: false) { return ["- " + line] }
                return block(item, indent: indent + 2).enumerated().map { index, line in
                    index == 0 ? "- " + line : line.isEmpty ? "" : "  " + line
                }
            }
        case .map: return ["{}"]
        case .list: return ["[]"]
        }
    }

    private static func block(_ entry: YAMLValue.Entry, indent: Int) -> [String] {
        var lines = entry.comments.flatMap { comment($0, indent: indent) }
        let key = YAMLScalar.written(entry.key, isFlow: false)
        if case .text(let text) = entry.value, let (mark, body) = YAMLScalar.block(text) {
            lines.append("\(key): \(mark)")
            lines += body.map { $0.isEmpty ? "" : "  " + $0 }
        } else if let flow = flow(entry.value, room: width - indent - key.count - 2, isFlow: false) {
            lines.append("\(key): \(flow)")
        } else {
            lines.append("\(key):")
            lines += block(entry.value, indent: indent + 2).map { $0.isEmpty ? "" : "  " + $0 }
        }
        return lines
    }

    /// The value on one line; nil where it is to have lines of its own. A text always fits.
    private static func flow(_ value: YAMLValue, room: Int, isFlow: Bool) -> String? {
        switch value {
        case .plain(let text): return text
        case .text(let text): return YAMLScalar.written(text, isFlow: isFlow)
        case .map(let entries, _) where entries.isEmpty: return "{}"
        case .list(let items, _) where items.isEmpty: return "[]"
        case .map(_, isBlock: true), .list(_, isBlock: true): return nil
        case .map(let entries, _):
            var line = "{ "
            for (index, entry) in entries.enumerated() {
                guard entry.comments.isEmpty, line.utf8.count < room else { return nil }
                guard let value = flow(entry.value, room: room - line.utf8.count, isFlow: true) else { return nil }
                let key = YAMLScalar.written(entry.key, isFlow: true)
                line += (index > 0 ? ", " : "") + key + ": " + value
            }
            line += " }"
            return line.utf8.count <= room ? line : nil
        case .list(let items, _):
            var line = "["
            for (index, item) in items.enumerated() {
                guard line.utf8.count < room else { return nil }
                guard let value = flow(item, room: room - line.utf8.count, isFlow: true) else { return nil }
                line += (index > 0 ? ", " : "") + value
            }
            line += "]"
            return line.utf8.count <= room ? line : nil
        }
    }
}
