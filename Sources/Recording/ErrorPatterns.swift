package import Core

/// Failed calls that are alike: of one step, to one endpoint, with one result.
package struct ErrorPattern: Hashable, Sendable {
    /// By place in the series table.
    package let step: Int
    /// The endpoint that the last attempt went to; nil for a plan without, and when nothing was sent.
    package let place: Int?
    /// The last status received; 0 if none.
    package let status: Int32
    package let failure: FailureKind
    package fileprivate(set) var count: Int
    /// When the first of them ended and when the last one did, since the start of the run.
    package fileprivate(set) var first: Span
    package fileprivate(set) var last: Span
    /// Of the first one.
    package fileprivate(set) var trace: TraceID

    fileprivate func key() -> ErrorPatterns.Key {
        ErrorPatterns.Key(step: step, place: place ?? -1, status: status, failure: failure)
    }
}

/// The failed calls of a run, grouped; a bounded number of groups, so that memory does not grow with the run.
package struct ErrorPatterns: Sendable {
    /// Most groups of a client, and of a run.
    package static let most = 100

    fileprivate struct Key: Hashable {
        var step: Int
        var place: Int
        var status: Int32
        var failure: FailureKind
    }

    /// In the order in which each came first.
    private var patterns: [ErrorPattern] = []
    private var places: [Key: Int] = [:]
    /// Where the last failure was counted: failures come in rows of equals.
    private var latest = 0
    /// Failures that no group had room for.
    private var rest = 0

    package init() {}

    package var isEmpty: Bool { patterns.isEmpty && rest == 0 }

    /// Failed calls, all of them.
    package var count: Int { patterns.reduce(rest) { $0 + $1.count } }

    /// Counts a failed call.
    /// - Parameters:
    ///   - place: the endpoint of the last attempt; nil for a plan without.
    ///   - time: when it ended, since the start of the run.
    package mutating func note(
        step: Int, place: Int?, status: Int32, failure: FailureKind, at time: Span, trace: TraceID
    ) {
        let key = Key(step: step, place: place ?? -1, status: status, failure: failure)
        if !patterns.indices.contains(latest) || patterns[latest].key() != key {
            guard let found = find(key) else {
                rest += 1
                return
            }
            latest = found
        }
        if latest == patterns.count {
            patterns.append(
                ErrorPattern(
                    step: step, place: place, status: status, failure: failure, count: 0, first: time, last: time,
                    trace: trace))
        }
        patterns[latest].count += 1
        patterns[latest].last = max(patterns[latest].last, time)
    }

    /// The group of that key, which may be the next new one; nil when there is no room for it.
    private mutating func find(_ key: Key) -> Int? {
        if let place = places[key] { return place }
        guard patterns.count < Self.most else { return nil }
        places[key] = patterns.count
        return patterns.count
    }

    /// Adds those of another client. Groups are not dropped before all clients have told theirs.
    package mutating func add(_ other: ErrorPatterns) {
        rest += other.rest
        for pattern in other.patterns {
            guard let place = places[pattern.key()] else {
                places[pattern.key()] = patterns.count
                patterns.append(pattern)
                continue
            }
            patterns[place].count += pattern.count
            if pattern.first < patterns[place].first {
                patterns[place].first = pattern.first
                patterns[place].trace = pattern.trace
            }
            patterns[place].last = max(patterns[place].last, pattern.last)
        }
    }

    /// At most `most` groups, the largest first, of equals the one that came first; and how many failures are in none of them.
    package var commonest: (patterns: [ErrorPattern], rest: Int) {
        let sorted = patterns.enumerated().sorted {
            ($1.element.count, $0.element.first, $0.offset) < ($0.element.count, $1.element.first, $1.offset)
        }.map(\.element)
        return (Array(sorted.prefix(Self.most)), sorted.dropFirst(Self.most).reduce(rest) { $0 + $1.count })
    }
}

/// The calls of a run that a report names, one by one or in groups: collected by each client over the whole run, and handed
/// over at its end.
package struct NotableCalls: Sendable {
    package var slowest = SlowestCalls()
    package var errors = ErrorPatterns()

    package init() {}

    package mutating func add(_ other: NotableCalls) {
        slowest.add(other.slowest)
        if !other.errors.isEmpty { errors.add(other.errors) }
    }
}
