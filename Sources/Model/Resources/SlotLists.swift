/// Doubly linked lists over numbered slots, each of which is in one list at most: to join and to leave take constant time,
/// wherever the slot stands.
struct SlotLists: Sendable {
    /// The ends of one list.
    struct List: Sendable {
        fileprivate(set) var first = SlotLists.none
        fileprivate(set) var last = SlotLists.none

        var isEmpty: Bool { first < 0 }
    }

    /// No slot.
    static let none = -1

    private struct Link: Sendable {
        var previous = SlotLists.none
        var next = SlotLists.none
    }

    private var links: [Link] = []

    /// The slot behind this one in its list; `none` for the last.
    func next(of slot: Int) -> Int { links[slot].next }

    mutating func append(_ slot: Int, to list: inout List) { insert(slot, after: list.last, in: &list) }

    /// - Parameter before: a slot of the list; `none`: the new one becomes the first.
    mutating func insert(_ slot: Int, after before: Int, in list: inout List) {
        while links.count <= slot { links.append(Link()) }
        let behind = before < 0 ? list.first : links[before].next
        links[slot] = Link(previous: before, next: behind)
        if before < 0 { list.first = slot } else { links[before].next = slot }
        if behind < 0 { list.last = slot } else { links[behind].previous = slot }
    }

    /// - Precondition: the slot is in this list.
    mutating func remove(_ slot: Int, from list: inout List) {
        let link = links[slot]
        if link.previous < 0 { list.first = link.next } else { links[link.previous].next = link.next }
        if link.next < 0 { list.last = link.previous } else { links[link.next].previous = link.previous }
        links[slot] = Link()
    }

    /// The slots of a list, the first first.
    func slots(of list: List) -> [Int] {
        var slots: [Int] = []
        var slot = list.first
        while slot >= 0 {
            slots.append(slot)
            slot = links[slot].next
        }
        return slots
    }
}
