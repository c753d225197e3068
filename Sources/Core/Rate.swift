/// How many per second: arrivals, requests, calls.
package struct Rate: Comparable, Hashable, Sendable {
    /// Per second; at least zero, finite.
    package var perSecond: Double

    /// - Precondition: `perSecond` is finite and not negative.
    package init(perSecond: Double) {
        precondition(perSecond.isFinite && perSecond >= 0, "a rate is a finite number of at least 0, not \(perSecond)")
        self.perSecond = perSecond
    }

    package static func < (left: Rate, right: Rate) -> Bool { left.perSecond < right.perSecond }
}

extension Rate: CustomStringConvertible {
    /// `500/s`, `12.5/s`, `0.001/s`: at most two decimals, below 1/s six, so that a slow rate is not shown as none.
    package var description: String { "\(perSecond.trimmed(perSecond < 1 ? 6 : 2))/s" }
}
