import Core

/// One node of a cache: so many entries at most, each found, written, evicted and dropped without looking at the others.
struct CacheNode: Sendable {
    private struct Entry: Sendable {
        var key: String
        var version: Int
        /// From then on it is no good.
        var until: Instant
        var tag: Int
    }

    private(set) var counts = CacheCounts()
    private(set) var capacity: Int
    private let ttl: Span?
    private var slots: [Entry?] = []
    private var free: [Int] = []
    private var places: [String: Int] = [:]
    private var order: EvictionOrder
    private var prefixes = PrefixIndex()
    private var tagLinks = SlotLists()
    private var tags: [Int: SlotLists.List] = [:]
    /// Entries in the order in which they were written: the one whose time is over first is the first.
    private var writeLinks = SlotLists()
    private var writes = SlotLists.List()

    init(capacity: Int, eviction: Eviction, ttl: Span?) {
        self.capacity = capacity
        self.ttl = ttl
        order = EvictionOrder(eviction)
    }

    var entries: Int { places.count }
    var eviction: Eviction { order.eviction }

    mutating func look(_ key: String, at now: Instant) -> Int? {
        expire(at: now)
        counts.reads += 1
        guard let slot = places[key], let entry = slots[slot] else { return nil }
        // Of a clock that went back.
        if entry.until <= now {
            remove(slot)
            counts.expired += 1
            return nil
        }
        counts.hits += 1
        order.use(slot)
        return entry.version
    }

    mutating func put(_ key: String, _ version: Int, tag: Int, at now: Instant) {
        expire(at: now)
        counts.puts += 1
        let until = ttl.map { now + $0 } ?? .never
        if let slot = places[key] {
            slots[slot]?.version = version
            slots[slot]?.until = until
            order.use(slot)
            writeLinks.remove(slot, from: &writes)
            writeLinks.append(slot, to: &writes)
            return
        }
        guard capacity > 0 else { return }
        shrink(to: capacity - 1)
        let entry = Entry(key: key, version: version, until: until, tag: tag)
        let slot: Int
        if let old = free.popLast() {
            slot = old
            slots[slot] = entry
        } else {
            slot = slots.count
            slots.append(entry)
        }
        places[key] = slot
        order.enter(slot)
        prefixes.enter(slot, key: key)
        tagLinks.append(slot, to: &tags[tag, default: SlotLists.List()])
        writeLinks.append(slot, to: &writes)
    }

    /// - Returns: whether there was one.
    mutating func drop(_ key: String) -> Bool {
        guard let slot = places[key] else { return false }
        invalidate([slot])
        return true
    }

    /// - Returns: how many there were.
    mutating func drop(tag: Int) -> Int {
        invalidate(tags[tag].map { tagLinks.slots(of: $0) } ?? [])
    }

    /// Drops every key that begins as this one does, up to its last separator.
    /// - Returns: how many there were.
    mutating func drop(beginningAs key: String) -> Int {
        invalidate(prefixes.slots(beginningAs: key))
    }

    /// - Returns: how many entries are lost.
    mutating func loseAll() -> Int {
        let lost = entries
        var new = CacheNode(capacity: capacity, eviction: eviction, ttl: ttl)
        new.counts = counts
        new.counts.lost += lost
        self = new
        return lost
    }

    mutating func change(capacity new: Int, eviction: Eviction) {
        capacity = new
        order.change(to: eviction)
        shrink(to: new)
    }

    private mutating func expire(at now: Instant) {
        while !writes.isEmpty, let entry = slots[writes.first], entry.until <= now {
            remove(writes.first)
            counts.expired += 1
        }
    }

    private mutating func shrink(to most: Int) {
        while entries > max(0, most) {
            remove(order.first)
            counts.evicted += 1
        }
    }

    @discardableResult
    private mutating func invalidate(_ dropped: [Int]) -> Int {
        for slot in dropped { remove(slot) }
        counts.invalidated += dropped.count
        return dropped.count
    }

    private mutating func remove(_ slot: Int) {
        guard let entry = slots[slot] else { return }
        slots[slot] = nil
        free.append(slot)
        places[entry.key] = nil
        order.leave(slot)
        prefixes.leave(slot)
        writeLinks.remove(slot, from: &writes)
        if var list = tags.removeValue(forKey: entry.tag) {
            tagLinks.remove(slot, from: &list)
            if !list.isEmpty { tags[entry.tag] = list }
        }
    }
}
