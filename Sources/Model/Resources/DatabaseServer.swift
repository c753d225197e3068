import Core
import DequeModule

/// One server of a database: so many connections, a bounded line of queries before them, and the rows as far as it has heard
/// of them.
///
/// A replica applies what the primary wrote in the order of the writes, each on a connection; what waits to be applied comes
/// before the queries that wait. Reading and writing finish where they began: the numbers of queries come back from `finished`.
struct DatabaseServer {
    /// Changes that may wait for a connection; of one more the row is there at once and its time is added to the last.
    private static let mostApplying = 100_000

    /// A write on its way to a replica.
    struct Change {
        var key: String
        var version: Int
        /// Of a connection.
        var cost: Span
        /// When the primary had it.
        var written: Instant
    }

    enum Arrival {
        case started
        /// The place is for `left`.
        case queued(WaitingLine<Int>.Place)
        case rejected
    }

    /// What a connection that is free has begun.
    enum Next {
        case query(Int)
        case change(Change)
    }

    private(set) var connections: Int
    private(set) var busy = 0
    private var line: WaitingLine<Int>
    private var rows: [String: Int] = [:]
    private var coming = Deque<Change>()
    private var applying = Deque<Change>()
    /// When the last change that is coming is there: none overtakes another.
    private var lastDue = Instant.unset

    init(connections: Int, queue: Int) {
        self.connections = max(1, connections)
        line = WaitingLine(limit: max(0, queue))
    }

    /// Queries that wait.
    var waiting: Int { line.count }

    /// How often a row has been written, as far as this server knows.
    func version(of key: String) -> Int { rows[key] ?? 0 }

    mutating func write(_ key: String, _ version: Int) { rows[key] = max(version, rows[key] ?? 0) }

    mutating func arrived(_ query: Int) -> Arrival {
        if busy < connections {
            busy += 1
            return .started
        }
        guard let place = line.join(query) else { return .rejected }
        return .queued(place)
    }

    /// A waiting query gives up.
    /// - Returns: false when it does not wait any more.
    mutating func left(_ place: WaitingLine<Int>.Place) -> Bool { line.leave(place) != nil }

    /// A connection is free.
    mutating func finished() -> Next? {
        busy -= 1
        return begin()
    }

    /// So many connections from now on. Queries under way go on when there are fewer.
    mutating func scale(to count: Int) -> [Next] {
        connections = max(1, count)
        var started: [Next] = []
        while let next = begin() { started.append(next) }
        return started
    }

    /// A change leaves the primary.
    /// - Returns: when it is there.
    mutating func send(_ change: Change, due: Instant) -> Instant {
        lastDue = max(lastDue, due)
        coming.append(change)
        return lastDue
    }

    /// The oldest change on its way is there.
    mutating func received() -> Change? { coming.popFirst() }

    /// A change wants a connection.
    /// - Returns: true when it has one now.
    mutating func apply(_ change: Change) -> Bool {
        if busy < connections {
            busy += 1
            return true
        }
        if applying.count < Self.mostApplying {
            applying.append(change)
        } else {
            write(change.key, change.version)
            let last = applying.index(before: applying.endIndex)
            applying[last].cost = applying[last].cost + change.cost
        }
        return false
    }

    private mutating func begin() -> Next? {
        guard busy < connections else { return nil }
        if let change = applying.popFirst() {
            busy += 1
            return .change(change)
        }
        guard let query = line.callNext() else { return nil }
        busy += 1
        return .query(query)
    }
}
