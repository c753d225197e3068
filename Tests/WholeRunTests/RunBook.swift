import Core
import Recording
import Synchronization

/// What those who watch a run write down while it lasts.
final class RunBook: Sendable {
    struct Page {
        /// What must never be, in words, the first few.
        var violations: [String] = []
        /// Requests under way.
        var open = 0
        /// The most there were at once.
        var mostOpen = 0
        var events: [RunEvent] = []
        var eventsLost = 0
        /// Calls made by second.
        var made: [Int] = []
        /// The gauges of the last second: flows, connections, attempts by endpoint.
        var gauges: [Int] = []
        /// The longest that a call took.
        var longest = Span.zero
    }

    private let page = Mutex(Page())

    func read() -> Page { page.withLock { $0 } }

    func violate(_ words: String) {
        page.withLock { if $0.violations.count < 5, !$0.violations.contains(words) { $0.violations.append(words) } }
    }

    /// A request is handed to a transport.
    func began() {
        page.withLock {
            $0.open += 1
            $0.mostOpen = max($0.mostOpen, $0.open)
        }
    }

    func ended() { page.withLock { $0.open -= 1 } }

    /// A second of the run is over.
    func add(_ second: borrowing Interval, longest: Span) {
        page.withLock { page in
            page.events += second.events
            page.eventsLost += second.eventsLost
            page.made.append(second.ledger.made + second.warmUp.made)
            page.gauges = [second.inFlight, second.connections] + second.endpoints.map(\.inFlight)
            page.longest = max(page.longest, longest)
        }
    }
}
