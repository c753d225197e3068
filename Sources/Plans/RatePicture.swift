package import Arrivals
import Core

/// The load of a whole plan as a curve in plain ASCII: the offered rate, and the users of closed phases with a mark of
/// their own.
///
///      2000/s |                          ######
///             |                  ##############
///             |          ######################oooooooooo
///             |  ##############################oooooooooo 200 users
///           0 +--+-----------------------------+---------
///             0s 10s                           2m10s
package enum RatePicture {
    /// Rows and columns of the curve itself, without its labels.
    static let height = 8
    static let width = 64

    /// The picture, lines with a break after each; empty for a load of no length.
    ///
    /// A column shows the highest value in its stretch of time, so that no spike is too short to be seen. A phase that
    /// ends by a count of calls has no length; it gets as much room as the others have on average, and its end is a `?`.
    package static func text(_ load: [LoadPhase]) -> String {
        let strips = strips(load)
        guard let end = strips.last?.end, end > 0 else { return "" }
        var rates = [Double](repeating: 0, count: width)
        var users = [Double](repeating: 0, count: width)
        for column in 0..<width {
            let from = end * Double(column) / Double(width)
            let to = end * Double(column + 1) / Double(width)
            for strip in strips where strip.start < to && strip.end > from {
                let value = strip.highest(from: max(from, strip.start), to: min(to, strip.end))
                if strip.phase.isOpen {
                    rates[column] = max(rates[column], value)
                } else {
                    users[column] = max(users[column], value)
                }
            }
        }
        let highest = rates.max() ?? 0
        let most = users.max() ?? 0
        let top = highest > 0 ? label(highest) + "/s" : ""
        let left = max(top.count, 5)
        var lines: [String] = []
        for row in stride(from: height, to: 0, by: -1) {
            let bars = (0..<width).map { column in
                mark(rate: rates[column] / max(highest, 1e-9), users: users[column] / max(most, 1e-9), row: row)
            }
            var line = pad(
                row == height ? top : row == height / 2 && highest > 0 ? label(highest / 2) + "/s" : "", left)
            line += " |" + String(bars)
            // Users have a scale of their own, on the other side.
            if most > 0, row == height { line += " \(Int(most).grouped) \(most == 1 ? "user" : "users")" }
            if most > 1, row == height / 2 { line += " \(label(most / 2))" }
            lines.append(trimmed(line))
        }
        lines += axis(strips, end: end, indent: left)
        if highest > 0, most > 0 { lines.append(pad("", left) + "  # arrivals per second, o users, @ both") }
        return lines.map { $0 + "\n" }.joined()
    }

    // MARK: Curve

    /// A phase with its place on the time axis, in seconds.
    private struct Strip {
        let phase: LoadPhase
        let start: Double
        let end: Double
        /// False for a phase that ends by a count of calls: nobody knows when that is.
        let isTimed: Bool

        /// The highest value between two times of the plan.
        func highest(from: Double, to: Double) -> Double {
            switch phase.shape {
            case .open(let curve, _, let length):
                let intensity = Intensity(curve, over: length)
                var times = (0...16).map { from + (to - from) * Double($0) / 16 - start }
                // The edges of a short spike may fall between two samples; the end of a phase belongs to it.
                if case .spike(_, _, let at, let lasts) = curve {
                    let middle = at.seconds + lasts.seconds / 2
                    if middle >= from - start, middle <= to - start { times.append(middle) }
                }
                return times.map { intensity.rate(at: $0) }.max() ?? 0
            case .replay(let schedule, _):
                // The mean around the middle: over a second where columns are narrower, unless the phase is that short.
                let width = max(to - from, min(1, (end - start) / 8))
                let first = max(0, (from + to) / 2 - start - width / 2)
                let last = min(end - start, first + width)
                guard last > first else { return 0 }
                let count = schedule.count(from: Span(seconds: first), to: Span(seconds: last) + .nanoseconds(1))
                return Double(count) / (last - first)
            case .closed(.constant(let count), _, _): return Double(count)
            case .closed(.ramp(let first, let last), _, _):
                let length = max(end - start, 1e-9)
                func users(at time: Double) -> Double {
                    Double(first) + (Double(last) - Double(first)) * (time - start) / length
                }
                return max(users(at: from), users(at: to))
            }
        }
    }

    private static func strips(_ load: [LoadPhase]) -> [Strip] {
        let known = load.compactMap { $0.length?.seconds }
        let average = known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)
        var strips: [Strip] = []
        var time = 0.0
        for phase in load {
            let end = time + (phase.length?.seconds ?? average)
            strips.append(Strip(phase: phase, start: time, end: end, isTimed: phase.length != nil))
            time = end
        }
        return strips
    }

    private static func mark(rate: Double, users: Double, row: Int) -> Character {
        // Half a row is a row, and whatever is not zero is seen.
        func reaches(_ value: Double) -> Bool {
            value > 0 && (row == 1 || value * Double(height) >= Double(row) - 0.5)
        }
        return switch (reaches(rate), reaches(users)) {
        case (true, true): "@"
        case (true, false): "#"
        case (false, true): "o"
        case (false, false): " "
        }
    }

    // MARK: Axis

    /// The line below the curve with a `+` where a phase begins, and the times below it where there is room.
    private static func axis(_ strips: [Strip], end: Double, indent: Int) -> [String] {
        var line = [Character](repeating: "-", count: width + 1)
        var times = [Character](repeating: " ", count: width + 16)
        var free = 0
        var isKnown = true
        for (number, strip) in (strips.map { ($0.start, $0) } + [(end, strips[strips.count - 1])]).enumerated() {
            let column = Int((Double(width) * strip.0 / end).rounded())
            line[min(column, width)] = "+"
            // From a phase that ends by a count on, no time is known.
            if number > 0, !strips[min(number, strips.count) - 1].isTimed { isKnown = false }
            let text = isKnown ? Units.text(Span(nanoseconds: Int64((strip.0 * 1e9).rounded()))) : "?"
            guard column >= free, column + text.count <= times.count else { continue }
            times.replaceSubrange(column..<(column + text.count), with: text)
            free = column + text.count + 1
        }
        return [pad("0", indent) + " " + String(line), trimmed(pad("", indent) + " " + String(times))]
    }

    // MARK: Text

    /// Three figures, and thousands as a plan writes them.
    private static func label(_ value: Double) -> String {
        value < 1_000 ? value.trimmed(value < 10 ? 2 : value < 100 ? 1 : 0) : Int(value.rounded()).grouped
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
