import Core
import Glibc
import Synchronization

/// A ticker of ten milliseconds on a thread of its own: how late it wakes is how long the machine, not Gale, held
/// everything up (after jHiccup). A tick of one millisecond would see more, and cost as much as 4 % of the requests that a
/// busy core can send: each wake-up is a timer interrupt and two switches. The loops' own longest turn and the send lag
/// see the shorter stalls where they matter.
final class HiccupMeter: Sendable {
    private struct Findings {
        var longest = Span.zero
        var count = 0
    }

    /// A stall worth counting.
    static let threshold = Span.milliseconds(10)
    private static let period: Int64 = 10_000_000
    private let findings = Mutex(Findings())
    private let isStopped = Atomic(false)

    /// The longest stall, and how many were longer than the threshold.
    var result: (longest: Span, count: Int) { findings.withLock { ($0.longest, $0.count) } }

    func start() { DetachedThread.start(run) }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func run() {
        var next = Self.clock() + Self.period
        while !isStopped.load(ordering: .relaxed) {
            var wake = timespec(tv_sec: Int(next / 1_000_000_000), tv_nsec: Int(next % 1_000_000_000))
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, nil)
            let now = Self.clock()
            note(Span(nanoseconds: now - next))
            next = max(next + Self.period, now)
        }
    }

    private func note(_ late: Span) {
        guard late > .milliseconds(1) else { return }
        findings.withLock {
            $0.longest = max($0.longest, late)
            if late > Self.threshold { $0.count += 1 }
        }
    }

    private static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
