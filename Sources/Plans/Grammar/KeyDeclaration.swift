/// What may stand as the value of a key; what the reference and a schema are written from.
package indirect enum ValueKind: Sendable {
    /// One line or several of text, further described by a word: `text`, `path`, `host:port`.
    case text(String)
    case duration
    /// `500/s`, or `A to B` where a phase changes its rate.
    case rate
    case rateOrRange
    case size
    /// `10MB/s`.
    case bandwidth
    case share
    /// How many times as much, `3x`.
    case factor
    case number
    case count(ClosedRange<Int>)
    case countOrRange(ClosedRange<Int>)
    case boolean
    /// One of these words.
    case choice([String])
    /// The path of a file that exists; relative ones start at the plan's directory.
    case file
    /// A list of steps, as `scenarios` has them: named, not described, because steps may hold steps.
    case steps
    /// A step of a route of the lab; named for the same reason.
    case routeStep
    /// Any YAML value.
    case any
    case list(ValueKind)
    /// Names of the plan's own choice, each with such a value.
    case map(key: String, ValueKind)
    case record(RecordDeclaration)
    /// Any of several forms.
    case either([ValueKind])

    /// In the words of the reference.
    package var phrase: String {
        switch self {
        case .text(let word): word
        case .duration: "duration"
        case .rate: "rate"
        case .rateOrRange: "rate, or `RATE to RATE`"
        case .size: "size"
        case .bandwidth: "bandwidth"
        case .share: "share"
        case .factor: "factor"
        case .number: "number"
        case .count(let range): "\(range.lowerBound.grouped) to \(range.upperBound.grouped)"
        case .countOrRange(let range): "\(range.lowerBound.grouped) to \(range.upperBound.grouped), or `N to M`"
        case .boolean: "`true` or `false`"
        case .choice(let words) where words.count > 8: "one of the names above"
        case .choice(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .steps: "list of [steps](#step)"
        case .routeStep: "[step of a route](#labservicesroutes)"
        case .file: "file"
        case .any: "any value"
        case .list(let item): "list of \(item.plural)"
        case .map(let key, let value): "map, \(key) to \(value.phrase)"
        case .record(let record): "[\(record.name)](#\(record.anchor))"
        case .either(let kinds): kinds.map(\.phrase).joined(separator: ", or ")
        }
    }

    private var plural: String {
        switch self {
        case .record(let record): "[\(record.name)](#\(record.anchor))"
        default: phrase
        }
    }

    /// The records that this kind leads to, directly.
    package var records: [RecordDeclaration] {
        switch self {
        case .record(let record): [record]
        case .list(let kind), .map(_, let kind): kind.records
        case .either(let kinds): kinds.flatMap(\.records)
        default: []
        }
    }
}

/// One key of a plan, declared once: the reader, the reference and the schema follow from it.
package struct KeyDeclaration: Sendable {
    package enum Standing: Hashable, Sendable {
        case required
        /// What the plan means without the key, in the words of a plan; nil where there is nothing to say.
        case optional(default: String?)
        /// A key of the design that is not built yet: reading it is an error that says so.
        case planned
    }

    package let name: String
    package let kind: ValueKind
    package let standing: Standing
    /// What the key does, in a sentence.
    package let doc: String
    /// A value that the key accepts, as YAML.
    package let example: String
    /// Reads a value as the plan's reader would, for its problems alone.
    let check: @Sendable (PlanNode, inout ReadingContext) -> Void
}

/// A map with fixed keys: the plan itself, `client`, a phase.
package struct RecordDeclaration: Sendable {
    /// `client.timeout`.
    package let name: String
    /// What the map is about, in a few sentences.
    package let doc: String
    /// Top-level YAML that shows it in its place.
    package let example: String
    package let keys: [KeyDeclaration]

    /// The name as Markdown makes an anchor of a heading.
    package var anchor: String {
        String(name.lowercased().compactMap { $0 == " " ? "-" : ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : nil })
    }

    /// This record and all below it, in the order of the keys, each once: a step is reached by two ways.
    package var family: [RecordDeclaration] {
        let all = [self] + keys.flatMap { $0.kind.records.flatMap(\.family) }
        var names: Set<String> = []
        return all.filter { names.insert($0.name).inserted }
    }
}
