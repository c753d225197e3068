/// A node's entries by what their keys begin with, so that to drop `user:17:` and all under it touches nothing else.
///
/// A tree: each `:` or `-` of a key ends a segment, and an entry hangs at the last one. What is kept of a key is as long as the
/// key, and branches without entries go.
struct PrefixIndex: Sendable {
    private struct Name: Hashable, Sendable {
        var parent: Int
        var segment: String
    }

    private struct Branch: Sendable {
        var name: Name
        var members = SlotLists.List()
        var children = SlotLists.List()
    }

    private var branches: [Branch] = []
    private var free: [Int] = []
    private var places: [Name: Int] = [:]
    private var siblings = SlotLists()
    private var roots = SlotLists.List()
    private var members = SlotLists()
    /// Of each slot; `SlotLists.none` for keys without a separator.
    private var branchOf: [Int] = []

    /// The parts of a key that end with a separator, with it: `user:17:posts` has `user:` and `17:`.
    static func segments(of key: String) -> [Substring] {
        var segments: [Substring] = []
        var start = key.startIndex
        for index in key.utf8.indices where key.utf8[index] == UInt8(ascii: ":") || key.utf8[index] == UInt8(ascii: "-")
        {
            let end = key.utf8.index(after: index)
            segments.append(key[start..<end])
            start = end
        }
        return segments
    }

    mutating func enter(_ slot: Int, key: String) {
        while branchOf.count <= slot { branchOf.append(SlotLists.none) }
        var branch = SlotLists.none
        for segment in Self.segments(of: key) { branch = child(of: branch, String(segment)) }
        branchOf[slot] = branch
        if branch >= 0 { members.append(slot, to: &branches[branch].members) }
    }

    mutating func leave(_ slot: Int) {
        var branch = branchOf[slot]
        guard branch >= 0 else { return }
        members.remove(slot, from: &branches[branch].members)
        branchOf[slot] = SlotLists.none
        while branch >= 0, branches[branch].members.isEmpty, branches[branch].children.isEmpty {
            let name = branches[branch].name
            places[name] = nil
            if name.parent < 0 {
                siblings.remove(branch, from: &roots)
            } else {
                siblings.remove(branch, from: &branches[name.parent].children)
            }
            free.append(branch)
            branch = name.parent
        }
    }

    /// The slots whose keys begin as this one does, up to its last separator; none when it has no separator.
    func slots(beginningAs key: String) -> [Int] {
        var branch = SlotLists.none
        for segment in Self.segments(of: key) {
            guard let next = places[Name(parent: branch, segment: String(segment))] else { return [] }
            branch = next
        }
        guard branch >= 0 else { return [] }
        var slots: [Int] = []
        var open = [branch]
        while let branch = open.popLast() {
            slots += members.slots(of: branches[branch].members)
            open += siblings.slots(of: branches[branch].children)
        }
        return slots
    }

    private mutating func child(of parent: Int, _ segment: String) -> Int {
        let name = Name(parent: parent, segment: segment)
        if let branch = places[name] { return branch }
        let branch: Int
        if let old = free.popLast() {
            branch = old
            branches[branch] = Branch(name: name)
        } else {
            branch = branches.count
            branches.append(Branch(name: name))
        }
        places[name] = branch
        if parent < 0 {
            siblings.append(branch, to: &roots)
        } else {
            siblings.append(branch, to: &branches[parent].children)
        }
        return branch
    }
}
