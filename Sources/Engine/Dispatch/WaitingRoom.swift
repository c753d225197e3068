import Core

/// What a wait for a permit came to.
enum WaitEnd: Sendable {
    /// - Parameter opens: for a connection: whether it has to be opened.
    case admitted(opens: Bool)
    case timedOut
    /// The run was cut off, or another attempt was better.
    case cancelled
}

/// Calls that wait for a permit of one of the client's gates, each until an end of its own.
///
/// A gate (a bulkhead, the pool) is a value that hands out tickets; here is who holds them.
struct WaitingRoom {
    /// Which gate somebody waits at.
    enum Gate: Hashable {
        case bulkhead(Int)
        /// The bulkhead of the endpoint at that place.
        case endpoint(Int)
        case pool
    }

    struct Ticket: Hashable {
        let gate: Gate
        let number: UInt64
    }

    private struct Waiter {
        let ticket: Ticket
        let continuation: UnsafeContinuation<WaitEnd, Never>
    }

    private var waiters: [Waiter?] = []
    private var free: [Int] = []
    private var places: [Ticket: Int] = [:]
    private var deadlines = DeadlineTable()
    /// When the one who ends waits looks next; `.never` when there is none. And how many there have been.
    var guardedUntil = Instant.never
    var guards: UInt64 = 0

    var isEmpty: Bool { places.isEmpty }
    var count: Int { places.count }
    /// Nobody's patience ends earlier.
    var earliest: Instant { deadlines.earliest }

    mutating func add(_ ticket: Ticket, until deadline: Instant, _ continuation: UnsafeContinuation<WaitEnd, Never>) {
        let place = free.popLast() ?? waiters.count
        if place == waiters.count { waiters.append(nil) }
        waiters[place] = Waiter(ticket: ticket, continuation: continuation)
        places[ticket] = place
        deadlines.set(place, deadline)
    }

    /// Lets the holder of a ticket go on.
    mutating func admit(_ ticket: Ticket, opens: Bool = false) {
        guard let place = places[ticket] else { return }
        take(place)?.continuation.resume(returning: .admitted(opens: opens))
    }

    /// Sends one away.
    /// - Returns: false when it waits no longer.
    mutating func dismiss(_ ticket: Ticket) -> Bool {
        guard let place = places[ticket] else { return false }
        take(place)?.continuation.resume(returning: .cancelled)
        return true
    }

    /// Sends away whose patience is at its end.
    /// - Returns: their tickets, for the gates to forget.
    mutating func expire(at now: Instant) -> [Ticket] {
        deadlines.expire(at: now).compactMap { place in
            let waiter = take(place)
            waiter?.continuation.resume(returning: .timedOut)
            return waiter?.ticket
        }
    }

    /// Sends everybody away: the run is cut off.
    /// - Returns: their tickets, for the gates to forget.
    mutating func clear() -> [Ticket] {
        places.values.sorted().compactMap { place in
            let waiter = take(place)
            waiter?.continuation.resume(returning: .cancelled)
            return waiter?.ticket
        }
    }

    private mutating func take(_ place: Int) -> Waiter? {
        guard let waiter = waiters[place] else { return nil }
        waiters[place] = nil
        free.append(place)
        places[waiter.ticket] = nil
        deadlines.clear(place)
        return waiter
    }
}
