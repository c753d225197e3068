import Reports
import Testing

@Suite("Axes have round ticks and end where the values end")
struct AxisTests {
    private func labels(_ axis: Axis, _ most: Int) -> [String] {
        axis.ticks(atMost: most).map(\.label).filter { !$0.isEmpty }
    }

    @Test(
        "From zero to a round number",
        arguments: [
            (97, 6, ["0", "20", "40", "60", "80", "100"]), (0.9, 6, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
            (1_204, 6, ["0", "500", "1,000", "1,500"]), (3_400_000, 6, ["0", "1 M", "2 M", "3 M", "4 M"]),
            (1, 3, ["0", "0.5", "1.0"]), (0, 3, ["0", "0.5", "1.0"]),
        ] as [(Double, Int, [String])])
    func linear(largest: Double, most: Int, expected: [String]) {
        #expect(labels(.linear("count", upTo: largest), most) == expected)
    }

    @Test(
        "Time in seconds, minutes and hours",
        arguments: [
            (20, 6, ["0", "5", "10", "15", "20"]), (600, 6, ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]),
            (7_200, 5, ["0:00", "0:30", "1:00", "1:30", "2:00"]),
            (172_800, 5, ["0:00", "12:00", "24:00", "36:00", "48:00"]),
        ] as [(Double, Int, [String])])
    func time(end: Double, most: Int, expected: [String]) {
        #expect(labels(.time(from: 0, to: end), most) == expected)
    }

    @Test(
        "Ones, twos and fives of a logarithmic scale, and powers of ten where these are too many",
        arguments: [
            (3, 180, 10, ["2", "5", "10", "20", "50", "100", "200"]),
            (0.4, 70_000, 6, ["1", "10", "100", "1,000", "10,000", "100,000"]),
            (5, 5, 6, ["5", "10"]), (0.07, 0.09, 6, ["0.05", "0.1"]),
        ] as [(Double, Double, Int, [String])])
    func logarithmic(low: Double, high: Double, most: Int, expected: [String]) {
        #expect(labels(.logarithmic("ms", from: low, to: high), most) == expected)
    }

    @Test(
        "Each nine of the percentiles, up to the last sample",
        arguments: [
            (1_000, 12, ["0", "50", "90", "95", "99", "99.9"]), (999, 12, ["0", "50", "90", "95", "99"]),
            (1_000_000, 5, ["0", "50", "90", "99", "99.9", "99.99", "99.999", "99.9999"]), (1, 12, ["0", "50", "90"]),
        ] as [(Int, Int, [String])])
    func percentile(samples: Int, most: Int, expected: [String]) {
        #expect(labels(.percentile(samples: samples), most) == expected)
    }

    @Test(
        "A value lies between the ends, whatever it is",
        arguments: [
            Axis.linear("", upTo: 7), .linear("", upTo: .infinity), .linear("", upTo: -1),
            .linear("", from: .nan, to: .nan),
            .time(from: 0, to: 1e9), .time(from: 5, to: 5), .logarithmic("", from: 0, to: 0),
            .logarithmic("", from: -1, to: .infinity),
            .logarithmic("", from: 3, to: 2), .percentile(samples: 0), .percentile(samples: .max),
        ])
    func shares(axis: Axis) {
        for value in [0, -1, 1, 1e300, -1e300, .infinity, -.infinity, .nan, 0.001, 5e9] as [Double] {
            #expect((0...1).contains(axis.share(of: value)))
        }
        for most in [2, 5, 12] {
            let ticks = axis.ticks(atMost: most)
            #expect(ticks.count < 100)
            for tick in ticks { #expect((0...1).contains(axis.share(of: tick.value))) }
        }
    }

    @Test func logarithmicPlacesAreEvenByFactors() {
        let axis = Axis.logarithmic("ms", from: 1, to: 1_000)
        for (value, share) in [(1.0, 0.0), (10, 1.0 / 3), (100, 2.0 / 3), (1_000, 1)] {
            #expect(abs(axis.share(of: value) - share) < 1e-12)
        }
    }
}
