/// Every count of the policies under one flat name: `rejected_breaker_open`, `retry_connect`, `hedges_won`.
extension PolicyCounts {
    private static let rejectionNames = Rejection.allCases.map { "rejected_\($0.name)" }
    private static let retryNames = retryReasons.map { "retry_\($0)" }

    /// All names, in the order of tables.
    package static let names = rejectionNames + retryNames + fields.map(\.name)

    /// Counts by name, as a record has them; a name that this version does not know is passed over.
    package init(named counts: [String: Int]) {
        self.init()
        for (name, count) in counts { _ = add(count, named: name) }
    }

    /// True when nothing was counted.
    package var isEmpty: Bool { self == PolicyCounts() }

    package var rejected: Int { rejections.reduce(0, +) }

    /// The counts that are not zero, by name, in the order of `names`.
    package var named: [(name: String, count: Int)] {
        let counts = rejections + retries + Self.fields.map { self[keyPath: $0.path] }
        return zip(Self.names, counts).filter { $0.1 != 0 }.map { (name: $0.0, count: $0.1) }
    }

    /// The count of that name; 0 when there is none.
    package subscript(name: String) -> Int {
        if let index = Self.rejectionNames.firstIndex(of: name) { return rejections[index] }
        if let index = Self.retryNames.firstIndex(of: name) { return retries[index] }
        return Self.fields.first { $0.name == name }.map { self[keyPath: $0.path] } ?? 0
    }

    /// Adds to the count of that name.
    /// - Returns: false when there is no such name, and nothing was added.
    package mutating func add(_ count: Int, named name: String) -> Bool {
        if let index = Self.rejectionNames.firstIndex(of: name) {
            rejections[index] += count
        } else if let index = Self.retryNames.firstIndex(of: name) {
            retries[index] += count
        } else if let field = Self.fields.first(where: { $0.name == name }) {
            self[keyPath: field.path] += count
        } else {
            return false
        }
        return true
    }
}

extension PolicyCounts: Encodable {
    /// An object of the counts that are not zero: `{ "retry_connect": 12, "rescued": 11 }`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: named.map { ($0.name, $0.count) }))
    }
}
