import Core

/// In which order the trials of a comparison run, and with which seeds: all of it follows from one seed.
package struct TrialSchedule: Hashable, Sendable {
    package let seed: UInt64
    /// In the order of the table.
    package let variants: [String]

    package init(seed: UInt64, variants: [String]) {
        self.seed = seed
        self.variants = variants
    }

    /// Seeds are below that, so that they can be typed and any reader of JSON keeps them whole.
    private static let seeds: UInt64 = 1_000_000_000

    /// The order in which the variants of a pair run, as places of `variants`: any order is as likely, so nothing that goes on
    /// over time, a machine that warms up or a neighbour, meets one variant more than the others.
    /// - Parameter pair: from 1 on.
    package func order(ofPair pair: Int) -> [Int] {
        var random = SeededRandom(seed: seed, named: "compare/order/\(pair)")
        var order = Array(variants.indices)
        // Fisher and Yates, from the end.
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(random.below(UInt64(last + 1))))
        }
        return order
    }

    /// Of the arrivals, the data and the client's own choices: the same for all variants of the pair.
    package func seed(ofPair pair: Int) -> UInt64 { value("compare/arrivals/\(pair)") }

    /// Of service times, faults and the network: each trial's own.
    /// - Parameter attempt: 1, and 2 for a trial that is repeated.
    package func labSeed(ofPair pair: Int, variant: Int, attempt: Int = 1) -> UInt64 {
        value("compare/lab/\(pair)/\(variants[variant])\(attempt > 1 ? "/\(attempt)" : "")")
    }

    private func value(_ name: String) -> UInt64 {
        var random = SeededRandom(seed: seed, named: name)
        return random.below(Self.seeds)
    }
}
