/// What libcurl wants to hear of each descriptor, and what the kernel was told; by descriptor number.
struct InterestTable {
    struct Entry {
        var shard: Shard?
        /// epoll's bits that the kernel has.
        var registered: UInt32 = 0
        /// epoll's bits that libcurl wants.
        var wanted: UInt32 = 0
        /// A connection's socket, whose end we are told; not one of libcurl's own (its resolver's).
        var isOurs = false
    }

    private var entries: [Entry] = []

    subscript(descriptor: Int32) -> Entry {
        mutating get {
            grow(to: descriptor)
            return entries[Int(descriptor)]
        }
        _modify {
            grow(to: descriptor)
            yield &entries[Int(descriptor)]
        }
    }

    /// A new socket: nothing is registered for it, whatever its number meant before.
    mutating func opened(_ descriptor: Int32, in shard: Shard?) {
        self[descriptor] = Entry(shard: shard, isOurs: true)
    }

    /// Closing takes a descriptor out of epoll by itself.
    mutating func closed(_ descriptor: Int32) {
        self[descriptor] = Entry()
    }

    /// Lets go of the shards, whose end closes their sockets.
    mutating func releaseShards() {
        for index in entries.indices { entries[index].shard = nil }
    }

    private mutating func grow(to descriptor: Int32) {
        let missing = Int(descriptor) + 1 - entries.count
        if missing > 0 { entries.append(contentsOf: repeatElement(Entry(), count: max(missing, 64))) }
    }
}
