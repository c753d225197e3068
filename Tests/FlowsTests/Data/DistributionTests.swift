import Core
import Glibc
import Testing

@testable import Flows

@Suite("Distributions of numbers")
struct DistributionTests {
    @Test(
        "Zipf draws k with a probability proportional to 1 / k^exponent: χ² below the 99.99 % point",
        arguments: [0.01, 0.5, 0.9, 1, 1.000001, 1.1, 2, 3.5], [2, 10, 1000])
    func zipf(exponent: Double, count: Int) throws {
        let zipf = try Zipf(1...count, exponent: exponent)
        var random = SeededRandom(seed: 11, stream: UInt64(count))
        let draws = 40_000
        // The first and the last cell are for what lies outside.
        var cells = [Int](repeating: 0, count: count + 2)
        for _ in 0..<draws { cells[min(max(zipf.draw(&random), 0), count + 1)] += 1 }
        #expect(cells.removeFirst() == 0)
        #expect(cells.removeLast() == 0)
        let weights = (1...count).map { pow(Double($0), -exponent) }
        let scale = Double(draws) / weights.reduce(0, +)
        let joined = join(zip(cells, weights).map { ($0, $1 * scale) })
        #expect(joined.count > 1)
        #expect(chiSquare(joined) < limit(freedom: joined.count - 1))
    }

    @Test("Zipf is as exact over 10^12 numbers: shares of the first number and of the first million")
    func large() throws {
        let zipf = try Zipf(1...1_000_000_000_000, exponent: 1)
        var random = SeededRandom(seed: 5)
        let draws = 50_000
        var first = 0
        var million = 0
        for _ in 0..<draws {
            let k = zipf.draw(&random)
            if k == 1 { first += 1 }
            if k <= 1_000_000 { million += 1 }
        }
        // The harmonic number of n is ln n + 0.5772 to 1/2n.
        let total = log(1e12) + 0.577_215_664_9
        for (observed, share) in [(first, 1 / total), (million, (log(1e6) + 0.577_215_664_9) / total)] {
            let deviation = (Double(draws) * share * (1 - share)).squareRoot()
            #expect(abs(Double(observed) - Double(draws) * share) < 4 * deviation)
        }
    }

    @Test("Zipf begins at the lower end of its range, and stays within it at any exponent")
    func edges() throws {
        for (range, exponent) in [
            (5...5, 1.0), (-3...3, 1), (Int.max - 9...Int.max, 0.001), (Int.min...Int.min + 9, 1000),
            (1...1 << 52, 1e-9),
            (1...1 << 52, 1), (1...1 << 52, 100), (1...2, .leastNonzeroMagnitude),
        ] {
            let zipf = try Zipf(range, exponent: exponent)
            var random = SeededRandom(seed: 1)
            var counts: [Int: Int] = [:]
            for _ in 0..<1000 { counts[zipf.draw(&random), default: 0] += 1 }
            #expect(counts.keys.allSatisfy { range.contains($0) })
            if exponent >= 1 { #expect(counts.max { $0.value < $1.value }?.key == range.lowerBound) }
        }
    }

    @Test(
        "Zipf refuses what is no exponent, and ranges beyond 2^52 numbers",
        arguments: [
            (1...10, 0.0), (1...10, -1), (1...10, .nan), (1...10, .infinity), (1...10, 1000.5), (0...1 << 52, 1),
            (Int.min...Int.max, 1),
        ])
    func refused(range: ClosedRange<Int>, exponent: Double) {
        #expect(throws: DataError.self) { try Zipf(range, exponent: exponent) }
    }

    @Test(
        "normal draws fall into each number's interval as often as the distribution says: χ² below the 99.99 % point",
        arguments: [
            (50.0, 10.0, 0...100), (50, 10, 45...60), (50, 10, 70...200), (0.3, 0.5, -5...5), (-7.5, 3, -10 ... -8),
            (1000, 2, 0...10_000), (0, 1000, 3...9),
        ])
    func normal(mean: Double, deviation: Double, range: ClosedRange<Int>) throws {
        let normal = try Normal(mean: mean, deviation: deviation, range: range)
        var random = SeededRandom(seed: 21)
        let draws = 20_000
        var counts: [Int: Int] = [:]
        for _ in 0..<draws { counts[normal.draw(&random), default: 0] += 1 }
        #expect(counts.keys.allSatisfy { range.contains($0) })
        func below(_ x: Double) -> Double { erfc(-(x - mean) / deviation / 2.0.squareRoot()) / 2 }
        let total = below(Double(range.upperBound) + 0.5) - below(Double(range.lowerBound) - 0.5)
        let joined = join(
            range.map { number in
                let share = (below(Double(number) + 0.5) - below(Double(number) - 0.5)) / total
                return (counts[number, default: 0], Double(draws) * share)
            })
        #expect(joined.count > 1)
        #expect(chiSquare(joined) < limit(freedom: joined.count - 1))
    }

    @Test("normal without a deviation is its mean, rounded")
    func constant() throws {
        var random = SeededRandom(seed: 1)
        #expect(try Normal(mean: 41.5, deviation: 0).draw(&random) == 42)
        #expect(try Normal(mean: -41.5, deviation: 0, range: -42 ... -42).draw(&random) == -42)
    }

    @Test(
        "normal refuses what cannot be drawn",
        arguments: [
            (.nan, 1.0, 0...1), (.infinity, 1, 0...1), (0, -1, 0...1), (0, .nan, 0...1), (0, .infinity, 0...1),
            (50, 10, 82...1000), (50, 1, 0...45), (0, 0, 1...2), (0, 1, Int.min...0), (0, 1e9, 5...6), (1e16, 1, 0...1),
        ] as [(Double, Double, ClosedRange<Int>)])
    func refused(mean: Double, deviation: Double, range: ClosedRange<Int>) {
        #expect(throws: DataError.self) { try Normal(mean: mean, deviation: deviation, range: range) }
    }

    /// Cells of at least 20 expected draws each, neighbours put together.
    private func join(_ cells: [(observed: Int, expected: Double)]) -> [(observed: Int, expected: Double)] {
        var joined: [(observed: Int, expected: Double)] = []
        var open = (observed: 0, expected: 0.0)
        for cell in cells {
            open = (open.observed + cell.observed, open.expected + cell.expected)
            if open.expected >= 20 {
                joined.append(open)
                open = (0, 0)
            }
        }
        if let last = joined.popLast() {
            joined.append((last.observed + open.observed, last.expected + open.expected))
        }
        return joined
    }

    /// The 99.99 % point of χ²: Wilson and Hilferty's approximation, a little high for few degrees of freedom.
    private func limit(freedom: Int) -> Double {
        let n = Double(freedom)
        let root = 1 - 2 / (9 * n) + 3.719 * (2 / (9 * n)).squareRoot()
        return n * root * root * root + 0.5
    }
}
