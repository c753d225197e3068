/// Waiters in the order of their coming, in one list or several, from each of which anybody can leave at once. Slots are
/// used again, so that in steady state nothing is allocated.
struct WaitingLists: Sendable {
    private struct Slot: Sendable {
        var previous: Int32
        var next: Int32
        var list: Int32
        /// Goes up with each use, so that an old ticket finds nobody.
        var generation: UInt32
        /// When it came, counted over all lists.
        var order: UInt64
    }

    private struct List: Sendable {
        var first = WaitingLists.none
        var last = WaitingLists.none
        var count: Int32 = 0
    }

    private static let none: Int32 = -1

    private var slots: [Slot] = []
    private var lists: [List] = []
    /// The first free slot; the others follow by `next`.
    private var free = WaitingLists.none
    private var arrivals: UInt64 = 0
    /// Waiters in all lists.
    private(set) var count = 0

    /// Puts a waiter at the end of a list.
    /// - Parameter list: at least 0; room for it is made when it is new.
    /// - Returns: its ticket, which no other waiter gets.
    mutating func append(to list: Int) -> UInt64 {
        while lists.count <= list { lists.append(List()) }
        let slot = takeSlot()
        let last = lists[list].last
        slots[Int(slot)].list = Int32(list)
        slots[Int(slot)].previous = last
        slots[Int(slot)].next = Self.none
        slots[Int(slot)].order = arrivals
        arrivals &+= 1
        if last == Self.none { lists[list].first = slot } else { slots[Int(last)].next = slot }
        lists[list].last = slot
        lists[list].count += 1
        count += 1
        return UInt64(slots[Int(slot)].generation) << 32 | UInt64(slot)
    }

    /// Takes out the first of a list.
    mutating func removeFirst(of list: Int) -> UInt64? {
        guard lists.indices.contains(list), lists[list].first != Self.none else { return nil }
        let slot = lists[list].first
        let ticket = UInt64(slots[Int(slot)].generation) << 32 | UInt64(slot)
        remove(slot)
        return ticket
    }

    /// Takes out the waiter of a ticket.
    /// - Returns: its list; nil when it waits no longer.
    mutating func remove(_ ticket: UInt64) -> Int? {
        let slot = Int(ticket & 0xFFFF_FFFF)
        guard slot < slots.count, slots[slot].generation == UInt32(ticket >> 32), slots[slot].list != Self.none else {
            return nil
        }
        let list = Int(slots[slot].list)
        remove(Int32(slot))
        return list
    }

    /// How many wait in a list.
    func count(of list: Int) -> Int { lists.indices.contains(list) ? Int(lists[list].count) : 0 }

    /// When the first of a list came, as a number that goes up from waiter to waiter; nil when nobody waits there.
    func firstOrder(of list: Int) -> UInt64? {
        guard lists.indices.contains(list), lists[list].first != Self.none else { return nil }
        return slots[Int(lists[list].first)].order
    }

    private mutating func takeSlot() -> Int32 {
        if free != Self.none {
            let slot = free
            free = slots[Int(slot)].next
            slots[Int(slot)].generation &+= 1
            return slot
        }
        slots.append(Slot(previous: Self.none, next: Self.none, list: Self.none, generation: 1, order: 0))
        return Int32(slots.count - 1)
    }

    private mutating func remove(_ slot: Int32) {
        let (list, previous, next) = (Int(slots[Int(slot)].list), slots[Int(slot)].previous, slots[Int(slot)].next)
        if previous == Self.none { lists[list].first = next } else { slots[Int(previous)].next = next }
        if next == Self.none { lists[list].last = previous } else { slots[Int(next)].previous = previous }
        lists[list].count -= 1
        count -= 1
        slots[Int(slot)].list = Self.none
        slots[Int(slot)].next = free
        free = slot
    }
}
