/// Which of several places is served next: the one with the least number. A tournament tree (Knuth, TAOCP 3, 5.4.1): a
/// change takes log2 of the number of places, the answer none.
struct ReadyPlaces: Sendable {
    /// "Not to be served."
    static let never = UInt64.max

    /// Leaves from `width` on, each other entry the lesser of the two below it; the first is not used.
    private var numbers: [UInt64] = [never, never]
    private var width = 1

    /// The place with the least number; nil when none is to be served.
    var first: Int? {
        guard numbers[1] != Self.never else { return nil }
        var index = 1
        while index < width { index = numbers[2 * index] == numbers[index] ? 2 * index : 2 * index + 1 }
        return index - width
    }

    /// Sets a place's number, nil for "not to be served". No two places have the same.
    mutating func set(_ place: Int, to number: UInt64?) {
        if place >= width {
            if number == nil { return }
            grow(to: place + 1)
        }
        var index = width + place
        numbers[index] = number ?? Self.never
        while index > 1 {
            index /= 2
            let least = min(numbers[2 * index], numbers[2 * index + 1])
            if numbers[index] == least { return }
            numbers[index] = least
        }
    }

    private mutating func grow(to count: Int) {
        let leaves = numbers[width...]
        while width < count { width *= 2 }
        var grown = [UInt64](repeating: Self.never, count: 2 * width)
        grown.replaceSubrange(width..<(width + leaves.count), with: leaves)
        for index in stride(from: width - 1, to: 0, by: -1) {
            grown[index] = min(grown[2 * index], grown[2 * index + 1])
        }
        numbers = grown
    }
}
