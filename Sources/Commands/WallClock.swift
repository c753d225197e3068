import Core
import Glibc

/// Wall time as text: a label on reports, never a measure.
enum WallClock {
    /// RFC 3339, UTC, milliseconds: `2026-01-31T12:00:00.000Z`.
    /// - Parameter epoch: seconds since 1970.
    static func text(_ epoch: Double) -> String {
        var whole = time_t(epoch.rounded(.down))
        var parts = tm()
        gmtime_r(&whole, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let milliseconds = Int((epoch - epoch.rounded(.down)) * 1_000)
        let fraction = String(1_000 + milliseconds).dropFirst()
        return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
            + "T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(fraction)Z"
    }
}
