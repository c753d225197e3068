import Core

/// The power of two choices (Mitzenmacher 2001): the least loaded of a few distinct ones that are drawn at random.
///
/// Weights count twice: candidates are drawn by weight, and loads are compared per weight. Among equals the first that was
/// drawn is taken; so shares follow the weights exactly when there is nothing in flight, and calls in flight follow them
/// when there is much.
struct LeastOfDrawn: Sendable {
    /// Indices, ascending: those that are out, and those that were drawn.
    private var drawn: [Int] = []

    /// The index of the one with the least load of `choices` candidates.
    /// - Parameters:
    ///   - out: indices that are not to be drawn, ascending.
    ///   - choices: 1 to as many as there are besides those.
    /// - Precondition: there is one.
    @inline(__always)
    mutating func pick(
        from candidates: Candidates, besides out: [Int], choices: Int, using random: inout SeededRandom,
        load: (_ place: Int, _ weight: Double) -> Double
    ) -> Int {
        var best = out.isEmpty ? candidates.draw(using: &random) : candidates.draw(besides: out, using: &random)
        guard choices > 1 else { return best }
        // A few at most: less work than the general way to empty a list.
        while !drawn.isEmpty { drawn.removeLast() }
        for index in out { drawn.append(index) }
        drawn.insertInOrder(best)
        var least = load(candidates.places[best], candidates.weights[best])
        for turn in 2...choices {
            let index = candidates.draw(besides: drawn, using: &random)
            let other = load(candidates.places[index], candidates.weights[index])
            if other < least { (best, least) = (index, other) }
            if turn < choices { drawn.insertInOrder(index) }
        }
        return best
    }
}

extension [Int] {
    /// Puts a number into an ascending list, without a view of a part of it, which would cost more than the few steps.
    mutating func insertInOrder(_ number: Int) {
        append(number)
        var index = count - 1
        while index > 0, self[index - 1] > number {
            self[index] = self[index - 1]
            index -= 1
        }
        self[index] = number
    }
}
