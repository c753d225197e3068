import Core

/// A database: its servers, what has been written to it, and the times of its queries.
struct DatabaseModel {
    /// Rows that are kept at most; a write of one more fails.
    static let mostRows = 1_000_000

    let description: DatabaseDescription
    /// Shard by shard, the primary first, then its replicas.
    var servers: [DatabaseServer]
    var meter = ResourceMeter("database")
    var recovery: Recovery?
    /// How often each row has been written by writes that were answered.
    private var answered: [String: Int] = [:]
    /// Whose turn it is among the replicas of a shard.
    private var turns: [Int]
    private var reads: SeededRandom
    private var writes: SeededRandom
    private var lags: SeededRandom

    init(_ description: DatabaseDescription, name: String, seed: UInt64) {
        self.description = description
        let shards = max(1, description.shards)
        let server = DatabaseServer(connections: description.connections, queue: description.queue)
        servers = Array(repeating: server, count: shards * (1 + max(0, description.replicas)))
        turns = Array(repeating: 0, count: shards)
        recovery = description.recovery.map { Recovery($0, workers: description.connections) }
        reads = SeededRandom(seed: seed, named: "lab/\(name)/read-time")
        writes = SeededRandom(seed: seed, named: "lab/\(name)/write-time")
        lags = SeededRandom(seed: seed, named: "lab/\(name)/lag")
    }

    private var serversOfShard: Int { servers.count / turns.count }

    /// The server that a query goes to: the primary of its key's shard, for a read the next replica in turn if there is
    /// one.
    mutating func server(for key: String, isWrite: Bool) -> Int {
        let shard = KeyHash.place(of: key, among: turns.count, salt: Self.shardSalt)
        let primary = shard * serversOfShard
        guard !isWrite, serversOfShard > 1 else { return primary }
        let replica = turns[shard]
        turns[shard] = replica + 1 < serversOfShard - 1 ? replica + 1 : 0
        return primary + 1 + replica
    }

    /// The replicas that follow a primary.
    func replicas(of primary: Int) -> Range<Int> { primary + 1..<primary + serversOfShard }

    /// The usual time of the next query.
    mutating func time(isWrite: Bool) -> Span {
        isWrite ? description.write.sample(using: &writes) : description.read.sample(using: &reads)
    }

    mutating func lag() -> Span { description.lag.sample(using: &lags) }

    /// Replicas have what the primary has in the same instant.
    var isInStep: Bool { description.lag == .constant(.zero) }

    /// How often a row has been written by writes that were answered.
    func version(of key: String) -> Int { answered[key] ?? 0 }

    /// Whether there is room for a row.
    func hasRoom(for key: String) -> Bool { answered.count < Self.mostRows || answered[key] != nil }

    /// A write is answered, by the database or by a cache before it.
    mutating func answer(_ key: String, _ version: Int) { answered[key] = max(version, answered[key] ?? 0) }

    /// Busy connections as a share of all, and queries that wait, from now on.
    mutating func gauge(at now: Instant) {
        var (busy, waiting, connections) = (0, 0, 0)
        for server in servers {
            busy += server.busy
            waiting += server.waiting
            connections += server.connections
        }
        meter.set(.busy, min(1, Double(busy) / Double(max(1, connections))), at: now)
        meter.set(.waiting, Double(waiting), at: now)
        meter.set(.workers, Double(connections), at: now)
    }

    /// Keys of the same node of a cache are to be on different shards.
    private static let shardSalt: UInt64 = 0x5348_4152_44
}
