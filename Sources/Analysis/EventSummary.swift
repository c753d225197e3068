import Core
package import Recording

/// The events of a run: how many of each there were, and the first of them.
package struct EventSummary: Hashable, Sendable, Encodable {
    /// One event as reports show it.
    package struct Line: Hashable, Sendable, Encodable {
        /// Seconds since the start of the run.
        package var time: Double
        package var client: Int?
        package var kind: String
        package var subject: String
        package var what: String
        package var detail: String
    }

    /// Events that are the same but for their times, clients and details.
    package struct Group: Hashable, Sendable, Encodable {
        package var kind: String
        package var subject: String
        package var what: String
        package var count: Int
        /// Seconds since the start of the run.
        package var first: Double
        package var last: Double
    }

    private struct Key: Hashable {
        var kind: String
        var subject: String
        var what: String
    }

    /// Most events that are kept as they are.
    package static let mostLines = 1_000
    /// Most groups that are told apart; further events are counted with `other` for a subject and a word.
    package static let mostGroups = 10_000

    package private(set) var total = 0
    /// The first ones, in the order of the file.
    package private(set) var lines: [Line] = []
    /// In the order in which each came first.
    package private(set) var groups: [Group] = []
    private var places: [Key: Int] = [:]

    private enum CodingKeys: String, CodingKey {
        case total, lines, groups
    }

    package init() {}

    package mutating func add(_ event: RunEvent) {
        let time = event.time.seconds
        let kind = event.kind.rawValue
        total += 1
        if lines.count < Self.mostLines {
            lines.append(
                Line(
                    time: time, client: event.client, kind: kind, subject: event.subject, what: event.what,
                    detail: event.detail))
        }
        var key = Key(kind: kind, subject: event.subject, what: event.what)
        if places[key] == nil, places.count >= Self.mostGroups {
            key = Key(kind: kind, subject: "other", what: "other")
        }
        if let place = places[key] {
            groups[place].count += 1
            groups[place].first = min(groups[place].first, time)
            groups[place].last = max(groups[place].last, time)
        } else {
            places[key] = groups.count
            groups.append(
                Group(kind: kind, subject: key.subject, what: key.what, count: 1, first: time, last: time))
        }
    }

    /// How many events of that kind, and of that word.
    package func count(_ kind: RunEvent.Kind, _ what: String? = nil) -> Int {
        groups.reduce(0) { sum, group in
            group.kind == kind.rawValue && (what == nil || group.what == what) ? sum + group.count : sum
        }
    }
}
