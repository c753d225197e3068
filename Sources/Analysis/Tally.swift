/// Counts by name, in the order of tables: statuses ascending, failures in the order of `FailureKind`.
package struct Tally: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    /// Adds up; a new name goes to the end.
    package mutating func add(_ name: String, _ count: Int) {
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index].count += count
        } else {
            entries.append(Entry(name: name, count: count))
        }
    }

    package mutating func sort(by precedes: (String, String) -> Bool) {
        entries.sort { precedes($0.name, $1.name) }
    }

    package subscript(name: String) -> Int { entries.first { $0.name == name }?.count ?? 0 }
    package var total: Int { entries.reduce(0) { $0 + $1.count } }
    package var isEmpty: Bool { entries.isEmpty }
}

extension Tally: Encodable {
    /// An object: `{ "200": 29998, "503": 2 }`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for entry in entries { try container.encode(entry.count, forKey: Name(entry.name)) }
    }
}
