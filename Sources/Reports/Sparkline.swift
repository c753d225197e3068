/// A row of bars, one character each.
package enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// One bar per value, from zero to the largest; a space where there is no value.
    package static func text(_ values: [Double?]) -> String {
        let highest = values.compactMap { $0 }.filter(\.isFinite).max() ?? 0
        return String(
            values.map { value in
                guard let value, value.isFinite else { return " " }
                guard highest > 0, value > 0 else { return bars[0] }
                return bars[min(bars.count - 1, Int(value / highest * Double(bars.count - 1) + 0.5))]
            })
    }
}
