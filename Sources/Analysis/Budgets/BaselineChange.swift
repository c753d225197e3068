import Core

/// What changed between the runs of a baseline and new ones.
package struct BaselineChange: Hashable, Sendable, Encodable {
    package var pairs: Int
    /// The baseline's value, in the unit of the budget's limit: the geometric mean for latencies, else the mean.
    package var before: Double
    /// As a share of it: 0.05 is 5 % more; for a share the difference, where 0.05 is 5 points.
    package var change: Double
    /// The bounds of its interval, 95 %.
    package var low: Double
    package var high: Double

    /// `+5.1 % (+4.4 % to +5.7 %) against 297 ms, 8 pairs`
    func text(of statistic: Statistic) -> String {
        let unit = statistic.unit == .share ? " points" : " %"
        func signed(_ value: Double) -> String { Figures.signedPercent(value) + unit }
        return "\(signed(change)) (\(signed(low)) to \(signed(high))) against "
            + "\(BudgetResult.text(before, of: statistic)), \(Figures.count(pairs, "pair"))"
    }
}

extension Figures {
    /// A share as percent with its sign and about three digits, without unit: `+5.1`, `-0.12`, `0.00`.
    static func signedPercent(_ share: Double) -> String {
        let percent = share * 100
        guard percent.isFinite else { return "–" }
        let places = percent.magnitude < 0.995 ? 2 : percent.magnitude < 99.5 ? 1 : 0
        let text = percent.fixed(places)
        return percent > 0 && text.contains(where: { ("1"..."9").contains($0) }) ? "+" + text : text
    }
}
