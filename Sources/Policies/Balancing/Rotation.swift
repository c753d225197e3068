/// Round robin: one after the other.
struct Rotation: Sendable {
    /// The index of the candidate that is next.
    private var next = 0

    /// The index of the next candidate whose place is not in `tried`; the next one if all are.
    /// - Precondition: there is a candidate.
    mutating func pick(from candidates: Candidates, besides tried: [Int]) -> Int {
        let count = candidates.count
        if next >= count { next = 0 }
        var index = next
        for _ in 0..<(tried.isEmpty ? 0 : count) {
            if !tried.contains(candidates.places[index]) { break }
            index = index + 1 < count ? index + 1 : 0
        }
        next = index + 1
        return index
    }

    /// Goes on where it was, in another list: with the first of the old candidates, from the next one on, that is
    /// also a new one.
    /// - Parameters:
    ///   - indices: the index of each place in the new list; −1 where it is not there.
    ///   - start: where to begin when none is left.
    mutating func follow(from old: Candidates, indices: [Int], start: Int) {
        for step in 0..<old.count {
            let sum = next + step
            let index = indices[old.places[sum % old.count]]
            if index >= 0 {
                next = index
                return
            }
        }
        next = start
    }
}
