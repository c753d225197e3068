/// Reads the output of a step as GitHub's runner does, both the present form of its commands and the older one.
enum FakeRunner {
    struct Command: Hashable {
        var name: String
        var properties: [String: String] = [:]
        var data = ""
    }

    /// Names that a runner obeys.
    private static let names: Set<String> = [
        "set-env", "set-output", "save-state", "add-path", "add-mask", "add-matcher", "remove-matcher", "debug",
        "warning",
        "error", "notice", "group", "endgroup", "echo", "stop-commands",
    ]

    /// The commands in the lines of an output.
    static func commands(_ output: String) -> [Command] {
        output.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }).compactMap { line in
            current(String(line)) ?? older(String(line))
        }
    }

    /// `::name key=value,key=value::data`, with white space before it at most.
    private static func current(_ line: String) -> Command? {
        let scalars = Array(line.unicodeScalars.drop { $0.properties.isWhitespace })
        guard scalars.starts(with: "::".unicodeScalars) else { return nil }
        let rest = Array(scalars.dropFirst(2))
        guard let end = find("::", in: rest) else { return nil }
        let (name, properties) = head(Array(rest[..<end]), separator: ",")
        guard names.contains(name) else { return nil }
        return Command(
            name: name,
            properties: properties.mapValues { unescaped($0, ["%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","]) },
            data: unescaped(text(rest[(end + 2)...]), ["%0D": "\r", "%0A": "\n"]))
    }

    /// `##[name key=value;key=value]data`, anywhere in the line.
    private static func older(_ line: String) -> Command? {
        let scalars = Array(line.unicodeScalars)
        guard let start = find("##[", in: scalars) else { return nil }
        let rest = Array(scalars[(start + 3)...])
        guard let end = rest.firstIndex(of: "]") else { return nil }
        let (name, properties) = head(Array(rest[..<end]), separator: ";")
        guard names.contains(name) else { return nil }
        return Command(name: name, properties: properties, data: text(rest[(end + 1)...]))
    }

    private static func head(_ scalars: [Unicode.Scalar], separator: Unicode.Scalar) -> (String, [String: String]) {
        guard let space = scalars.firstIndex(of: " ") else { return (text(scalars[...]), [:]) }
        var properties: [String: String] = [:]
        for part in scalars[(space + 1)...].split(separator: separator) {
            guard let equals = part.firstIndex(of: "=") else { continue }
            properties[text(part[..<equals])] = text(part[(equals + 1)...])
        }
        return (text(scalars[..<space]), properties)
    }

    private static func unescaped(_ text: String, _ table: [String: String]) -> String {
        // `%25` last, as the runner does.
        (table.sorted { $0.key < $1.key } + [("%25", "%")]).reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }

    private static func find(_ text: String, in scalars: [Unicode.Scalar]) -> Int? {
        scalars.indices.first { scalars[$0...].starts(with: text.unicodeScalars) }
    }
}
