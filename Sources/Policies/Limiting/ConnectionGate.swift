/// Who may use a connection now: limits in all and per endpoint, on connections that are opened at the same time, and on
/// those who wait.
///
/// Of all who wait and whose endpoint has room, the one who came first goes on. A waiter for an endpoint without room
/// holds up nobody but those behind it at the same endpoint. Each operation takes a constant time, or log2 of the number
/// of places where somebody waits.
///
/// The gate counts attempts that use a connection. What lies idle is the transport's, which closes idle connections
/// when new ones need the room.
package struct ConnectionGate: Sendable {
    package enum Entry: Hashable, Sendable {
        /// It goes on now, and calls `leave` when it is done. Without an idle connection it opens one, and calls
        /// `opened` before.
        case admitted
        /// It waits for `next` to name its ticket, or gives up by `abandon`.
        case queued(ticket: UInt64)
        /// Nothing to be given back.
        case rejected
    }

    /// A waiter that may go on.
    package struct Turn: Hashable, Sendable {
        package var ticket: UInt64
        package var place: Int
        /// It opens a connection, and calls `opened`; else an idle one is there for it.
        package var opens: Bool
    }

    private struct Use: Sendable {
        var inUse = 0
        var opening = 0
        /// Connections that were given back while somebody waits here.
        var idle = 0
    }

    private let connections: Int
    private let perEndpoint: Int
    private let openingLimit: Int
    private let pendingLimit: Int
    private var uses: [Use] = []
    /// Waiters by place.
    private var waiters = WaitingLists()
    /// Places with waiters that have room, by when the first of them came. The limit of all places is not looked at.
    private var ready = ReadyPlaces()
    /// Attempts that use a connection now, at all endpoints.
    package private(set) var inUse = 0
    /// The most that ever used a connection and waited at once.
    package private(set) var peakInUse = 0
    package private(set) var peakPending = 0

    /// - Parameter settings: a limit below 1 reads as 1, of `pending` below 0 as 0.
    package init(_ settings: PoolSettings) {
        connections = max(1, settings.connections ?? .max)
        perEndpoint = max(1, settings.perEndpoint ?? .max)
        openingLimit = max(1, settings.opening ?? .max)
        pendingLimit = max(0, settings.pending)
    }

    /// How many wait now.
    package var pending: Int { waiters.count }

    /// How many wait for an endpoint.
    package func pending(_ place: Int) -> Int { waiters.count(of: place) }

    /// How many use a connection of an endpoint, those that open one among them.
    package func inUse(_ place: Int) -> Int { uses.indices.contains(place) ? uses[place].inUse : 0 }

    /// How many open a connection to an endpoint.
    package func opening(_ place: Int) -> Int { uses.indices.contains(place) ? uses[place].opening : 0 }

    // MARK: Events

    /// An attempt wants a connection.
    /// - Parameters:
    ///   - place: the endpoint, at least 0.
    ///   - hasIdle: whether the endpoint has an idle connection (then nothing is opened).
    package mutating func enter(_ place: Int, hasIdle: Bool) -> Entry {
        while uses.count <= place { uses.append(Use()) }
        let isFirst = waiters.count(of: place) == 0 && (connections == .max || ready.first == nil)
        if isFirst, inUse < connections, hasRoom(place, hasIdle: hasIdle) {
            admit(place, opens: !hasIdle)
            return .admitted
        }
        guard waiters.count < pendingLimit else { return .rejected }
        let ticket = waiters.append(to: place)
        peakPending = max(peakPending, waiters.count)
        update(place)
        return .queued(ticket: ticket)
    }

    /// An attempt that opened a connection has it, or ended before that: one opening less. Call `next` afterwards.
    package mutating func opened(_ place: Int) {
        guard opening(place) > 0 else { return }
        uses[place].opening -= 1
        update(place)
    }

    /// An attempt that went on is done. Call `next` afterwards.
    /// - Parameter keeps: whether its connection is idle now and can be used again.
    package mutating func leave(_ place: Int, keeps: Bool) {
        guard inUse(place) > 0 else { return }
        inUse -= 1
        uses[place].inUse -= 1
        if keeps, waiters.count(of: place) > 0 { uses[place].idle += 1 }
        update(place)
    }

    /// Who may go on now; to be called until it gives nil.
    package mutating func next() -> Turn? {
        guard inUse < connections, let place = ready.first, let ticket = waiters.removeFirst(of: place) else {
            return nil
        }
        let opens = uses[place].idle == 0
        if !opens { uses[place].idle -= 1 }
        admit(place, opens: opens)
        update(place)
        return Turn(ticket: ticket, place: place, opens: opens)
    }

    /// A waiter gives up (time-out, cancelled).
    /// - Returns: false when it went on or had left before; who went on must `leave`.
    package mutating func abandon(_ ticket: UInt64) -> Bool {
        guard let place = waiters.remove(ticket) else { return false }
        update(place)
        return true
    }

    // MARK: Room

    private func hasRoom(_ place: Int, hasIdle: Bool) -> Bool {
        uses[place].inUse < perEndpoint && (hasIdle || uses[place].opening < openingLimit)
    }

    private mutating func admit(_ place: Int, opens: Bool) {
        inUse += 1
        uses[place].inUse += 1
        if opens { uses[place].opening += 1 }
        peakInUse = max(peakInUse, inUse)
    }

    private mutating func update(_ place: Int) {
        let first = waiters.firstOrder(of: place)
        // Without waiters the transport knows better what is idle: `enter` is told.
        if first == nil { uses[place].idle = 0 }
        ready.set(place, to: hasRoom(place, hasIdle: uses[place].idle > 0) ? first : nil)
    }
}
