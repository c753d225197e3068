/// What the resources behind a lab's services have seen: per second of the load, and in all.
package struct ResourceReport: Hashable, Codable, Sendable {
    package var resources: [ResourceRecord] = []

    package init(_ resources: [ResourceRecord] = []) { self.resources = resources }
}

package struct ResourceRecord: Hashable, Codable, Sendable {
    package var name: String
    /// `database`, `cache`, `queue`, `store`, `service`.
    package var kind: String
    package var columns: [ResourceColumn]
    /// By second since the load began: a value for each column, finite, 0 where there is nothing to say. Nil where they stand
    /// elsewhere: in a bundle they are `resources.csv`.
    package var seconds: [[Double]]?
    /// Over the whole run, the same way.
    package var totals: [Double]

    package init(
        name: String, kind: String, columns: [ResourceColumn], seconds: [[Double]]?, totals: [Double]
    ) {
        self.name = name
        self.kind = kind
        self.columns = columns
        self.seconds = seconds
        self.totals = totals
    }

    /// The total of a column; nil when there is none of that name.
    package func total(_ column: String) -> Double? {
        columns.firstIndex { $0.name == column }.map { totals[$0] }
    }
}

/// One thing that is counted or looked at every second.
package struct ResourceColumn: Hashable, Codable, Sendable {
    /// Lower case, words joined by `_`.
    package var name: String
    package var unit: Unit
    package var merge: Merge

    package enum Unit: String, Codable, Sendable {
        case count, seconds, share, bytes
    }

    /// What several seconds come to. As text `sum`, `mean`, `last`, `most`, `average of done`, and `hits/reads` for a ratio.
    package enum Merge: Hashable, Sendable {
        case sum, mean, last, most
        /// The mean of what was counted in another column: each second weighs as much as it has of that.
        case average(of: String)
        /// The sum of one column divided by that of another; nothing where that is 0.
        case ratio(of: String, to: String)
    }

    package init(_ name: String, _ unit: Unit = .count, _ merge: Merge = .sum) {
        self.name = name
        self.unit = unit
        self.merge = merge
    }
}

extension ResourceRecord {
    /// What the seconds of a range come to, column by column; NaN where there is nothing to say.
    package func merged(_ range: Range<Int>) -> [Double] {
        let seconds = seconds ?? []
        let rows = seconds[range.clamped(to: seconds.indices)]
        func sum(_ name: String) -> Double {
            columns.firstIndex { $0.name == name }.map { place in rows.reduce(0) { $0 + $1[place] } } ?? 0
        }
        return columns.indices.map { place in
            let values = rows.map { $0[place] }
            guard !values.isEmpty else { return .nan }
            switch columns[place].merge {
            case .sum: return values.reduce(0, +)
            case .mean: return values.reduce(0, +) / Double(values.count)
            case .last: return values.last ?? .nan
            case .most: return values.max() ?? .nan
            case .average(let counted):
                let weights = columns.firstIndex { $0.name == counted }.map { place in rows.map { $0[place] } } ?? []
                let all = weights.reduce(0, +)
                return all > 0 ? zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / all : .nan
            case .ratio(let part, let whole):
                let all = sum(whole)
                return all > 0 ? sum(part) / all : .nan
            }
        }
    }
}

extension ResourceColumn.Merge: Codable {
    private static let averageWord = "average of "

    private var text: String {
        switch self {
        case .sum: "sum"
        case .mean: "mean"
        case .last: "last"
        case .most: "most"
        case .average(let counted): Self.averageWord + counted
        case .ratio(let part, let whole): "\(part)/\(whole)"
        }
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        let parts = text.split(separator: "/").map(String.init)
        switch text {
        case "sum": self = .sum
        case "mean": self = .mean
        case "last": self = .last
        case "most": self = .most
        case _ where text.hasPrefix(Self.averageWord):
            self = .average(of: String(text.dropFirst(Self.averageWord.count)))
        default:
            guard parts.count == 2 else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "`\(text)` says no way to merge seconds"))
            }
            self = .ratio(of: parts[0], to: parts[1])
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
