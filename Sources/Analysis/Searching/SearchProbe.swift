import Core

/// One run of a search: a constant rate for a time.
package struct SearchProbe: Hashable, Sendable, Codable {
    package enum Purpose: String, CaseIterable, Hashable, Sendable, Codable {
        /// Up until a rate breaks the budgets, or down until one keeps them.
        case bracket
        /// Between the two.
        case bisect
        /// On fresh data, for the claim.
        case confirm
    }

    /// From 1 on, in the order in which they run.
    package var number: Int
    /// Arrivals per second.
    package var rate: Double
    /// Measured time; the warm-up of the settings goes before.
    package var seconds: Double
    package var purpose: Purpose
    /// The probe that this run belongs to: the first of an extended probe, or of a confirmation. Nil for a first one.
    package var extends: Int?

    package init(number: Int, rate: Double, seconds: Double, purpose: Purpose, extends: Int? = nil) {
        self.number = number
        self.rate = rate
        self.seconds = seconds
        self.purpose = purpose
        self.extends = extends
    }

    /// Seeds are below that, so that they can be typed and any reader of JSON keeps them whole.
    private static let seeds: UInt64 = 1_000_000_000

    /// The seed of the run: another one for each, so that no probe sees the data of another.
    /// - Parameter search: the seed of the search.
    package func seed(ofSearch search: UInt64) -> UInt64 {
        var random = SeededRandom(seed: search, named: "search/arrivals/\(number)")
        return random.below(Self.seeds)
    }

    /// The seed of the plan's lab in that run.
    package func labSeed(ofSearch search: UInt64) -> UInt64 {
        var random = SeededRandom(seed: search, named: "search/lab/\(number)")
        return random.below(Self.seeds)
    }

    /// `probe 7: 905.1/s for 30 s, bisect`
    package var text: String {
        let part = extends.map { ", with \($0)" } ?? ""
        return
            "probe \(number): \(SearchFigures.rate(rate)) for \(Figures.seconds(seconds)), \(purpose.rawValue)\(part)"
    }
}
