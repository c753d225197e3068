import Glibc

/// How a time varies: service times of the lab, think times of users.
package enum TimeDistribution: Hashable, Sendable {
    case constant(Span)
    case uniform(from: Span, to: Span)
    case exponential(mean: Span)
    /// Given by its median and its 99th percentile.
    case lognormal(p50: Span, p99: Span)
    /// `slow` for that share of the times, 0 to 1, `fast` for the others.
    case bimodal(fast: Span, slow: Span, share: Double)
    /// As it was measured.
    case recorded(RecordedTimes)
}

extension TimeDistribution {
    /// The 99th percentile of the standard normal distribution.
    private static let normalP99 = 2.3263478740408408

    /// One time, drawn from the distribution; never negative.
    ///
    /// Constant times draw nothing, lognormal ones two numbers, the others one; always as many, so the n-th request
    /// meets the n-th time whatever happened to the ones before it.
    package func sample(using generator: inout some RandomNumberGenerator) -> Span {
        switch self {
        case .constant(let span):
            return span
        case .uniform(let low, let high):
            // Unit numbers are in (0, 1]; counting from the top makes `low` possible and `high` not.
            let width = (high - low).seconds
            return high - Span(seconds: width * SeededRandom.unit(generator.next()))
        case .exponential(let mean):
            return Span(seconds: -mean.seconds * log(SeededRandom.unit(generator.next())))
        case .lognormal(let p50, let p99):
            let normal = Self.normal(using: &generator)
            return Span(seconds: p50.seconds * exp(Self.sigma(p50: p50, p99: p99) * normal))
        case .bimodal(let fast, let slow, let share):
            return SeededRandom.unit(generator.next()) <= share ? slow : fast
        case .recorded(let times):
            return times.sample(using: &generator)
        }
    }

    /// The mean of the distribution: uniform `(low + high) / 2`, lognormal `exp(mu + sigma² / 2)`.
    package var mean: Span {
        switch self {
        case .constant(let span): return span
        case .uniform(let low, let high): return Span(seconds: (low.seconds + high.seconds) / 2)
        case .exponential(let mean): return mean
        case .lognormal(let p50, let p99):
            let sigma = Self.sigma(p50: p50, p99: p99)
            return Span(seconds: p50.seconds * exp(sigma * sigma / 2))
        case .bimodal(let fast, let slow, let share):
            return Span(seconds: fast.seconds * (1 - share) + slow.seconds * share)
        case .recorded(let times): return times.mean
        }
    }

    /// The spread of the logarithm of a lognormal time `X = exp(mu + sigma Z)`, Z standard normal.
    ///
    /// The quantiles of X are `x_q = exp(mu + sigma z_q)`. The median has `z = 0`, so `mu = ln p50`; the 99th percentile
    /// has `z = 2.326…`, so `ln p99 = ln p50 + 2.326… sigma`, and therefore `sigma = ln(p99 / p50) / 2.326…`.
    private static func sigma(p50: Span, p99: Span) -> Double {
        log(p99.seconds / p50.seconds) / normalP99
    }

    /// A standard normal number by Box and Muller (1958). The second number of the pair is thrown away: to keep it
    /// would make a value of what is a function.
    private static func normal(using generator: inout some RandomNumberGenerator) -> Double {
        let radius = (-2 * log(SeededRandom.unit(generator.next()))).squareRoot()
        return radius * cos(2 * .pi * SeededRandom.unit(generator.next()))
    }
}
