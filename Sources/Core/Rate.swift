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
    /// `500/s`, `12.5/s`.
    package var description: String {
        perSecond == perSecond.rounded() ? "\(perSecond.fixed(0))/s" : "\(perSecond.fixed(2))/s"
    }
}
