import Core

extension LabDescription {
    /// The target in plain lines, for reports: for each service one, one for each of its routes, episodes and faults; then one for
    /// each resource behind them.
    package var words: [String] { services.flatMap(\.words) + resources.map(\.words) }
}

extension ServiceDescription {
    /// What it is, then what happens to it, then what goes wrong.
    package var words: [String] {
        let before = "\(name): "
        return [before + character.joined(separator: "; ")]
            + routes.map { before + $0.words }
            + episodes.map { before + $0.words }
            + faults.map { before + $0.words }
    }

    private var character: [String] {
        let listens = listening == .each && replicas > 1 ? " that listen each" : ""
        let line = queue == 0 ? "no queue" : "queue of \(queue)\(order == .lastIn ? " (last in, first out)" : "")"
        var parts = [
            "\(counted(replicas, "replica"))\(listens), \(counted(workers, "worker"))\(replicas > 1 ? " each" : ""), \(line), "
                + time.words
        ]
        if connection > .zero { parts.append("new connections wait \(connection.plain)") }
        if let words = network.words { parts.append(words) }
        if isOptimistic { parts.append("answers 409 to a request during which another succeeded") }
        if servesAbandoned { parts.append("serves requests whose client has left") }
        if status != 200 { parts.append("answers \(status)") }
        return parts
    }

}

/// `1 worker`, `4 workers`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension NetworkDescription {
    /// Nil when there is nothing to say.
    fileprivate var words: String? {
        var parts: [String] = []
        if delay != .constant(.zero) { parts.append("\(delay.words) each way") }
        if loss > 0 { parts.append("\(percent(loss)) lost") }
        return parts.isEmpty ? nil : "network " + parts.joined(separator: ", ")
    }
}

extension TimeDistribution {
    var words: String {
        switch self {
        case .constant(let span): span == .zero ? "no service time" : span.plain
        case .uniform(let low, let high): "\(low.plain) to \(high.plain)"
        case .exponential(let mean): "\(mean.plain) in the mean (exponential)"
        case .lognormal(let p50, let p99): "p50 \(p50.plain), p99 \(p99.plain)"
        case .bimodal(let fast, let slow, let part): "\(fast.plain), but \(slow.plain) for \(percent(part))"
        case .recorded(let times): "\(times.count) recorded times, \(times.mean) in the mean"
        }
    }
}

extension Episode {
    /// What happens, where, when.
    package var words: String {
        let (who, isOne) = subject
        let what =
            switch kind {
            case .slow(let factor): "\(isOne ? "is" : "are") \(factor.shortest) times as slow"
            case .time(let time): "\(isOne ? "takes" : "take") \(time.words)"
            case .pause: "\(isOne ? "stands" : "stand") still"
            case .outage: "\(isOne ? "is" : "are") out"
            case .cold(let factor): "\(isOne ? "starts" : "start") cold, \(factor.shortest) times as slow at first"
            case .workers(let count):
                "\(isOne ? "has" : "have") \(count) worker\(count == 1 ? "" : "s")\(isOne ? "" : " each")"
            case .restart: "\(isOne ? "is" : "are") restarted\(replicas?.count == 1 ? "" : " one after the other")"
            }
        var text = "\(who) \(what), \(window(at, lasts))"
        if let every { text += kind == .restart ? ", one every \(every.plain)" : ", every \(every.plain)" }
        return text + (isAnnounced ? ", announced" : "")
    }

    private var subject: (who: String, isOne: Bool) {
        guard let replicas else { return ("every replica", true) }
        return replicas.count == 1 ? ("replica \(replicas.words)", true) : ("replicas \(replicas.words)", false)
    }
}

extension Fault {
    /// What goes wrong, how often, where, when.
    package var words: String {
        var text = "fault \(kind.words) for \(kind.strikesConnections ? "connections" : "requests")"
        if let path { text += " to \(path)" }
        text += ", \(percent(share))"
        if let replicas { text += ", replica\(replicas.count == 1 ? "" : "s") \(replicas.words)" }
        if at > .zero || lasts != nil { text += ", \(window(at, lasts))" }
        return text
    }
}

extension FaultKind {
    /// The name with its values.
    fileprivate var words: String {
        switch self {
        case .status(let status): "\(name) \(status)"
        case .delay(let span): "\(name) \(span.plain)"
        case .trickle(let every): "\(name) every \(every.plain)"
        case .gzipBomb(let bytes), .oversizedHeader(let bytes), .oversizedHeaders(let bytes):
            "\(name) of \(bytes) bytes"
        case .redirect(let location): "\(name) to \(location)"
        default: name
        }
    }
}

/// `from 10s for 30s`, `from the start to the end`.
private func window(_ at: Span, _ lasts: Span?) -> String {
    (at == .zero ? "from the start" : "from \(at.plain)") + (lasts.map { " for \($0.plain)" } ?? " to the end")
}

/// `0.1%`.
func percent(_ value: Double) -> String { "\((value * 100).trimmed(6))%" }
