import Core

extension TimeDistribution {
    /// What is wrong with it, if anything.
    /// - Parameter what: what the times are of, such as "service time".
    func flaw(_ what: String) -> String? {
        switch self {
        case .constant(let span):
            if span < .zero { return "\(what) \(span) is less than nothing" }
        case .uniform(let low, let high):
            if low < .zero { return "\(what) from \(low) is less than nothing" }
            if high < low { return "\(what) from \(low) to \(high) runs backwards" }
        case .exponential(let mean):
            if mean < .zero { return "mean \(what) \(mean) is less than nothing" }
        case .lognormal(let p50, let p99):
            if p50 <= .zero { return "median \(what) \(p50) is not above 0, as a lognormal one must be" }
            if p99 < p50 { return "\(what) p99 \(p99) is below p50 \(p50)" }
        case .bimodal(let fast, let slow, let share):
            if fast < .zero || slow < fast { return "\(what)s of \(fast) and \(slow) do not ascend from nothing" }
            if !(0...1).contains(share) { return "share \(share) of slow \(what)s is outside 0 to 1" }
        case .recorded: break
        }
        return nil
    }
}

extension NetworkDescription {
    var flaw: String? {
        if !(loss >= 0 && loss < 1) {
            return "network loss \(loss) is outside 0 to below 1; what is always lost never arrives"
        }
        return delay.flaw("network delay")
    }
}
