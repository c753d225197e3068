/// Sums of the plan's counters, each with a fixed place: counting without tags is an array access.
///
/// Tags may hold values from answers, and a value that differs every time must not take the memory of the run: of each
/// counter the first `mostTags` combinations are kept apart, and all further ones are counted with `other` for a value.
package struct CounterTable: Hashable, Sendable {
    /// Most combinations of tags of a counter that are told apart.
    package static let mostTags = 64
    /// Longest text of tags, bytes; a longer one is cut.
    package static let longestTags = 200
    /// The largest sum, either sign: a report must be able to add up sums and write them down.
    package static let largest = 1e300

    /// One sum; `tags` is empty for what was counted without.
    package typealias Entry = (counter: Int, tags: String, sum: Double)

    private struct Key: Hashable, Comparable {
        var counter: Int
        var tags: String

        static func < (left: Key, right: Key) -> Bool { (left.counter, left.tags) < (right.counter, right.tags) }
    }

    private var untagged: [Double]
    private var tagged: [Key: Double] = [:]
    /// How many keys each counter has.
    private var combinations: [Int]

    /// - Parameter count: of counters; a counter is named by its place among them.
    package init(count: Int) {
        untagged = Array(repeating: 0, count: count)
        combinations = Array(repeating: 0, count: count)
    }

    /// True when there is no sum but zero.
    package var isEmpty: Bool { tagged.isEmpty && untagged.allSatisfy { $0 == 0 } }

    /// Makes it as new, keeping its memory.
    package mutating func reset() {
        for index in untagged.indices {
            untagged[index] = 0
            combinations[index] = 0
        }
        tagged.removeAll(keepingCapacity: true)
    }

    // MARK: Counting

    /// - Parameters:
    ///   - counter: its place in the plan's list; any other counts nothing.
    ///   - tags: as `CounterName.text(of:)` writes them; empty for none.
    ///   - amount: of any sign; infinity and NaN count nothing.
    package mutating func add(counter: Int, tags: String, amount: Double) {
        guard untagged.indices.contains(counter), amount.isFinite else { return }
        guard !tags.isEmpty else {
            untagged[counter] = Self.sum(untagged[counter], amount)
            return
        }
        let key = key(counter, tags)
        if let index = tagged.index(forKey: key) {
            tagged.values[index] = Self.sum(tagged.values[index], amount)
        } else {
            tagged[key] = Self.sum(0, amount)
            combinations[counter] += 1
        }
    }

    /// Adds what another table of the same counters has.
    package mutating func add(_ other: CounterTable) {
        for entry in other.entries { add(counter: entry.counter, tags: entry.tags, amount: entry.sum) }
    }

    /// Where a count is filed: its own place, or, when there are enough, the one for others.
    private func key(_ counter: Int, _ tags: String) -> Key {
        let own = Key(counter: counter, tags: Self.cut(tags))
        if combinations[counter] < Self.mostTags || tagged[own] != nil { return own }
        let other = Key(counter: counter, tags: Self.cut(Self.others(tags)))
        // The names of tags come from the plan and are few, yet nothing here relies on it.
        if combinations[counter] < Self.mostTags + 8 || tagged[other] != nil { return other }
        return Key(counter: counter, tags: "other")
    }

    /// `kind=red,size=large` as `kind=other,size=other`.
    private static func others(_ tags: String) -> String {
        tags.split(separator: ",").map { $0.prefix { $0 != "=" } + "=other" }.joined(separator: ",")
    }

    private static func cut(_ tags: String) -> String {
        guard tags.utf8.count > longestTags else { return tags }
        var end = tags.utf8.index(tags.startIndex, offsetBy: longestTags)
        while end.samePosition(in: tags.unicodeScalars) == nil { end = tags.utf8.index(before: end) }
        return String(tags[..<end])
    }

    /// Both together, within the bounds of a sum.
    package static func sum(_ one: Double, _ other: Double) -> Double {
        min(largest, max(-largest, one + other))
    }

    // MARK: Sums

    /// Every sum that is not zero or has tags, by counter and tags.
    package var entries: [Entry] {
        var entries: [Entry] = []
        let keys = tagged.keys.sorted()
        var next = 0
        for counter in untagged.indices {
            if untagged[counter] != 0 { entries.append((counter, "", untagged[counter])) }
            while next < keys.count, keys[next].counter == counter {
                entries.append((counter, keys[next].tags, tagged[keys[next]] ?? 0))
                next += 1
            }
        }
        return entries
    }

    /// All that was counted under a counter, with and without tags.
    package func total(of counter: Int) -> Double {
        entries.lazy.filter { $0.counter == counter }.reduce(0) { Self.sum($0, $1.sum) }
    }
}
