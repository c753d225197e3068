/// Names told apart: the second of the same name becomes `name (2)`.
struct UniqueNames {
    private var taken: Set<String> = []

    /// - Parameter name: taken as it is when nobody has it; an empty one is `-`.
    mutating func name(_ name: String) -> String {
        let first = name.isEmpty ? "-" : name
        var (candidate, number) = (first, 1)
        while !taken.insert(candidate).inserted {
            number += 1
            candidate = "\(first) (\(number))"
        }
        return candidate
    }
}

/// What a run is called where several stand beside each other.
enum RunLabel {
    /// Bytes of a label.
    static let most = 200

    /// The plan's name, and its variant: `checkout`, `checkout, cache`; plain text on one line.
    static func text(name: String, variant: String?) -> String {
        PlainText.limit(PlainText.clean(name + (variant.map { ", \($0)" } ?? "")), toBytes: most)
    }
}
