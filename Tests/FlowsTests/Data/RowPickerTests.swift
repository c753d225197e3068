import Core
import Testing

@testable import Flows

@Suite("The order of rows")
struct RowPickerTests {
    private func picker(_ rows: Int, _ order: RowOrder, _ atEnd: AtEnd = .repeat, seed: UInt64 = 7) -> RowPicker {
        RowPicker(rows: rows, order: order, atEnd: atEnd, seed: seed, stream: 3)
    }

    @Test(
        "uses each row exactly once per pass",
        arguments: [RowOrder.sequential, .shuffled], [1, 2, 3, 4, 5, 7, 16, 17, 64, 100, 1000, 4097])
    func passes(order: RowOrder, rows: Int) {
        let picker = picker(rows, order)
        for pass in 0..<5 {
            let used = (0..<rows).compactMap { picker.row(at: pass * rows + $0) }
            #expect(used.sorted() == Array(0..<rows))
            if order == .sequential { #expect(used == Array(0..<rows)) }
        }
    }

    @Test("is shared out over clients without a row lost or used twice", arguments: [1, 2, 3, 4, 7, 16])
    func stripes(width: Int) {
        for order in RowOrder.allCases {
            let picker = picker(100, order, .stop)
            let whole = (0..<100).compactMap { picker.row(at: $0) }
            var union = [Int?](repeating: nil, count: 100)
            for index in 0..<width {
                // Each client has a copy of its own, and goes backwards to show that the order of calls is nothing.
                let copy = picker
                for ordinal in stride(from: index, to: 100, by: width).reversed() {
                    union[ordinal] = copy.row(at: ordinal)
                }
            }
            #expect(union == whole)
        }
    }

    @Test(
        "ends with the last row when told to stop, and begins again otherwise",
        arguments: [
            (RowOrder.sequential, AtEnd.stop, nil as Int?), (.sequential, .repeat, 0), (.shuffled, .stop, nil),
        ])
    func ends(order: RowOrder, atEnd: AtEnd, next: Int?) {
        let picker = picker(10, order, atEnd)
        #expect(picker.row(at: 9) != nil)
        #expect(picker.row(at: 10) == next)
        #expect(picker.row(at: .max / 10 * 10) == next)
    }

    @Test("drawn at random never ends")
    func randomNeverEnds() {
        #expect(picker(10, .random, .stop).row(at: 1_000_000) != nil)
    }

    @Test("shuffled differs from pass to pass, from seed to seed, and from the file's")
    func differs() {
        let first = (0..<1000).map { picker(1000, .shuffled).row(at: $0) }
        let second = (1000..<2000).map { picker(1000, .shuffled).row(at: $0) }
        let third = (2000..<3000).map { picker(1000, .shuffled).row(at: $0) }
        let other = (0..<1000).map { picker(1000, .shuffled, seed: 8).row(at: $0) }
        let orders = [first, second, third, other, Array(0..<1000)]
        for (a, b) in [(0, 1), (0, 2), (1, 2), (0, 3), (0, 4), (1, 4)] {
            // Two random orders agree in one place on average.
            #expect(zip(orders[a], orders[b]).count { $0 == $1 } < 8, "orders \(a) and \(b)")
        }
    }

    @Test("never changes from one version to the next: old seeds keep their rows")
    func golden() {
        #expect((0..<12).map { picker(6, .shuffled).row(at: $0) } == [3, 4, 2, 0, 1, 5, 5, 3, 1, 2, 4, 0])
        #expect((0..<8).map { picker(100, .random).row(at: $0) } == [42, 49, 44, 32, 90, 26, 21, 18])
    }

    @Test(
        "shuffled has all orders of 4 rows equally often, in any pass: χ² over 24 orders, below the 99.99 % point",
        arguments: [0, 1, 2, 5])
    func uniform(pass: Int) {
        var counts: [[Int]: Int] = [:]
        for seed in 0..<UInt64(4800) {
            let picker = picker(4, .shuffled, seed: seed)
            counts[(0..<4).compactMap { picker.row(at: pass * 4 + $0) }, default: 0] += 1
        }
        #expect(counts.count == 24)
        #expect(chiSquare(counts.values.map { ($0, 200) }) < 57)
    }

    @Test("at random has all rows equally often: χ² over 100 rows, below the 99.99 % point")
    func evenly() {
        let picker = picker(100, .random)
        var counts = [Int](repeating: 0, count: 100)
        for ordinal in 0..<20_000 { counts[picker.row(at: ordinal)!] += 1 }
        let sum = chiSquare(counts.map { ($0, 200) })
        #expect(sum < 158)
        #expect(sum > 55)
    }

    @Test("is permuted for later passes without a number lost, for every count up to 130 and some large ones")
    func feistel() {
        for count in Array(1...130) + [1023, 1024, 1025, 4097] {
            let permutation = FeistelPermutation(count: count, key: 9)
            #expect(Set((0..<count).map(permutation.image)) == Set(0..<count))
        }
    }
}

/// Pearson's sum over cells of what was counted and what was expected.
func chiSquare(_ cells: [(observed: Int, expected: Double)]) -> Double {
    cells.reduce(0) { $0 + (Double($1.observed) - $1.expected) * (Double($1.observed) - $1.expected) / $1.expected }
}
