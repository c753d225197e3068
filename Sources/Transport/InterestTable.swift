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
        /// A connection that we have shut down; libcurl finds it dead when it next looks, and closes it.
        var isRetired = false
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

    /// The connections of that shard that no transfer uses. libcurl wants to hear of every socket that it is using,
    /// so this holds between two calls into it, and not in one of its callbacks.
    func idle(in shard: Shard) -> [Int32] {
        entries.indices.filter {
            entries[$0].wanted == 0 && entries[$0].isOurs && !entries[$0].isRetired && entries[$0].shard === shard
        }.map { Int32(truncatingIfNeeded: $0) }
    }

    /// Lets go of that shard, or of all.
    mutating func release(_ shard: Shard? = nil) {
        for index in entries.indices where shard == nil || entries[index].shard === shard { entries[index].shard = nil }
    }

    private mutating func grow(to descriptor: Int32) {
        let missing = Int(descriptor) + 1 - entries.count
        if missing > 0 { entries.append(contentsOf: repeatElement(Entry(), count: max(missing, 64))) }
    }
}
