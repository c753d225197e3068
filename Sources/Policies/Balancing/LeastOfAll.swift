import Core

/// Least connections: the fewest calls in flight per weight, of all; among equals one by weight, at random.
///
/// The first of several equals would get everything while there is little to do.
struct LeastOfAll: Sendable {
    /// Indices of the equals; as long as there are candidates.
    private var equals: [Int] = []

    /// Makes room for so many candidates.
    mutating func reserve(_ count: Int) {
        if equals.count < count { equals.append(contentsOf: repeatElement(0, count: count - equals.count)) }
    }

    /// The index of the candidate.
    /// - Parameter loads: per place.
    /// - Precondition: there is one to be picked, and there is room.
    mutating func pick(from candidates: Candidates, loads: [EndpointLoads.Load], using random: inout SeededRandom)
        -> Int
    {
        let least = Self.least(of: candidates.places, loads)
        let count = gather(candidates.places, loads, equalTo: least)
        if count == 1 { return equals[0] }
        if candidates.isUniform { return equals[Int(random.below(UInt64(count)))] }
        // Any of them, kept with a probability in proportion to its weight, else again: the same shares without a sum over
        // all. Where few have almost all of the weight that might last.
        for _ in 0..<4 {
            let index = equals[Int(random.below(UInt64(count)))]
            if random.nextUnit() * candidates.heaviest <= candidates.weights[index] { return index }
        }
        var sum = 0.0
        for turn in 0..<count { sum += candidates.weights[equals[turn]] }
        var rest = sum * (1 - random.nextUnit())
        for turn in 0..<count {
            rest -= candidates.weights[equals[turn]]
            if rest < 0 { return equals[turn] }
        }
        return equals[count - 1]
    }

    /// In four chains beside each other: one alone would wait for each comparison.
    private static func least(of places: [Int], _ loads: [EndpointLoads.Load]) -> Double {
        places.withUnsafeBufferPointer { places in
            loads.withUnsafeBufferPointer { loads in
                func lesser(_ left: Double, _ right: Double) -> Double { right < left ? right : left }
                var (a, b, c, d) = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
                var index = 0
                while index &+ 4 <= places.count {
                    a = lesser(a, loads[places[index]].relative)
                    b = lesser(b, loads[places[index &+ 1]].relative)
                    c = lesser(c, loads[places[index &+ 2]].relative)
                    d = lesser(d, loads[places[index &+ 3]].relative)
                    index &+= 4
                }
                while index < places.count {
                    a = lesser(a, loads[places[index]].relative)
                    index &+= 1
                }
                return lesser(lesser(a, b), lesser(c, d))
            }
        }
    }

    /// Notes the indices of those with that load, without a branch on it: which of a hundred endpoints has a call is
    /// nothing that a processor could foretell, and a wrong guess costs more than ten of these steps.
    /// - Returns: how many they are.
    private mutating func gather(_ places: [Int], _ loads: [EndpointLoads.Load], equalTo least: Double) -> Int {
        equals.withUnsafeMutableBufferPointer { equals in
            places.withUnsafeBufferPointer { places in
                loads.withUnsafeBufferPointer { loads in
                    let bits = least.bitPattern
                    var count = 0
                    for index in 0..<places.count {
                        equals[count] = index
                        // 1 without a difference, else 0. Loads are never −0.
                        let difference = loads[places[index]].relative.bitPattern ^ bits
                        count &+= Int(truncatingIfNeeded: 1 &- (difference | (0 &- difference)) &>> 63)
                    }
                    return count
                }
            }
        }
    }
}
