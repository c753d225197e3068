import Glibc

/// The Universal Scalability Law (Gunther 1993; 2007, "Guerrilla Capacity Planning"), fitted to measured points:
///
///     X(N) = γN / (1 + α(N − 1) + βN(N − 1))
///
/// N is the concurrency, X the throughput, γ the throughput of one, α the share that waits for others (contention), β the cost of
/// agreeing with each other (coherency). With β above 0 throughput has a peak at √((1 − α)/β) and falls beyond it. The fit is by
/// nonlinear least squares from the linearised start, as that of the R package `usl`.
package struct UniversalScalability: Hashable, Sendable, Codable {
    /// A value and its 95 % interval.
    package struct Estimate: Hashable, Sendable, Codable {
        package var value: Double
        package var low: Double
        package var high: Double

        package init(value: Double, low: Double, high: Double) {
            self.value = value
            self.low = low
            self.high = high
        }
    }

    /// One measurement: calls under way on average, and calls per second.
    package struct Point: Hashable, Sendable, Codable {
        package var concurrency: Double
        package var throughput: Double

        package init(concurrency: Double, throughput: Double) {
            self.concurrency = concurrency
            self.throughput = throughput
        }
    }

    package let gamma: Estimate
    package let alpha: Estimate
    package let beta: Estimate
    /// The concurrency with the highest throughput; nil when no peak was seen: the interval of β touches 0, or the peak would lie
    /// beyond what was measured.
    package let peak: Estimate?
    /// The lowest and the highest concurrency that was measured: the law says nothing beyond them.
    package let lowest: Double
    package let highest: Double
    package let points: Int

    /// Three parameters, and one point more to see how well they fit.
    package static let leastPoints = 4

    /// - Parameter points: those that are not finite and above 0 are passed over.
    /// - Returns: nil for fewer than four different concurrencies, and for points that no curve of this kind fits.
    package init?(_ points: [Point]) {
        let points = points.filter {
            $0.concurrency > 0 && $0.throughput > 0 && $0.concurrency.isFinite && $0.throughput.isFinite
        }
        guard Set(points.map(\.concurrency)).count >= Self.leastPoints else { return nil }
        // Throughput in units of the greatest one: the parameters are then of the same order whatever the rate.
        let scale = points.reduce(0) { max($0, $1.throughput) }
        let scaled = points.map { Point(concurrency: $0.concurrency, throughput: $0.throughput / scale) }
        guard let start = Curve(linearised: scaled), let fit = Fit(scaled, from: start) else { return nil }
        let t = StudentT(degrees: points.count - 3).quantile(0.975)
        func estimate(_ value: Double, _ variance: Double, _ unit: Double = 1) -> Estimate {
            let reach = t * variance.squareRoot()
            return Estimate(value: value * unit, low: (value - reach) * unit, high: (value + reach) * unit)
        }
        let curve = fit.curve
        gamma = estimate(curve.gamma, fit.covariance[0][0], scale)
        alpha = estimate(curve.alpha, fit.covariance[1][1])
        beta = estimate(curve.beta, fit.covariance[2][2])
        let highest = points.reduce(0) { max($0, $1.concurrency) }
        lowest = points.reduce(highest) { min($0, $1.concurrency) }
        self.highest = highest
        self.points = points.count
        peak = Self.peak(fit, beta: beta, t: t, highest: highest)
        guard [gamma, alpha, beta].allSatisfy({ $0.low.isFinite && $0.high.isFinite }) else { return nil }
    }

    /// By the delta method on the logarithm, which keeps the interval above 0.
    private static func peak(_ fit: Fit, beta: Estimate, t: Double, highest: Double) -> Estimate? {
        let curve = fit.curve
        guard beta.low > 0, curve.alpha < 1 else { return nil }
        let value = ((1 - curve.alpha) / curve.beta).squareRoot()
        guard value.isFinite, value <= highest else { return nil }
        let (byAlpha, byBeta) = (-0.5 / (1 - curve.alpha), -0.5 / curve.beta)
        let variance =
            byAlpha * byAlpha * fit.covariance[1][1] + 2 * byAlpha * byBeta * fit.covariance[1][2]
            + byBeta * byBeta * fit.covariance[2][2]
        let factor = exp(t * max(0, variance).squareRoot())
        guard factor.isFinite else { return nil }
        return Estimate(value: value, low: value / factor, high: value * factor)
    }

    /// The fitted throughput at that concurrency.
    /// - Returns: nil beyond what was measured: the law is not for extrapolation.
    package func throughput(at concurrency: Double) -> Double? {
        guard concurrency >= lowest, concurrency <= highest else { return nil }
        return Curve(gamma: gamma.value, alpha: alpha.value, beta: beta.value).throughput(at: concurrency)
    }
}

extension UniversalScalability {
    /// The law with its parameters.
    private struct Curve {
        var gamma: Double
        var alpha: Double
        var beta: Double

        init(gamma: Double, alpha: Double, beta: Double) {
            self.gamma = gamma
            self.alpha = alpha
            self.beta = beta
        }

        /// N/X is linear in 1/γ, α/γ and β/γ. An error of X is an error of N/X that is N/X² times as great, hence the weights.
        init?(linearised points: [Point]) {
            var (normal, right) = (Matrix.zero, Matrix.zeroVector)
            for point in points {
                let (n, x) = (point.concurrency, point.throughput)
                let weight = x * x * x * x / (n * n)
                Matrix.accumulate(&normal, &right, row: [1, n - 1, n * (n - 1)], value: n / x, weight: weight)
            }
            guard let solved = Matrix.solve(normal, right), solved[0] > 0 else { return nil }
            self.init(gamma: 1 / solved[0], alpha: solved[1] / solved[0], beta: solved[2] / solved[0])
        }

        func divisor(at n: Double) -> Double { 1 + alpha * (n - 1) + beta * n * (n - 1) }
        func throughput(at n: Double) -> Double { gamma * n / divisor(at: n) }

        /// How throughput changes with γ, α and β.
        func gradient(at n: Double) -> [Double] {
            let divisor = divisor(at: n)
            let slope = -gamma * n * (n - 1) / (divisor * divisor)
            return [n / divisor, slope, slope * n]
        }

        /// The sum of squared errors; nil for a curve that has a pole among the points.
        func error(_ points: [Point]) -> Double? {
            guard gamma > 0 else { return nil }
            var sum = 0.0
            for point in points {
                guard divisor(at: point.concurrency) > 0 else { return nil }
                let error = point.throughput - throughput(at: point.concurrency)
                sum += error * error
            }
            return sum.isFinite ? sum : nil
        }
    }

    /// The least squares, by Levenberg (1944) and Marquardt (1963).
    private struct Fit {
        private(set) var curve: Curve
        private(set) var covariance: [[Double]] = Matrix.zero

        private static let mostSteps = 500

        init?(_ points: [Point], from start: Curve) {
            guard var error = start.error(points) else { return nil }
            curve = start
            var damping = 1e-3
            for _ in 0..<Self.mostSteps {
                let (normal, right) = Self.normal(curve, points)
                var damped = normal
                for index in 0..<3 { damped[index][index] *= 1 + damping }
                guard let step = Matrix.solve(damped, right) else { return nil }
                let next = Curve(
                    gamma: curve.gamma + step[0], alpha: curve.alpha + step[1], beta: curve.beta + step[2])
                if let nextError = next.error(points), nextError <= error {
                    let gain = error - nextError
                    (curve, error) = (next, nextError)
                    damping = max(damping / 10, 1e-12)
                    if gain <= 1e-14 * error || error < 1e-28 { break }
                } else {
                    damping *= 10
                    // No step is small enough to be better: this is the least there is.
                    if damping > 1e12 { break }
                }
            }
            guard let inverse = Matrix.inverse(Self.normal(curve, points).normal) else { return nil }
            let variance = error / Double(points.count - 3)
            covariance = inverse.map { row in row.map { $0 * variance } }
        }

        private static func normal(_ curve: Curve, _ points: [Point]) -> (normal: [[Double]], right: [Double]) {
            var (normal, right) = (Matrix.zero, Matrix.zeroVector)
            for point in points {
                let residual = point.throughput - curve.throughput(at: point.concurrency)
                Matrix.accumulate(
                    &normal, &right, row: curve.gradient(at: point.concurrency), value: residual, weight: 1)
            }
            return (normal, right)
        }
    }

    /// Three equations with three unknowns.
    private enum Matrix {
        static let zero = [[Double]](repeating: [0, 0, 0], count: 3)
        static let zeroVector: [Double] = [0, 0, 0]

        static func accumulate(
            _ normal: inout [[Double]], _ right: inout [Double], row: [Double], value: Double, weight: Double
        ) {
            for i in 0..<3 {
                for j in 0..<3 { normal[i][j] += weight * row[i] * row[j] }
                right[i] += weight * row[i] * value
            }
        }

        /// By elimination with pivots, after the unknowns were scaled so that the diagonal is 1.
        /// - Returns: nil for equations that do not determine their unknowns.
        static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
            let scale = (0..<3).map { matrix[$0][$0].squareRoot() }
            guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
            var rows = (0..<3).map { i in (0..<3).map { matrix[i][$0] / scale[i] / scale[$0] } + [right[i] / scale[i]] }
            for column in 0..<3 {
                guard
                    let pivot = (column..<3).max(by: { rows[$0][column].magnitude < rows[$1][column].magnitude }),
                    rows[pivot][column].magnitude > 1e-13
                else { return nil }
                rows.swapAt(column, pivot)
                for row in 0..<3 where row != column {
                    let factor = rows[row][column] / rows[column][column]
                    for place in column..<4 { rows[row][place] -= factor * rows[column][place] }
                }
            }
            return (0..<3).map { rows[$0][3] / rows[$0][$0] / scale[$0] }
        }

        static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
            var columns: [[Double]] = []
            for place in 0..<3 {
                var unit = zeroVector
                unit[place] = 1
                guard let column = solve(matrix, unit) else { return nil }
                columns.append(column)
            }
            return (0..<3).map { row in columns.map { $0[row] } }
        }
    }
}
