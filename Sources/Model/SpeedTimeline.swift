/// How fast a replica works over time, constant from edge to edge, and when work is done that begins at a given time.
///
/// The work that can be done from one edge `b` up to `t` is `floor((t - b) / factor)` whole nanoseconds, 0 in a pause. So the
/// work done since the beginning is a function of time in whole numbers that never falls, and the end of a piece of work,
/// the first instant at which enough is done, never comes earlier for more work or a later start. An edge costs less than a
/// nanosecond of work, and a start between two edges gives less than one.
struct SpeedTimeline: Sendable {
    /// Cold starts fall from their factor to the usual speed in so many equal steps.
    static let coldSteps: Int64 = 20
    /// Edges that are walked before what repeats is taken to have repeated; only periods without a common multiple of
    /// some size come so far.
    private static let walk = 1_000_000

    /// A window in which work takes longer.
    struct Stretch: Sendable {
        let window: TimeWindow
        /// At least 1; infinite in a pause.
        let factor: Double
        /// 1: the factor holds all the time.
        let steps: Int64

        init(_ window: TimeWindow, factor: Double, steps: Int64 = 1) {
            self.window = window
            // Not `max`, which would keep a NaN.
            self.factor = factor >= 1 ? factor : 1
            self.steps = window.lasts == .max || window.lasts < steps ? 1 : steps
        }
    }

    /// From one edge to the next.
    private struct Segment {
        var begin = Int64.min
        var end = Int64.max
        var factor = 1.0
    }

    private let stretches: [Stretch]
    /// After so long everything that repeats begins anew; 0: nothing repeats.
    private let cycle: Int64

    init(_ stretches: [Stretch]) {
        self.stretches = stretches
        cycle = stretches.map(\.window.every).filter { $0 > 0 }.reduce(0, Self.commonMultiple)
    }

    var isEmpty: Bool { stretches.isEmpty }

    /// - Parameters:
    ///   - work: at least 0.
    ///   - start: any; before 0 the speed is the usual one.
    /// - Returns: `.max` for what is never done.
    func end(of work: Int64, from start: Int64) -> Int64 {
        var rest = max(0, work)
        var now = start
        var segment = segment(around: now)
        if let end = finish(&rest, from: now, in: segment) { return end }
        // What repeats: since this edge so much work was left, and nothing that comes once lies in between.
        var mark: (time: Int64, rest: Int64)?
        var single = cycle > 0 ? nextSingleEdge(after: start) : .max
        var steps = 0
        while segment.end < .max {
            now = segment.end
            if cycle > 0 {
                steps += 1
                if now >= single {
                    single = nextSingleEdge(after: now)
                    (mark, steps) = (nil, 0)
                } else if let (time, before) = mark {
                    if now - time >= cycle || steps >= Self.walk {
                        let turns = repeats(of: now - time, doing: before - rest, for: rest, from: now, until: single)
                        guard turns < .max else { return .max }
                        now += turns * (now - time)
                        rest -= turns * (before - rest)
                        (mark, steps) = (nil, 0)
                    }
                } else {
                    mark = (now, rest)
                }
            }
            segment = self.segment(around: now)
            if let end = finish(&rest, from: now, in: segment) { return end }
        }
        return .max
    }

    /// Does what can be done of `rest` from `now` to the end of the segment it is in.
    /// - Returns: when all is done, if it is.
    private func finish(_ rest: inout Int64, from now: Int64, in segment: Segment) -> Int64? {
        guard segment.factor < .infinity else { return nil }
        if rest == 0 { return now }
        if segment.factor == 1 {
            let room = segment.end.subtractingReportingOverflow(now)
            if room.overflow || rest <= room.partialValue { return TimeWindow.sum(now, rest) }
            rest -= room.partialValue
            return nil
        }
        let before = Self.done(now - segment.begin, segment.factor)
        let room = Self.done(segment.end - segment.begin, segment.factor) - before
        if segment.end < .max, rest > room {
            rest -= room
            return nil
        }
        let length = Self.time(for: TimeWindow.sum(before, rest), segment.factor)
        return max(now, min(TimeWindow.sum(segment.begin, length), segment.end))
    }

    private func segment(around time: Int64) -> Segment {
        var segment = Segment()
        for stretch in stretches {
            var position = stretch.window.position(of: time)
            if position.isInside {
                segment.factor *= stretch.narrow(&position, at: time)
            }
            segment.begin = max(segment.begin, position.begin)
            segment.end = min(segment.end, position.end)
        }
        return segment
    }

    /// The next edge that does not come again, or a first beginning.
    private func nextSingleEdge(after time: Int64) -> Int64 {
        var next = Int64.max
        for stretch in stretches {
            if stretch.window.at > time {
                next = min(next, stretch.window.at)
            } else if stretch.window.every == 0 {
                var position = stretch.window.position(of: time)
                if position.isInside { _ = stretch.narrow(&position, at: time) }
                next = min(next, position.end)
            }
        }
        return next
    }

    /// How often a stretch of that length, in which so much is done, can be skipped; `.max`: for ever.
    private func repeats(
        of length: Int64, doing done: Int64, for rest: Int64, from now: Int64, until single: Int64
    ) -> Int64 {
        let room = (single - now) / length
        guard done > 0 else { return single == .max ? .max : room }
        // One less than fits: the last of it is walked, so that the end is the first instant at which all is done.
        return min(room, max(0, (rest - 1) / done))
    }

    /// Work done in `time` from an edge on.
    private static func done(_ time: Int64, _ factor: Double) -> Int64 {
        Int64(exactly: (Double(time) / factor).rounded(.down)) ?? .max
    }

    /// The shortest time in which so much work is done, the inverse of `done`.
    private static func time(for work: Int64, _ factor: Double) -> Int64 {
        guard var time = Int64(exactly: (Double(work) * factor).rounded(.up)) else { return .max }
        // The product is rounded; where real numbers hold every whole one, the neighbours tell.
        guard time < 1 << 53 else { return time }
        while time > 0, done(time - 1, factor) >= work { time -= 1 }
        while done(time, factor) < work { time += 1 }
        return time
    }

    private static func commonMultiple(_ left: Int64, _ right: Int64) -> Int64 {
        guard left > 0 else { return right }
        var (a, b) = (left, right)
        while b > 0 { (a, b) = (b, a % b) }
        let (product, overflow) = (left / a).multipliedReportingOverflow(by: right)
        return overflow ? .max : product
    }
}

extension SpeedTimeline.Stretch {
    /// The factor at a time inside; of a stretch in steps the position becomes that of the step.
    fileprivate func narrow(_ position: inout TimeWindow.Position, at time: Int64) -> Double {
        guard steps > 1 else { return factor }
        let width = window.lasts / steps
        let step = min((time - position.begin) / width, steps - 1)
        position.begin += step * width
        if step < steps - 1 { position.end = TimeWindow.sum(position.begin, width) }
        return 1 + (factor - 1) * Double(steps - 1 - step) / Double(steps - 1)
    }
}
