/// A line that GitHub's runner reads from the output of a step, and shows as an annotation:
/// `::error file=plan.yaml,line=12,title=p99 < 250ms::312 ms`.
struct WorkflowCommand {
    enum Level: String {
        case error, warning, notice
    }

    /// Bytes of a title, and of a message.
    private static let longestTitle = 200
    private static let longestMessage = 1_000

    var level: Level
    /// As the repository names it; nil for what belongs to no file.
    var file: String?
    var line: Int?
    var title: String
    var message: String

    var text: String {
        let properties: [(String, String)?] = [
            file.map { ("file", $0) }, file == nil ? nil : line.map { ("line", String($0)) },
            ("title", PlainText.limit(PlainText.clean(title), toBytes: Self.longestTitle)),
        ]
        let list = properties.compactMap { $0 }.map { "\($0)=\(Self.property($1))" }.joined(separator: ",")
        let data = PlainText.limit(PlainText.clean(message), toBytes: Self.longestMessage)
        return "::\(level.rawValue) \(list)::\(Self.data(data))"
    }

    /// What actions/toolkit escapes in the text of a command, and no more, since nothing else is read back.
    private static func data(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { $0 += escapes[$1] ?? String(Character($1)) }
    }

    /// The same in a property, which `,` would end, and `::` the properties.
    private static func property(_ text: String) -> String {
        PlainText.clean(text).unicodeScalars.reduce(into: "") { written, scalar in
            written += escapes[scalar] ?? propertyEscapes[scalar] ?? String(Character(scalar))
        }
    }

    private static let escapes: [Unicode.Scalar: String] = ["%": "%25", "\r": "%0D", "\n": "%0A"]
    private static let propertyEscapes: [Unicode.Scalar: String] = [":": "%3A", ",": "%2C"]
}
