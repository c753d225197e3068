/// A counter of the plan: something that matters to its business, such as orders.
package struct CounterName: Sendable {
    package var name: String
    /// Tags that every count under this name has; those that are known only during the run are given with each count.
    package var tags: [(name: String, value: String)]

    package init(name: String, tags: [(name: String, value: String)] = []) {
        self.name = name
        self.tags = tags
    }

    /// Tags as reports show them and `CounterTable` takes them: `kind=red,size=large`, in the order given; empty for none.
    ///
    /// A `,`, a `=` or a `%` within a name or a value is written as `%2C`, `%3D` or `%25`, a control character as U+FFFD.
    package static func text(of tags: [(name: String, value: String)]) -> String {
        var text = ""
        for tag in tags {
            if !text.isEmpty { text += "," }
            append(tag.name, to: &text)
            text += "="
            append(tag.value, to: &text)
        }
        return text
    }

    private static func append(_ part: String, to text: inout String) {
        for scalar in part.unicodeScalars {
            switch scalar {
            case ",": text += "%2C"
            case "=": text += "%3D"
            case "%": text += "%25"
            default:
                let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                text.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
            }
        }
    }
}

/// What a sum of a counter is filed under.
package struct CounterKey: Hashable, Sendable, Comparable {
    package var name: String
    /// `kind=red`; empty for what was counted without tags.
    package var tags: String

    package init(name: String, tags: String = "") {
        self.name = name
        self.tags = tags
    }

    package static func < (left: CounterKey, right: CounterKey) -> Bool {
        (left.name, left.tags) < (right.name, right.tags)
    }
}

extension CounterKey: CustomStringConvertible {
    /// `orders`, `orders{kind=red}`
    package var description: String { tags.isEmpty ? name : "\(name){\(tags)}" }
}
