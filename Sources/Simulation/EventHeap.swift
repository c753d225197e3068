import Core

/// Something that will happen: a small plain value, so that a heap of them is one block of memory.
struct Event {
    enum What: UInt8 {
        // Of a flight, at the service.
        /// The first packet of a connection arrives.
        case knocks
        /// The request arrives and is read.
        case arrives
        /// Its service time is over.
        case served
        /// The last byte of an answer that is sent byte by byte leaves.
        case trickled
        /// The service notices that its client is gone.
        case leaves

        // Of a flight, at the client.
        /// The connection is refused.
        case refused
        /// The connection stands.
        case connected
        /// The TLS handshake is done.
        case secured
        /// The first line of an answer arrives that is long in coming.
        case begins
        /// The answer, or the end of the connection, arrives.
        case delivers
        /// The next request of a chain goes out, or the same one once more.
        case goesOn
        case deadline

        // Of a connection.
        /// It may have been idle, or alive, for long enough.
        case ages
    }

    /// Nanoseconds.
    let at: Int64
    /// The number of the event, for the order of those of one instant, and in the lowest byte what happens.
    let order: UInt64
    /// Of the flight or connection.
    let index: Int32
    /// Of its present tenant: an event of an earlier one is stale.
    let serial: UInt32

    init(_ what: What, at instant: Instant, number: UInt64, index: Int, serial: UInt32) {
        at = instant.nanoseconds
        order = number << 8 | UInt64(what.rawValue)
        self.index = Int32(truncatingIfNeeded: index)
        self.serial = serial
    }

    var what: What { What(rawValue: UInt8(truncatingIfNeeded: order))! }

    @inline(__always)
    func isBefore(_ other: Event) -> Bool { at < other.at || (at == other.at && order < other.order) }
}

/// Events, the earliest first; those of one instant in the order in which they came in.
///
/// A heap in which each node has four children: half as deep as one with two, and siblings share a cache line. Events that
/// were called off stay until they come up, or until more than half of all are stale: then they are thrown out at once,
/// so the memory is that of the events that count, and calling off costs constant time (amortised).
struct EventHeap {
    private var events: [Event] = []
    /// Events that were called off and are still there.
    private(set) var stale = 0

    var count: Int { events.count }

    /// When the first is due; `.never` when there is none.
    @inline(__always)
    var next: Instant { events.isEmpty ? .never : Instant(nanoseconds: events[0].at) }

    var first: Event? { events.first }

    mutating func insert(_ event: Event) {
        events.append(event)
        events.withUnsafeMutableBufferPointer { Self.rise($0, from: $0.count - 1) }
    }

    mutating func removeFirst() -> Event {
        let first = events[0]
        let last = events.removeLast()
        if !events.isEmpty {
            events.withUnsafeMutableBufferPointer { Self.sink($0, last, from: 0) }
        }
        return first
    }

    /// So many events that are in here do not count any more.
    mutating func callOff(_ count: Int) { stale += count }

    /// A stale event came up and was dropped.
    mutating func droppedStale() { stale -= 1 }

    /// Whether it is time to throw stale events out.
    var isMostlyStale: Bool { stale > 64 && stale > events.count - stale }

    /// Keeps the events that count, and drops the others.
    mutating func purge(keeping counts: (Event) -> Bool) {
        events.removeAll { !counts($0) }
        stale = 0
        guard events.count > 1 else { return }
        // Floyd 1964, "Algorithm 245: Treesort 3".
        events.withUnsafeMutableBufferPointer { nodes in
            for place in stride(from: (nodes.count - 2) / 4, through: 0, by: -1) {
                Self.sink(nodes, nodes[place], from: place)
            }
        }
    }

    private static func rise(_ nodes: UnsafeMutableBufferPointer<Event>, from start: Int) {
        let event = nodes[start]
        var place = start
        while place > 0 {
            let parent = (place - 1) / 4
            guard event.isBefore(nodes[parent]) else { break }
            nodes[place] = nodes[parent]
            place = parent
        }
        nodes[place] = event
    }

    /// Puts `event` where it belongs below `start`, whose place is free.
    private static func sink(_ nodes: UnsafeMutableBufferPointer<Event>, _ event: Event, from start: Int) {
        var place = start
        while true {
            let child = 4 * place + 1
            guard child < nodes.count else { break }
            var least = child
            for other in child + 1..<max(child + 1, min(child + 4, nodes.count))
            where nodes[other].isBefore(nodes[least]) { least = other }
            guard nodes[least].isBefore(event) else { break }
            nodes[place] = nodes[least]
            place = least
        }
        nodes[place] = event
    }
}
