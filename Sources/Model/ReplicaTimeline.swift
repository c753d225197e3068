package import Core

/// What happens to one replica over time: how fast it works, which times its requests take, how many workers it has, and
/// when it is out. Times count from the start of the load; before it nothing happens.
///
/// The timeline is known in advance, so the end of a piece of work is known when it begins. Of several episodes at once,
/// slow ones multiply, a pause stops everything, and of other times and other workers the last of the list holds.
package struct ReplicaTimeline: Sendable {
    private let speed: SpeedTimeline
    private let times: [(window: TimeWindow, time: TimeDistribution)]
    private let workers: [(window: TimeWindow, count: Int)]
    private let outages: [(window: TimeWindow, isAnnounced: Bool)]

    /// Nothing ever happens.
    package let isEmpty: Bool

    /// - Parameters:
    ///   - episodes: those of the service, of which it takes what strikes this replica.
    ///   - replica: its number, from 0.
    ///   - count: how many replicas the service has.
    package init(_ episodes: [Episode], replica: Int, of count: Int) {
        let own = episodes.compactMap { $0.striking(replica, of: count) }
        var windows: [SpeedTimeline.Stretch] = []
        var times: [(TimeWindow, TimeDistribution)] = []
        var workers: [(TimeWindow, Int)] = []
        var outages: [(TimeWindow, Bool)] = []
        for episode in own {
            let window = TimeWindow(at: episode.at, lasts: episode.lasts, every: episode.every)
            switch episode.kind {
            case .slow(let factor): windows.append(.init(window, factor: factor))
            case .pause: windows.append(.init(window, factor: .infinity))
            case .cold(let factor): windows.append(.init(window, factor: factor, steps: SpeedTimeline.coldSteps))
            case .time(let time): times.append((window, time))
            case .workers(let count): workers.append((window, max(1, count)))
            case .outage, .restart: outages.append((window, episode.isAnnounced))
            }
        }
        speed = SpeedTimeline(windows)
        self.times = times
        self.workers = workers
        self.outages = outages
        isEmpty = own.isEmpty
    }

    /// When work is done that takes `work` at the usual speed and begins at `start`. What begins in a pause, even if it takes no
    /// time, is not done before the pause is over.
    /// - Returns: the longest span there is, 292 years, for work that is never done.
    package func end(of work: Span, from start: Span) -> Span {
        guard !speed.isEmpty else { return start + work }
        return Span(nanoseconds: speed.end(of: work.nanoseconds, from: start.nanoseconds))
    }

    /// The times of requests that come in then; nil: the usual ones.
    package func distribution(at time: Span) -> TimeDistribution? {
        times.last { $0.window.contains(time.nanoseconds) }?.time
    }

    /// How many workers it has then, at least 1.
    package func workers(at time: Span, usual: Int) -> Int {
        workers.last { $0.window.contains(time.nanoseconds) }?.count ?? usual
    }

    /// Whether it is out: connections are refused.
    package func isOut(at time: Span) -> Bool {
        outages.contains { $0.window.contains(time.nanoseconds) }
    }

    /// Whether it is out and whoever finds endpoints is told so.
    package func isKnownOut(at time: Span) -> Bool {
        outages.contains { $0.isAnnounced && $0.window.contains(time.nanoseconds) }
    }

    /// The next time after `time` at which it may go out, come back or have another number of workers; nil: never again.
    package func nextChange(after time: Span) -> Span? {
        var next = Int64.max
        for (window, _) in outages { next = min(next, window.position(of: time.nanoseconds).end) }
        for (window, _) in workers { next = min(next, window.position(of: time.nanoseconds).end) }
        return next == .max ? nil : Span(nanoseconds: next)
    }
}
