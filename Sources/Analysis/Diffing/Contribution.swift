/// What a step, an endpoint or a part of an attempt has in the change of the mean response time: how often it is there times
/// how long it takes, per call. The contributions of all steps add up to the change.
package struct Contribution: Hashable, Sendable, Encodable {
    package enum Kind: String, CaseIterable, Hashable, Sendable, Encodable {
        case step, endpoint
        /// Of an attempt: DNS, connect, TLS, first byte, transfer.
        case phase
        /// What is left of a call beside its attempts: waiting for a connection, for the next try, for the generator.
        case outside
    }

    package var kind: Kind
    package var name: String
    /// Its own mean on each side, milliseconds; nil where it never was.
    package var aMs: Double?
    package var bMs: Double?
    /// How often it is there per call.
    package var aPerCall: Double
    package var bPerCall: Double
    /// Milliseconds by which the mean of all calls changed with it.
    package var changeMs: Double
    /// The bounds of its 95 % interval over the pairs; nil for fewer than three pairs.
    package var lowMs: Double?
    package var highMs: Double?
    /// Of the whole change of the mean; nil when that is hardly any.
    package var share: Double?

    /// A change of the mean that is smaller has no parts worth naming.
    private static let leastChange = 0.001

    /// Of each kind the greatest first.
    static func all(of pairs: [RunPairs.Pair], alpha: Double) -> [Contribution] {
        let means = pairs.compactMap { pair in
            pair.first.figures[.mean].flatMap { one in pair.other.figures[.mean].map { (one, $0) } }
        }
        guard !pairs.isEmpty, means.count == pairs.count else { return [] }
        let count = Double(means.count)
        let (one, two) = (means.reduce(0) { $0 + $1.0 } / count, means.reduce(0) { $0 + $1.1 } / count)
        let total = (two - one).magnitude >= leastChange * one ? two - one : nil
        let lists: [(Kind, KeyPath<DiffRun, [DiffRun.Part]>)] = [
            (.step, \.steps), (.endpoint, \.endpoints), (.phase, \.phases),
        ]
        var found = lists.flatMap { kind, list in
            names(in: pairs, list).map { name in
                Contribution(
                    kind, name, pairs.map { ($0.first.time(name, list), $0.other.time(name, list)) }, total, alpha)
            }.filter { $0.aPerCall > 0 || $0.bPerCall > 0 }
        }
        if found.contains(where: { $0.kind == .phase }) {
            found.append(
                Contribution(
                    .outside, "", pairs.map { ($0.first.timeOutsideAttempts, $0.other.timeOutsideAttempts) }, total,
                    alpha)
            )
        }
        let order = Kind.allCases
        return found.enumerated().sorted { left, right in
            let kinds = (order.firstIndex(of: left.element.kind)!, order.firstIndex(of: right.element.kind)!)
            return (kinds.0, -left.element.changeMs.magnitude, left.offset)
                < (kinds.1, -right.element.changeMs.magnitude, right.offset)
        }.map(\.element)
    }

    private static func names(in pairs: [RunPairs.Pair], _ list: KeyPath<DiffRun, [DiffRun.Part]>) -> [String] {
        var seen: Set<String> = []
        return pairs.flatMap { $0.first[keyPath: list] + $0.other[keyPath: list] }.map(\.name)
            .filter { seen.insert($0).inserted }
    }

    /// How often something is there per call, and its milliseconds per call.
    struct Time {
        var perCall = 0.0
        var ms = 0.0
    }

    private init(_ kind: Kind, _ name: String, _ pairs: [(first: Time, other: Time)], _ total: Double?, _ alpha: Double)
    {
        let count = Double(pairs.count)
        func mean(_ value: ((first: Time, other: Time)) -> Double) -> Double {
            pairs.reduce(0) { $0 + value($1) } / count
        }
        self.kind = kind
        self.name = name
        aPerCall = mean { $0.first.perCall }
        bPerCall = mean { $0.other.perCall }
        let (one, two) = (mean { $0.first.ms }, mean { $0.other.ms })
        aMs = aPerCall > 0 ? one / aPerCall : nil
        bMs = bPerCall > 0 ? two / bPerCall : nil
        changeMs = two - one
        share = total.map { (two - one) / $0 }
        guard pairs.count >= BundleDiff.leastPairs else { return }
        let compared = PairedComparison(
            first: pairs.map(\.first.ms), other: pairs.map(\.other.ms), rule: .difference, margin: 0, alpha: alpha)
        lowMs = compared?.low
        highMs = compared?.high
    }
}

extension DiffRun {
    /// Of one part of that name, per call of the run.
    fileprivate func time(_ name: String, _ list: KeyPath<DiffRun, [Part]>) -> Contribution.Time {
        guard figures.calls > 0, let part = self[keyPath: list].first(where: { $0.name == name }) else {
            return .init()
        }
        let perCall = Double(part.count) / Double(figures.calls)
        return Contribution.Time(perCall: perCall, ms: perCall * part.meanMs)
    }

    fileprivate var timeOutsideAttempts: Contribution.Time {
        let inside = phases.reduce(0) { $0 + time($1.name, \.phases).ms }
        return Contribution.Time(perCall: 1, ms: (figures[.mean] ?? 0) - inside)
    }
}
