/// So many run, so many wait, the others are turned away at once.
///
/// Whoever waits is admitted in the order of coming. Each operation takes a constant time.
package struct Bulkhead: Sendable {
    package enum Entry: Hashable, Sendable {
        /// It runs now, and calls `leave` when it is done, however that is.
        case admitted
        /// It waits for `leave` to name its ticket, or gives up by `abandon`.
        case queued(ticket: UInt64)
        /// Nothing to be given back.
        case rejected
    }

    /// How many may run at once.
    package let limit: Int
    /// How many may wait.
    package let queue: Int
    /// How many run now, 0 to `limit`.
    package private(set) var running = 0
    /// The most that ever ran and waited at once.
    package private(set) var peakRunning = 0
    package private(set) var peakWaiting = 0
    private var waiters = WaitingLists()

    /// - Parameters:
    ///   - running: less than 1 reads as 1.
    ///   - queue: less than 0 reads as 0.
    package init(running: Int, queue: Int = 0) {
        limit = max(1, running)
        self.queue = max(0, queue)
    }

    /// How many wait now, 0 to `queue`.
    package var waiting: Int { waiters.count }

    /// Somebody wants to run.
    package mutating func enter() -> Entry {
        // Nobody waits while there is room, so nobody is overtaken.
        if running < limit {
            running += 1
            peakRunning = max(peakRunning, running)
            return .admitted
        }
        guard waiters.count < queue else { return .rejected }
        let ticket = waiters.append(to: 0)
        peakWaiting = max(peakWaiting, waiters.count)
        return .queued(ticket: ticket)
    }

    /// Somebody who ran is done.
    /// - Returns: the ticket of who runs now in its place, nil when nobody waits.
    package mutating func leave() -> UInt64? {
        guard running > 0 else { return nil }
        if let ticket = waiters.removeFirst(of: 0) { return ticket }
        running -= 1
        return nil
    }

    /// A waiter gives up (time-out, cancelled).
    /// - Returns: false when it was admitted or had left before; who was admitted must `leave`.
    package mutating func abandon(_ ticket: UInt64) -> Bool { waiters.remove(ticket) != nil }
}
