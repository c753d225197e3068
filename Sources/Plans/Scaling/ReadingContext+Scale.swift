import Core

/// Whether what a plan asks for can still be done when it is run faster.
extension ReadingContext {
    /// Complains of a time that becomes shorter than `least`. Without a scale every time of a plan will do.
    mutating func canRun(_ span: Span, least: Span = TimeScale.shortest, at place: Place) -> Bool {
        guard !timeScale.isNone, span > .zero else { return true }
        // Where less than `least` is wrong anyway, that is said by the key.
        guard span >= least || least == TimeScale.shortest, timeScale.scaled(span) < least else { return true }
        complain(
            .range, at: place,
            "`\(key.printable)` is \(Units.text(span)), at `--time-scale \(timeScale.text)` it would be "
                + "\(Units.text(timeScale.scaled(span))), and the least it can be is \(Units.text(least))",
            remedy: "choose a smaller `--time-scale`, or write a longer one")
        return false
    }

    /// Complains of a rate that becomes higher than any plan may have.
    mutating func canRun(_ rate: Rate, at place: Place) -> Bool {
        guard !timeScale.isNone, timeScale.scaled(rate) > Units.maximumRate else { return true }
        complain(
            .range, at: place,
            "`\(key.printable)` is \(Units.text(rate)), at `--time-scale \(timeScale.text)` it would be "
                + "\(Units.text(timeScale.scaled(rate))), and the highest rate is \(Units.text(Units.maximumRate))",
            remedy: "choose a smaller `--time-scale`, or write a lower one")
        return false
    }
}
