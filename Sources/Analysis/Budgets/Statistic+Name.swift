package import Core

extension Statistic {
    /// The statistic of that name, as `description` writes it; nil when there is none.
    /// - Parameter counters: names that are counters, unless a statistic has them already.
    package init?(name: String, counters: Set<String> = []) {
        switch name {
        case "mean": self = .mean
        case "max": self = .maximum
        case "errors": self = .errors
        case "rate": self = .rate
        case "goodput": self = .goodput
        case "requests": self = .requests
        case "dropped": self = .dropped
        case "rejected": self = .rejected
        case "fallbacks": self = .fallbacks
        case "amplification": self = .amplification
        case "send-lag": self = .sendLag(99)
        default:
            if let percent = Self.percent(name) {
                self = .percentile(percent)
            } else if let ending = Self.argument(of: name, "errors").flatMap({ CallEnding($0) }) {
                self = .errorsOf(ending)
            } else if let percent = Self.argument(of: name, "send-lag").flatMap(Self.percent) {
                self = .sendLag(percent)
            } else if counters.contains(name) {
                self = .counter(name: name, perSecond: false)
            } else if name.hasSuffix("/s"), counters.contains(String(name.dropLast(2))) {
                self = .counter(name: String(name.dropLast(2)), perSecond: true)
            } else {
                return nil
            }
        }
    }

    private static func percent(_ name: String) -> Double? {
        guard name.hasPrefix("p"), let percent = Double(name.dropFirst()), percent > 0, percent <= 100 else {
            return nil
        }
        return percent
    }

    private static func argument(of name: String, _ word: String) -> String? {
        guard name.hasPrefix("\(word)("), name.hasSuffix(")") else { return nil }
        return String(name.dropFirst(word.count + 1).dropLast())
    }
}
