/// nginx's smooth weighted round robin (`ngx_http_upstream_round_robin.c`): at each pick all gain their weight, the
/// highest is picked, the first of several, and loses the sum of the weights.
///
/// Over k · Σw picks each gets k · w, and they are spread out: weights 5, 1, 1 give a a b a c a a. That nginx lowers the
/// weight of a server after a failure is left out: outlier detection does that here.
struct SmoothRoundRobin: Sendable {
    /// Per place.
    private(set) var current: [Double] = []
    /// Of those that are left out of a pick.
    private var kept: [Double] = []

    mutating func grow(to count: Int) {
        if current.count < count { current.append(contentsOf: repeatElement(0, count: count - current.count)) }
    }

    mutating func set(_ value: Double, _ place: Int) { current[place] = value }

    /// The index of the candidate whose turn it is.
    /// - Parameter out: indices of candidates that are left out, and neither gain nor lose.
    /// - Precondition: there is one besides those.
    mutating func pick(from candidates: Candidates, besides out: [Int] = []) -> Int {
        var total = candidates.total
        if out.isEmpty { return pick(from: candidates, total) }
        kept.removeAll(keepingCapacity: true)
        for index in out {
            kept.append(current[candidates.places[index]])
            current[candidates.places[index]] = -.infinity
            total -= candidates.weights[index]
        }
        defer { for (index, value) in zip(out, kept) { current[candidates.places[index]] = value } }
        return pick(from: candidates, total)
    }

    /// Two passes: the first has no branch, and four chains beside each other.
    private mutating func pick(from candidates: Candidates, _ total: Double) -> Int {
        current.withUnsafeMutableBufferPointer { current in
            candidates.places.withUnsafeBufferPointer { places in
                candidates.weights.withUnsafeBufferPointer { weights in
                    func gain(_ index: Int, _ highest: inout Double) {
                        let value = current[places[index]] + weights[index]
                        current[places[index]] = value
                        highest = value > highest ? value : highest
                    }
                    var (a, b, c, d) = (-Double.infinity, -Double.infinity, -Double.infinity, -Double.infinity)
                    var index = 0
                    while index &+ 4 <= places.count {
                        gain(index, &a)
                        gain(index &+ 1, &b)
                        gain(index &+ 2, &c)
                        gain(index &+ 3, &d)
                        index &+= 4
                    }
                    while index < places.count {
                        gain(index, &a)
                        index &+= 1
                    }
                    let highest = max(max(a, b), max(c, d))
                    var best = 0
                    while best &+ 1 < places.count, current[places[best]] != highest { best &+= 1 }
                    current[places[best]] -= total
                    return best
                }
            }
        }
    }
}
