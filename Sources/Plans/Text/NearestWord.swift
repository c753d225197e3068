/// The known word that a mistyped one most probably meant.
enum NearestWord {
    /// The candidate with the least edit distance to `word`, if it is near enough to be worth a suggestion: at most a
    /// third of the longer word, and at least one edit is always allowed. Ties go to the earlier candidate. Case and the
    /// choice between `-` and `_` do not count: `in_flight` is `in-flight`.
    static func find(_ word: String, in candidates: some Sequence<String>) -> String? {
        // A word longer than every key by far has no near one, and the distance costs the product of the lengths.
        guard word.count <= 64 else { return nil }
        let folded = fold(word)
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let other = fold(candidate)
            let distance = distance(folded, other)
            guard distance <= max(1, max(folded.count, other.count) / 3) else { continue }
            // One edit turns every word of one letter into every other: no suggestion at all.
            guard distance < max(folded.count, other.count) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.word
    }

    private static func fold(_ word: String) -> [Character] {
        word.lowercased().map { $0 == "_" ? "-" : $0 }
    }

    /// Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours (the commonest slip of a
    /// typist). O(n·m) time, three rows of memory.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        var row = last
        for i in 1...left.count {
            row[0] = i
            for j in 1...right.count {
                let cost = left[i - 1] == right[j - 1] ? 0 : 1
                row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
                    row[j] = min(row[j], beforeLast[j - 2] + 1)
                }
            }
            (beforeLast, last, row) = (last, row, beforeLast)
        }
        return last[right.count]
    }
}
