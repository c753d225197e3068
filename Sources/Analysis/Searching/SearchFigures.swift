/// Numbers of a search as people read them.
package enum SearchFigures {
    /// `151.9/s`, `1,234/s`: a rate of a probe, with all of its four digits.
    package static func rate(_ perSecond: Double) -> String { Figures.amount(perSecond) + "/s" }

    /// To three digits: `0.158`, `98.8`, `594`.
    package static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return Figures.amount(value) }
        var (scale, magnitude) = (1.0, value.magnitude)
        while magnitude < 100, scale < 1e12 { (scale, magnitude) = (scale * 10, magnitude * 10) }
        return Figures.amount((value * scale).rounded() / scale)
    }
}
