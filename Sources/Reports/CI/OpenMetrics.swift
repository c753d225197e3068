import Core

/// Text of the OpenMetrics format, 1.0: families of metrics, each with its type, unit and sentence; `# EOF` at the end.
struct OpenMetrics {
    enum Kind: String {
        case gauge, counter, summary, info, stateset
    }

    struct Sample {
        /// What follows the family's name: `_total`, `_count`, `_sum`, `_info`, or nothing.
        var suffix = ""
        /// Names, and values that may be any text.
        var labels: [(String, String)]
        var value: Double
    }

    /// Bytes of a label's value; what is more is cut.
    private static let longestLabel = 300

    private var text = ""

    /// The whole text.
    var finished: String { text + "# EOF\n" }

    /// Adds a family with its samples, of which those of one set of labels stand together; nothing without a sample.
    /// - Parameters:
    ///   - name: of letters, digits and `_`; it ends in the unit when there is one.
    ///   - help: one plain sentence.
    mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, help: String, _ samples: [Sample]) {
        // What is no number says nothing, and a text that holds it would be compared as a text.
        let samples = samples.filter { $0.value.isFinite }
        guard !samples.isEmpty else { return }
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(Self.escaped(help))\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.0)=\"\(Self.label($0.1))\"" }.joined(separator: ",")
            text += "\(name)\(sample.suffix){\(labels)} \(sample.value.shortest)\n"
        }
    }

    private static func label(_ value: String) -> String {
        escaped(PlainText.limit(PlainText.clean(value), toBytes: longestLabel))
    }

    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { written, scalar in
            switch scalar {
            case "\\": written += "\\\\"
            case "\"": written += "\\\""
            case "\n": written += "\\n"
            default: written.unicodeScalars.append(scalar)
            }
        }
    }
}
