/// A JSON Schema of plans (draft 2020-12), written from the declarations that the reader works with, for editors that
/// complete and check YAML by one.
///
/// It knows the keys, the kinds of their values and how quantities are written; what depends on several keys, and what
/// lies in files, only the reader knows. It takes a value in quotes for the value, as the reader does, and a text with
/// `${env:NAME}` or `${file:path}` for any value.
package enum PlanSchema {
    /// The address by which the draft is known.
    static let draft = "https://json-schema.org/draft/2020-12/schema"

    /// The schema of a whole plan; the same bytes for the same declarations.
    package static var text: String {
        var records: [RecordDeclaration] = []
        collect(PlanReference.plan, into: &records)
        let root = records[0]
        var members: [(String, SchemaValue)] = [
            ("$schema", .text(draft)), ("title", .text("A plan of Gale")), ("description", .text(root.doc)),
        ]
        members += object(root)
        members.append(
            ("$defs", .object(scalars + records.dropFirst().map { (name(of: $0), .object(described($0))) })))
        return SchemaValue.object(members).text + "\n"
    }

    /// The record and all below it, each once; a record may lead back to itself.
    private static func collect(_ record: RecordDeclaration, into records: inout [RecordDeclaration]) {
        guard !records.contains(where: { $0.name == record.name }) else { return }
        records.append(record)
        for key in record.keys where key.standing != .planned {
            for inner in key.kind.records { collect(inner, into: &records) }
        }
    }

    // MARK: Records

    private static func name(of record: RecordDeclaration) -> String { "record." + record.name }

    private static func described(_ record: RecordDeclaration) -> [(String, SchemaValue)] {
        [("description", .text(record.doc))] + object(record)
    }

    private static func object(_ record: RecordDeclaration) -> [(String, SchemaValue)] {
        let keys = record.keys.filter { $0.standing != .planned }
        var members: [(String, SchemaValue)] = [
            ("type", .text("object")), ("additionalProperties", .boolean(false)),
        ]
        let required = keys.filter { $0.standing == .required }.map { SchemaValue.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        members.append(("properties", .object(keys.map { ($0.name, property($0)) })))
        return members
    }

    private static func property(_ key: KeyDeclaration) -> SchemaValue {
        var doc = key.doc
        if case .optional(let standard?) = key.standing { doc += " Default: \(standard)." }
        return .object([("description", .text(doc))] + schema(of: key.kind))
    }

    // MARK: Kinds

    private static func schema(of kind: ValueKind) -> [(String, SchemaValue)] {
        switch kind {
        case .text: reference("text")
        case .file: reference("file")
        case .duration: reference("duration")
        case .rate: reference("rate")
        case .rateOrRange: reference("rate-or-range")
        case .size: reference("size")
        case .bandwidth: reference("bandwidth")
        case .share: reference("share")
        case .factor: reference("factor")
        case .number: reference("number")
        case .boolean: reference("boolean")
        case .steps: schema(of: FlowKeys.described.kind)
        case .routeStep: schema(of: RouteStepKeys.described.kind)
        case .any: []
        case .count(let range): count(range, pattern: whole)
        case .countOrRange(let range): count(range, pattern: "\(whole)( to \(whole))?")
        case .choice(let words): choice(words)
        case .list(let item):
            [("type", .text("array")), ("minItems", .number("1")), ("items", .object(schema(of: item)))]
        case .map(_, let value):
            [
                ("type", .text("object")), ("minProperties", .number("1")),
                ("additionalProperties", .object(schema(of: value))),
            ]
        case .record(let record): reference(name(of: record))
        case .either(let kinds): any(kinds.map { schema(of: $0) })
        }
    }

    private static func reference(_ name: String) -> [(String, SchemaValue)] { [("$ref", .text("#/$defs/\(name)"))] }

    private static func any(_ schemas: [[(String, SchemaValue)]]) -> [(String, SchemaValue)] {
        [("anyOf", .list(schemas.map { .object($0) }))]
    }

    private static func pattern(_ pattern: String) -> [(String, SchemaValue)] {
        [("type", .text("string")), ("pattern", .text("^(\(pattern))$"))]
    }

    private static func count(_ range: ClosedRange<Int>, pattern: String) -> [(String, SchemaValue)] {
        let number: [(String, SchemaValue)] = [
            ("type", .text("integer")), ("minimum", .number("\(range.lowerBound)")),
            ("maximum", .number("\(range.upperBound)")),
        ]
        return any([number, Self.pattern(pattern), reference("outside")])
    }

    /// A word that looks like a number or a truth value is one to YAML, when it has no quotes.
    private static func choice(_ words: [String]) -> [(String, SchemaValue)] {
        let values = words.flatMap { word -> [SchemaValue] in
            switch word {
            case "true", "false": [.text(word), .boolean(word == "true")]
            case _ where JSONText.isNumber(word): [.text(word), .number(word)]
            default: [.text(word)]
            }
        }
        return any([[("enum", .list(values))], reference("outside")])
    }

    // MARK: Scalars

    /// A decimal number as quantities have it: `10_000`, `1.5`.
    private static let decimal = #"[0-9](_?[0-9])*(\.[0-9](_?[0-9])*)?"#
    private static let whole = #"[0-9](_?[0-9])*(\.0(_?0)*)?"#

    private static func alternatives(_ names: [String]) -> String {
        "(" + names.sorted { ($0.count, $0) > ($1.count, $1) }.joined(separator: "|") + ")"
    }

    private static var scalars: [(String, SchemaValue)] {
        let rate = decimal + "/[smh]"
        let time = alternatives(Units.timeUnits.map(\.name) + ["µs", "μs"])
        let outside = reference("outside")
        let number: [(String, SchemaValue)] = [
            ("type", .text("number")), ("minimum", .number("0.000001")), ("maximum", .number("1000000")),
        ]
        let single: [(String, SchemaValue)] = [
            ("type", .list([.text("string"), .text("number"), .text("boolean")]))
        ]
        let definitions: [(name: String, doc: String, schema: [(String, SchemaValue)])] = [
            (
                "outside", "A text that takes a value from outside the plan: ${env:NAME}, ${file:path}.",
                [("type", .text("string")), ("pattern", .text(#"\$\{(env|file):"#))]
            ),
            ("text", "A single value; numbers are texts here.", single),
            ("file", "The path of a file; relative ones start at the plan's directory.", single),
            ("duration", "A duration: 250ms, 1.5s, 1m30s.", any([pattern("(\(decimal)\(time))+"), outside])),
            ("rate", "A rate: 500/s, 30/m, 100/h.", any([pattern(rate), outside])),
            (
                "rate-or-range", "A rate, or one that changes: 200/s to 2000/s.",
                any([pattern("\(rate)( to \(rate))?"), outside])
            ),
            (
                "size", "A size: 64B, 2kB, 1MiB.",
                any([pattern(decimal + alternatives(Units.sizeUnits.map(\.name))), outside])
            ),
            (
                "bandwidth", "A bandwidth: 10MB/s, 512kB/s.",
                any([pattern(decimal + alternatives(Units.sizeUnits.map(\.name)) + "/s"), outside])
            ),
            ("share", "A share: 5%, 0.1%.", any([pattern(decimal + "%"), outside])),
            ("factor", "A factor: 3x, 1.5x.", any([pattern(decimal + "x"), outside])),
            ("number", "A number from 0.000001 to 1000000.", any([number, pattern(decimal), outside])),
            (
                "boolean", "true or false.",
                any([[("type", .text("boolean"))], pattern("true|false"), outside])
            ),
        ]
        return definitions.map { ($0.name, .object([("description", .text($0.doc))] + $0.schema)) }
    }
}

/// A value of JSON whose members keep their order.
indirect enum SchemaValue: Sendable {
    case text(String)
    /// As its digits.
    case number(String)
    case boolean(Bool)
    case list([SchemaValue])
    case object([(String, SchemaValue)])

    /// Two blanks for every level; lists of single values on one line.
    var text: String { written(indent: "") }

    private func written(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .text(let text): return JSONText.string(text)
        case .number(let digits): return digits
        case .boolean(let value): return value ? "true" : "false"
        case .list(let items):
            let texts = items.map { $0.written(indent: inner) }
            return items.allSatisfy(\.isSingle)
                ? "[\(texts.joined(separator: ", "))]"
                : "[\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            let texts = members.map { "\(inner)\(JSONText.string($0)): \($1.written(indent: inner))" }
            return "{\n" + texts.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private var isSingle: Bool {
        switch self {
        case .text, .number, .boolean: true
        case .list, .object: false
        }
    }
}
