/// A length of time in whole nanoseconds; negative spans are legal (a difference of two instants).
///
/// Our own 64-bit type rather than `Duration`, which is 128 bits wide: spans are subtracted and recorded on
/// the path of every request.
package struct Span: Comparable, Hashable, Sendable {
    /// Nanoseconds; ±292 years.
    package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Rounds to the nearest nanosecond; values beyond ±292 years saturate, NaN becomes zero.
    @inlinable
    package init(seconds: Double) {
        let scaled = (seconds * 1e9).rounded()
        if scaled.isNaN {
            nanoseconds = 0
        } else if scaled >= 0x1p63 {
            nanoseconds = .max
        } else if scaled <= -0x1p63 {
            nanoseconds = .min
        } else {
            nanoseconds = Int64(scaled)
        }
    }

    package static let zero = Span(nanoseconds: 0)

    @inlinable
    package static func nanoseconds(_ count: Int64) -> Span { Span(nanoseconds: count) }
    @inlinable
    package static func microseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000) }
    @inlinable
    package static func milliseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000) }
    @inlinable
    package static func seconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000_000) }

    /// The span in seconds, as a real number.
    @inlinable
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The span in milliseconds, as a real number.
    @inlinable
    package var milliseconds: Double { Double(nanoseconds) / 1e6 }

    @inlinable
    package static func < (left: Span, right: Span) -> Bool { left.nanoseconds < right.nanoseconds }
    // Those that the standard library would derive are looked up in a table at run time when another module calls them.
    @inlinable
    package static func <= (left: Span, right: Span) -> Bool { left.nanoseconds <= right.nanoseconds }
    @inlinable
    package static func > (left: Span, right: Span) -> Bool { left.nanoseconds > right.nanoseconds }
    @inlinable
    package static func >= (left: Span, right: Span) -> Bool { left.nanoseconds >= right.nanoseconds }

    /// Sums and differences saturate at ±292 years, so that "for ever" plus a second is still for ever.
    @inlinable
    package static func + (left: Span, right: Span) -> Span {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.nanoseconds)
        return Span(nanoseconds: overflow ? (right.nanoseconds > 0 ? .max : .min) : sum)
    }
    @inlinable
    package static func - (left: Span, right: Span) -> Span {
        let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        return Span(nanoseconds: overflow ? (right.nanoseconds > 0 ? .min : .max) : difference)
    }
}

extension Span: CustomStringConvertible {
    /// Three significant digits in the unit a person would choose: `812 ns`, `73.4 µs`, `1.25 ms`, `12.0 s`, `2m 5s`.
    package var description: String {
        let sign = nanoseconds < 0 ? "-" : ""
        let magnitude = Double(nanoseconds.magnitude)
        switch magnitude {
        case ..<1_000: return "\(sign)\(nanoseconds.magnitude) ns"
        case ..<999_500: return sign + Self.threeDigits(magnitude / 1e3) + " µs"
        case ..<999_500_000: return sign + Self.threeDigits(magnitude / 1e6) + " ms"
        case ..<120e9: return sign + Self.threeDigits(magnitude / 1e9) + " s"
        default:
            let whole = Int64((magnitude / 1e9).rounded())
            let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60)
            return sign + (hours > 0 ? "\(hours)h " : "") + "\(minutes)m" + (seconds > 0 ? " \(seconds)s" : "")
        }
    }

    private static func threeDigits(_ value: Double) -> String {
        switch value {
        case ..<9.995: return value.fixed(2)
        case ..<99.95: return value.fixed(1)
        default: return value.fixed(0)
        }
    }
}
