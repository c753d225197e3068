import Recording

/// The events of a run as a picture: a lane for each subject, with stretches of time where it was in a state, and marks where
/// something happened.
package struct EventLanes: Sendable {
    package struct Stretch: Hashable, Sendable {
        /// Seconds since the start of the run.
        package var start: Double
        package var end: Double
        /// The word that began it: `open`, `half-open`, `ejected`, `unhealthy`, `begin`.
        package var what: String
        /// False for a state on the way back, `half-open`.
        package var isFull: Bool

        package init(start: Double, end: Double, what: String, isFull: Bool) {
            self.start = start
            self.end = end
            self.what = what
            self.isFull = isFull
        }
    }

    package struct Mark: Hashable, Sendable {
        package var time: Double
        package var what: String
        package var detail: String
    }

    package struct Lane: Sendable {
        package var kind: String
        package var subject: String
        package var stretches: [Stretch] = []
        package var marks: [Mark] = []
    }

    /// In the order of their first events.
    package private(set) var lanes: [Lane] = []
    /// Events of lanes beyond the first so many.
    package private(set) var left = 0
    /// How far the events that were kept reach, in seconds; the end of the run unless there were too many of them.
    package let end: Double

    /// - Parameters:
    ///   - end: of the run, in seconds.
    ///   - limit: most lanes.
    package init(_ events: EventSummary, until end: Double, atMost limit: Int) {
        let lines = events.lines.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        let last = lines.last?.time ?? end
        self.end = events.total > lines.count ? last : max(end, last)
        var places: [Key: Int] = [:]
        var states: [Int: State] = [:]
        for event in lines {
            let key = Key(kind: event.kind, subject: event.subject)
            if places[key] == nil {
                guard lanes.count < limit else {
                    left += 1
                    continue
                }
                places[key] = lanes.count
                lanes.append(Lane(kind: event.kind, subject: event.subject))
            }
            guard let place = places[key] else { continue }
            if let level = Self.levels[event.what], event.kind != RunEvent.Kind.endpoints.rawValue {
                states[place, default: State()].take(event, level, &lanes[place])
            } else {
                lanes[place].marks.append(Mark(time: event.time, what: event.what, detail: event.detail))
            }
        }
        for place in states.keys.sorted() { states[place]?.close(at: self.end, &lanes[place]) }
    }

    private struct Key: Hashable {
        var kind: String
        var subject: String
    }

    /// How bad a state is; 0 is as it should be.
    private static let levels = [
        "open": 2, "half-open": 1, "closed": 0, "ejected": 2, "returned": 0, "unhealthy": 2, "healthy": 0, "begin": 2,
        "end": 0,
    ]

    /// Each client has a state of its own; a lane shows the worst of them.
    private struct State {
        private var byClient: [Int: Int] = [:]
        private var since = 0.0
        private var what = ""
        private var level = 0

        mutating func take(_ event: EventSummary.Line, _ next: Int, _ lane: inout Lane) {
            byClient[event.client ?? -1] = next
            let worst = byClient.values.max() ?? 0
            guard worst != level else { return }
            close(at: event.time, &lane)
            (level, since, what) = (worst, event.time, worst == 1 ? "half-open" : event.what)
        }

        func close(at time: Double, _ lane: inout Lane) {
            guard level > 0 else { return }
            lane.stretches.append(Stretch(start: since, end: max(time, since), what: what, isFull: level > 1))
        }
    }
}
