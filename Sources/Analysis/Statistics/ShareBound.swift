/// A stretch of a run: how many samples it had, and how many of them were beyond a limit.
package struct ShareBatch: Hashable, Sendable, Codable {
    package var samples: Int
    package var beyond: Int

    package init(samples: Int, beyond: Int) {
        self.samples = samples
        self.beyond = beyond
    }
}

/// Between which bounds the share of samples beyond a limit lies, by batches.
///
/// Neighbouring calls wait in the same queue, so they are not independent, and a bound that takes them for it is far too sure.
/// Batches of several seconds nearly are ("batch means", Law and Kelton). The share is a ratio of two sums, whose error is that of
/// the residuals b − r·n of the batches (Cochran 1977, "Sampling Techniques", 6.3), and the bounds are Student's. They are never
/// narrower than those of independent samples (`BinomialBound`): a few batches that happen to agree, such as none beyond in any
/// of them, prove no more than their samples can.
package struct ShareBound: Hashable, Sendable {
    package let samples: Int
    package let beyond: Int
    /// Beyond of all, 0 to 1.
    package let share: Double
    /// The true share is below this one in at most `lowAlpha` of all cases.
    package let low: Double
    /// The true share is above this one in at most `alpha` of all cases.
    package let high: Double

    /// - Parameters:
    ///   - batches: those without samples say nothing and are passed over.
    ///   - alpha: for the upper bound by itself; above 0 and below 1.
    ///   - lowAlpha: for the lower bound by itself, the same unless given.
    ///   - effect: how many samples are worth one independent one, as far as that is known from elsewhere; at least 1.
    /// - Returns: nil for fewer than two batches with samples.
    package init?(_ batches: [ShareBatch], alpha: Double, lowAlpha: Double? = nil, effect: Double = 1) {
        guard let spread = BatchSpread(batches) else { return nil }
        let lowAlpha = lowAlpha ?? alpha
        let student = StudentT(degrees: spread.batches - 1)
        (samples, beyond, share) = (spread.samples, spread.beyond, spread.share)
        let (independent, far) = (Double(samples) / max(1, effect), Double(beyond) / max(1, effect))
        low = max(
            0,
            min(
                share - student.quantile(1 - lowAlpha) * spread.error,
                BinomialBound.lower(beyond: far, of: independent, alpha: lowAlpha)))
        high = min(
            1,
            max(
                share + student.quantile(1 - alpha) * spread.error,
                BinomialBound.upper(beyond: far, of: independent, alpha: alpha)))
    }
}

/// How much a share varies between batches.
package struct BatchSpread: Hashable, Sendable {
    package let batches: Int
    package let samples: Int
    package let beyond: Int
    /// Beyond of all, 0 to 1.
    package let share: Double
    /// Standard error of the share.
    package let error: Double

    /// - Returns: nil for fewer than two batches with samples.
    package init?(_ batches: [ShareBatch]) {
        let batches = batches.filter { $0.samples > 0 && $0.beyond >= 0 && $0.beyond <= $0.samples }
        guard batches.count > 1 else { return nil }
        let count = Double(batches.count)
        let samples = batches.reduce(0) { $0.addingClamped($1.samples) }
        let beyond = batches.reduce(0) { $0.addingClamped($1.beyond) }
        let share = Double(beyond) / Double(samples)
        let squares = batches.reduce(0.0) { sum, batch in
            let residual = Double(batch.beyond) - share * Double(batch.samples)
            return sum + residual * residual
        }
        self.batches = batches.count
        self.samples = samples
        self.beyond = beyond
        self.share = share
        error = (squares / (count - 1) * count).squareRoot() / Double(samples)
    }

    /// How many samples are worth one independent one: the variance of the share as that of independent samples (Kish 1965, "Survey
    /// Sampling", the design effect). At least 1.
    package var effect: Double {
        let independent = share * (1 - share) / Double(samples)
        return independent > 0 ? max(1, error * error / independent) : 1
    }
}

extension Int {
    /// The sum, or the greatest number there is: counts come from files that may hold anything. Negative ones count as 0.
    func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(Swift.max(0, other))
        return overflow ? .max : sum
    }
}
