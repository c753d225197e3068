/// What a budget can speak of.
package enum Statistic: Hashable, Sendable {
    /// Of response time; 0 < percent ≤ 100.
    case percentile(Double)
    case mean
    case maximum
    /// Failed and rejected calls that no fallback answered, as a share of the calls that ended.
    case errors
    /// Calls that ended in one way, as a share of the calls that ended.
    case errorsOf(CallEnding)
    /// Completed arrivals per second.
    case rate
    /// Succeeded calls per second.
    case goodput
    /// Calls that succeeded or failed: how many.
    case requests
    /// Dropped arrivals as a share of the scheduled ones.
    case dropped
    /// Calls that a policy of the client rejected, as a share of the calls made.
    case rejected
    /// Calls that were answered by a fallback, as a share of the calls made.
    case fallbacks
    /// Attempts per call.
    case amplification
    /// A percentile of the send lag, sent − intended start; 0 < percent ≤ 100.
    case sendLag(Double)
    /// What the scenarios counted under that name, all tags together: the sum over the run, or per second of measured
    /// time.
    case counter(name: String, perSecond: Bool)
}

/// One way in which a call can end: what stands in the parentheses of `errors(503)`.
package enum CallEnding: Hashable, Sendable {
    /// It failed with that kind.
    case kind(FailureKind)
    /// Its answer had one of these statuses, whatever was expected.
    case status(ClosedRange<Int>)
}

extension CallEnding: CustomStringConvertible {
    /// `reset`, `503`, `5xx`, `500-503`.
    package var description: String {
        switch self {
        case .kind(let kind): return kind.name
        case .status(let range):
            if range.lowerBound == range.upperBound { return String(range.lowerBound) }
            let isClass = range.lowerBound % 100 == 0 && range.upperBound == range.lowerBound + 99
            return isClass ? "\(range.lowerBound / 100)xx" : "\(range.lowerBound)-\(range.upperBound)"
        }
    }

    /// The same from its text; nil for another one.
    package init?(_ text: String) {
        if let kind = FailureKind(name: text) {
            self = .kind(kind)
            return
        }
        let bytes = Array(text.utf8)
        if bytes.count == 3, bytes[1] | 0x20 == UInt8(ascii: "x"), bytes[2] | 0x20 == UInt8(ascii: "x"),
            (UInt8(ascii: "1")...UInt8(ascii: "5")).contains(bytes[0])
        {
            let first = Int(bytes[0] - UInt8(ascii: "0")) * 100
            self = .status(first...(first + 99))
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.map { part in
            part.utf8.count == 3 && part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
        }
        guard (1...2).contains(numbers.count), let from = numbers[0], let to = numbers[numbers.count - 1],
            (100...599).contains(from), (from...599).contains(to)
        else { return nil }
        self = .status(from...to)
    }
}

extension Statistic: CustomStringConvertible {
    package var description: String {
        switch self {
        case .percentile(let percent): return "p\(percent.trimmed(6))"
        case .mean: return "mean"
        case .maximum: return "max"
        case .errors: return "errors"
        case .errorsOf(let ending): return "errors(\(ending))"
        case .rate: return "rate"
        case .goodput: return "goodput"
        case .requests: return "requests"
        case .dropped: return "dropped"
        case .rejected: return "rejected"
        case .fallbacks: return "fallbacks"
        case .amplification: return "amplification"
        case .sendLag(99): return "send-lag"
        case .sendLag(let percent): return "send-lag(p\(percent.trimmed(6)))"
        case .counter(let name, let perSecond): return perSecond ? "\(name)/s" : name
        }
    }
}

extension Statistic {
    /// What its values are. The raw values stand in `summary.json`.
    package enum Unit: String, Hashable, Sendable {
        /// Nanoseconds.
        case time = "ns"
        /// 0.01 is 1 %.
        case share
        case perSecond = "per second"
        case amount
        case ratio
    }

    package var unit: Unit {
        switch self {
        case .percentile, .mean, .maximum, .sendLag: .time
        case .errors, .errorsOf, .dropped, .rejected, .fallbacks: .share
        case .rate, .goodput, .counter(_, perSecond: true): .perSecond
        case .requests, .counter(_, perSecond: false): .amount
        case .amplification: .ratio
        }
    }

    /// The percentile that it is, of whatever time; nil for the others.
    package var percent: Double? {
        switch self {
        case .percentile(let percent), .sendLag(let percent): percent
        default: nil
        }
    }

    /// Whether it is known of the run alone: arrivals are dropped before anybody has looked at what they would have been,
    /// attempts and their lag are counted as the client makes them, counters by name.
    package var isOfRunOnly: Bool {
        switch self {
        case .dropped, .amplification, .sendLag, .counter: true
        default: false
        }
    }

    /// Whether a bundle has it second by second also for a scenario or a step: latencies have series of their own there,
    /// calls are only counted over the whole run.
    package var hasSecondsByScope: Bool {
        switch self {
        case .percentile, .mean, .maximum: true
        default: false
        }
    }
}
