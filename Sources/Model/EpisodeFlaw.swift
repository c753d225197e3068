import Core

extension Episode {
    /// The shortest time from one beginning to the next: what comes more often is a matter of the service time.
    static let shortestPeriod = Span.milliseconds(1)
    /// The most that work can be slowed down; what is slower stands still.
    static let largestFactor = 1_000_000.0

    /// What is wrong with it, if anything, for a service of so many replicas.
    func flaw(of count: Int) -> String? {
        if at < .zero { return "episode \(name): it begins \(at) after the load's start; nothing happens before that" }
        if let lasts, lasts <= .zero { return "episode \(name): it lasts \(lasts), which is not above 0" }
        if let replicas, replicas.lowerBound < 0 || replicas.upperBound >= count {
            return "episode \(name): replicas \(replicas.words) are not among the \(count) there are, numbered from 0"
        }
        return kindFlaw ?? periodFlaw(of: count)
    }

    private var kindFlaw: String? {
        switch kind {
        case .slow(let factor), .cold(let factor):
            if !(1...Self.largestFactor).contains(factor) {
                return "episode \(name): a factor of \(factor.shortest) is outside 1 to "
                    + "\(Self.largestFactor.shortest); for what stands still write a pause"
            }
        case .time(let time):
            if let flaw = time.flaw("service time") { return "episode \(name): \(flaw)" }
        case .workers(let workers):
            if workers < 1 { return "episode workers: \(workers) is less than 1; for none write an outage or a pause" }
        case .pause, .outage, .restart: break
        }
        switch kind {
        case .cold where lasts == nil, .restart where lasts == nil:
            return "episode \(name): it does not say how long it lasts, and must"
        case .outage, .restart: return nil
        default:
            return isAnnounced ? "episode \(name): only an outage or a restart can be announced" : nil
        }
    }

    private func periodFlaw(of count: Int) -> String? {
        let struck = replicas?.count ?? count
        guard let every else {
            if case .restart = kind, struck > 1 {
                return
                    "episode restart: it does not say how long from one of \(struck) replicas to the next; without that "
                    + "they are out together, which is an outage"
            }
            return nil
        }
        if every < Self.shortestPeriod {
            return "episode \(name): every \(every) is more often than every \(Self.shortestPeriod), the most there is"
        }
        if case .restart = kind { return nil }
        guard let lasts else {
            return "episode \(name): it comes every \(every) but never ends; say how long it lasts"
        }
        if every <= lasts {
            return "episode \(name): it comes every \(every) and lasts \(lasts); it must be over before it comes again"
        }
        return nil
    }
}

extension Episode {
    /// The stable short name of its kind, as in plans.
    package var name: String {
        switch kind {
        case .slow: "slow"
        case .time: "time"
        case .pause: "pause"
        case .outage: "outage"
        case .cold: "cold-start"
        case .workers: "workers"
        case .restart: "restart"
        }
    }
}

extension Fault {
    /// What is wrong with when and where it strikes, if anything.
    func placeFlaw(in service: ServiceDescription) -> String? {
        if at < .zero {
            return "fault \(kind.name): it begins \(at) after the load's start; nothing happens before that"
        }
        if let lasts, lasts <= .zero { return "fault \(kind.name): it lasts \(lasts), which is not above 0" }
        guard let replicas else { return nil }
        if kind.strikesConnections, service.listening == .together {
            return "fault \(kind.name) strikes connections, which belong to no replica unless each listens; leave "
                + "`replicas` out"
        }
        if replicas.lowerBound < 0 || replicas.upperBound >= service.replicas {
            return "fault \(kind.name): replicas \(replicas.words) are not among the \(service.replicas) there are, "
                + "numbered from 0"
        }
        return nil
    }
}

extension ClosedRange<Int> {
    /// `3`, `0 to 3`.
    var words: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)" }
}
