/// Which row of each data source comes next, for one client: no row is taken twice, whatever the number of clients, and no
/// client asks another.
///
/// How that is, depends on the phase, which begins at the same rows for every client:
/// - open: an arrival has the row of its place among the arrivals that use the source, whether those before it were dropped or
///   not. A source that flows draw from again, with `next:`, is shared out instead: draw j of client i of w takes row j·w + i.
/// - closed: draw k of user u of n takes row k·n + u, however fast the others are. Of a source that is drawn from again n is at
///   least the number of clients, so that every client has a share for flows that outlive a phase before.
/// - alone, in setup and teardown: one row after the other.
struct DataCursors {
    enum Sharing: Equatable {
        case alone
        case open
        case closed(users: Int)
    }

    private let index: Int
    private let width: Int
    /// By source: whether flows draw from it again.
    private let redrawn: [Bool]
    private var sharing = Sharing.alone
    /// By source: the row at which the phase began.
    private var base: [Int]
    /// By source: draws of this client.
    private var drawn: [Int]
    /// By source: arrivals of all clients that use it, up to now.
    private var arrivals: [Int]
    /// By source, and by user of this client: draws of the user.
    private var userDraws: [[Int]] = []
    /// By source: one more than the highest row that was taken.
    private var high: [Int]
    /// The phase is over for the rows, and the next has not begun: nothing can be drawn.
    private(set) var isClosed = false
    /// A source has come to its end, and with it the load.
    var isExhausted = false

    init(redrawn: [Bool], index: Int, width: Int) {
        self.redrawn = redrawn
        self.index = index
        self.width = width
        base = Array(repeating: 0, count: redrawn.count)
        drawn = base
        arrivals = base
        high = base
    }

    /// Whether setup or teardown draws.
    var isAlone: Bool { sharing == .alone }

    /// Begins a phase at those rows, the same for every client.
    mutating func begin(_ sharing: Sharing, at base: [Int]) {
        self.sharing = sharing
        self.base = base
        isClosed = false
        for source in base.indices {
            drawn[source] = 0
            arrivals[source] = 0
        }
        userDraws.removeAll()
        if case .closed(let users) = sharing {
            let own = max(1, users / width + (users % width > index ? 1 : 0))
            userDraws = Array(repeating: Array(repeating: 0, count: own), count: base.count)
        }
    }

    /// Ends a phase for the rows.
    /// - Returns: by source, one more than the highest row that was taken.
    mutating func close() -> [Int] {
        isClosed = true
        return high
    }

    /// Notes an arrival of another client.
    mutating func pass(_ sources: [Int]) {
        for source in sources where !redrawn[source] { arrivals[source] += 1 }
    }

    /// The row of an arrival of this client.
    mutating func row(ofArrivalFrom source: Int) -> Int {
        guard sharing == .open, !redrawn[source] else { return next(of: source) }
        defer { arrivals[source] += 1 }
        return take(base[source] + arrivals[source], of: source)
    }

    /// The next row of a user of a closed phase.
    mutating func row(of source: Int, user: Int) -> Int {
        guard case .closed(let users) = sharing, userDraws[source].indices.contains(user / width) else {
            return next(of: source)
        }
        defer { userDraws[source][user / width] += 1 }
        let step = redrawn[source] ? max(users, width) : users
        return take(base[source] + userDraws[source][user / width] * step + user, of: source)
    }

    /// A row for a flow that draws again; it need not be of the present phase.
    mutating func next(of source: Int) -> Int {
        // On the account of the client's first user, whose own next draw moves on.
        if case .closed = sharing { return row(of: source, user: index) }
        defer { drawn[source] += 1 }
        return take(base[source] + (isAlone ? drawn[source] : drawn[source] * width + index), of: source)
    }

    private mutating func take(_ row: Int, of source: Int) -> Int {
        high[source] = max(high[source], row + 1)
        return row
    }
}
