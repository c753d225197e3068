import Core
import Model

/// A connection of a client to a listener: a place in the lab's table.
struct SimulatedConnection {
    var isOpen = false
    /// Tells the present tenant of the place from the ones before.
    var serial: UInt32 = 0
    var way: Int32 = -1
    var listener: Int32 = -1
    /// Whether the service has taken it, and counts it.
    var isAccepted = false
    /// The fault that struck it; nothing is read from it then.
    var fault: FaultKind?
    /// When the service begins to read from it.
    var readableAt = Instant.unset
    var requests = 0
    /// After this it takes no new request.
    var end = Instant.never
    /// `.never` while it is in use.
    var idleSince = Instant.never
    /// Whether the request under way is its last.
    var isLast = false
    /// Whether an event will look at its age.
    var isWatched = false
}

/// A client's way to one listener, with connections of its own.
struct SimulatedWay {
    let client: Int
    /// Negative: nobody is there.
    let listener: Int
    let address: String
    /// Whether new requests may go this way.
    var isOpen = true
    /// Connections that nobody uses, the latest used last.
    var idle: [Int32] = []
    /// Connections that are open, those being opened among them.
    var open = 0
}

/// What the lab knows of one client.
struct SimulatedClient {
    let ages: ConnectionAges
    /// Most connections; nil: no limit.
    let connections: Int?
    let connectTimeout: Span
    let redirects: Int
    let maximumBodyBytes: Int
    /// Of the lifetimes of its connections.
    var random: SeededRandom
    /// By place; negative when there never was one.
    var places: [Int32] = []
    /// By listener, for requests to the URL's own address; one more, the last, for those to nobody.
    var direct: [Int32]
    /// Of all its ways.
    var ways: [Int32] = []
    var open = 0
    var peak = 0
    var isClosed = false

    init(settings: TransportSettings, seed: UInt64, index: Int, listeners: Int) {
        ages = settings.ages
        connections = settings.connections
        connectTimeout = settings.connectTimeout
        redirects = settings.redirects
        maximumBodyBytes = settings.maximumBodyBytes
        random = SeededRandom(seed: seed, stream: Self.stream, ordinal: index)
        direct = Array(repeating: -1, count: listeners + 1)
    }

    /// Of the numbers for lifetimes.
    private static let stream: UInt64 = 0x6C69_6665

    /// The end of a lifetime that begins now.
    mutating func endOfLife(from now: Instant) -> Instant {
        guard let lifetime = ages.lifetime else { return .never }
        let jitter = max(0, min(1, ages.jitter))
        return now + Span(seconds: lifetime.seconds * (1 + jitter * (2 * random.nextUnit() - 1)))
    }
}
