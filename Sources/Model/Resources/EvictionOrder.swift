/// Which of a node's entries makes room for a new one, in constant time for each use.
///
/// LRU: the one that was used longest ago. LFU: the one that was used least often, and of those the one that was used longest ago.
/// That is the plain frequency of an entry since it came in: nothing ages, and whoever is dropped begins at 1 when it
/// comes back ("in-cache LFU" in Breslau et al. 1999, "Web caching and Zipf-like distributions"). So it is best while the
/// popularity of keys stays what it is, and slow to forget when that changes.
///
/// Entries of one frequency are a list in the order of their last use, and these lists are a list in ascending frequency (Shah,
/// Mitra and Matani 2010, "An O(1) algorithm for implementing the LFU cache eviction scheme"). LRU is the same with one list.
struct EvictionOrder: Sendable {
    private struct Use: Sendable {
        /// Since the entry came in, that included.
        var count = 1
        /// The number of the last use among those of all entries.
        var stamp: UInt64 = 0
        var rank = SlotLists.none
    }

    private struct Rank: Sendable {
        /// Uses of its entries; 0 under LRU.
        var level: Int
        var slots = SlotLists.List()
    }

    private(set) var eviction: Eviction
    private var uses: [Use] = []
    private var stamp: UInt64 = 0
    private var links = SlotLists()
    private var ranks: [Rank] = []
    private var rankLinks = SlotLists()
    private var order = SlotLists.List()
    private var freeRanks: [Int] = []

    init(_ eviction: Eviction) { self.eviction = eviction }

    /// The slot that goes first; `SlotLists.none` when there is none.
    var first: Int { order.isEmpty ? SlotLists.none : ranks[order.first].slots.first }

    /// A new entry, which counts as its first use.
    mutating func enter(_ slot: Int) {
        while uses.count <= slot { uses.append(Use()) }
        stamp &+= 1
        uses[slot] = Use(stamp: stamp)
        place(slot, after: SlotLists.none)
    }

    /// An entry is read or written again.
    mutating func use(_ slot: Int) {
        stamp &+= 1
        uses[slot].stamp = stamp
        uses[slot].count &+= 1
        let rank = uses[slot].rank
        links.remove(slot, from: &ranks[rank].slots)
        // Under LRU it goes to the end of the one list; under LFU to the list of the next frequency.
        if eviction == .lru { links.append(slot, to: &ranks[rank].slots) } else { place(slot, after: rank) }
        if ranks[rank].slots.isEmpty { free(rank) }
    }

    mutating func leave(_ slot: Int) {
        let rank = uses[slot].rank
        links.remove(slot, from: &ranks[rank].slots)
        if ranks[rank].slots.isEmpty { free(rank) }
    }

    /// Puts the entries into the other order, by the uses that were counted all along. This sorts them: it is for tuning,
    /// not for every request.
    mutating func change(to new: Eviction) {
        guard new != eviction else { return }
        var slots: [Int] = []
        var rank = order.first
        while rank >= 0 {
            slots += links.slots(of: ranks[rank].slots)
            rank = rankLinks.next(of: rank)
        }
        for slot in slots { leave(slot) }
        eviction = new
        slots.sort { (level(of: $0), uses[$0].stamp) < (level(of: $1), uses[$1].stamp) }
        for slot in slots { place(slot, after: order.last) }
    }

    private func level(of slot: Int) -> Int { eviction == .lru ? 0 : uses[slot].count }

    /// Puts a slot at the end of its level's list, which is the one behind `rank`, or `rank` itself, or has yet to be made.
    private mutating func place(_ slot: Int, after rank: Int) {
        let level = level(of: slot)
        let behind = rank < 0 ? order.first : rankLinks.next(of: rank)
        let target: Int
        if rank >= 0, ranks[rank].level == level {
            target = rank
        } else if behind >= 0, ranks[behind].level == level {
            target = behind
        } else {
            target = newRank(level)
            rankLinks.insert(target, after: rank, in: &order)
        }
        links.append(slot, to: &ranks[target].slots)
        uses[slot].rank = target
    }

    private mutating func newRank(_ level: Int) -> Int {
        guard let rank = freeRanks.popLast() else {
            ranks.append(Rank(level: level))
            return ranks.count - 1
        }
        ranks[rank] = Rank(level: level)
        return rank
    }

    private mutating func free(_ rank: Int) {
        rankLinks.remove(rank, from: &order)
        freeRanks.append(rank)
    }
}
