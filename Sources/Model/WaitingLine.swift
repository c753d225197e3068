/// A bounded line, called from its front or its end, that one may leave from the middle: joining, being called and
/// leaving all take constant time.
///
/// A doubly linked list in an array. Nodes of those who left are used again, so the memory is that of the longest
/// line there ever was, however many passed through it.
package struct WaitingLine<Element> {
    /// Where somebody stands; good for `leave` once, and harmless after that.
    package struct Place: Hashable, Sendable {
        fileprivate var index: Int
        /// Tells the present tenant of a node from the ones before.
        fileprivate var generation: UInt64
    }

    fileprivate struct Node {
        var element: Element?
        var generation: UInt64 = 0
        var previous: Int = -1
        /// The next in line, or the next free node.
        var next: Int = -1
    }

    /// How many may wait at once; at least 0.
    package let limit: Int
    /// How many wait now; 0 to `limit`.
    package private(set) var count = 0
    private var nodes: [Node] = []
    private var first = -1
    private var last = -1
    private var free = -1

    /// - Precondition: `limit` is not negative.
    package init(limit: Int) {
        precondition(limit >= 0, "a line cannot be shorter than empty: \(limit)")
        self.limit = limit
    }

    /// Joins at the end.
    /// - Returns: the place, or nil when the line is full.
    package mutating func join(_ element: Element) -> Place? {
        guard count < limit else { return nil }
        let index = takeNode()
        nodes[index].element = element
        nodes[index].previous = last
        if last >= 0 { nodes[last].next = index } else { first = index }
        last = index
        count += 1
        return Place(index: index, generation: nodes[index].generation)
    }

    /// Takes the one who waited longest; nil when nobody waits.
    package mutating func callNext() -> Element? {
        first >= 0 ? remove(first) : nil
    }

    /// Takes the one who came last; nil when nobody waits.
    package mutating func callLast() -> Element? {
        last >= 0 ? remove(last) : nil
    }

    /// Takes whoever stands at `place` out of the line; nil when they were called or left already.
    package mutating func leave(_ place: Place) -> Element? {
        let node = nodes[place.index]
        guard node.generation == place.generation, node.element != nil else { return nil }
        return remove(place.index)
    }

    private mutating func takeNode() -> Int {
        guard free >= 0 else {
            nodes.append(Node())
            return nodes.count - 1
        }
        let index = free
        free = nodes[index].next
        nodes[index].next = -1
        return index
    }

    private mutating func remove(_ index: Int) -> Element? {
        let element = nodes[index].element
        let (previous, next) = (nodes[index].previous, nodes[index].next)
        if previous >= 0 { nodes[previous].next = next } else { first = next }
        if next >= 0 { nodes[next].previous = previous } else { last = previous }
        nodes[index] = Node(element: nil, generation: nodes[index].generation + 1, previous: -1, next: free)
        free = index
        count -= 1
        return element
    }
}

extension WaitingLine: Sendable where Element: Sendable {}
extension WaitingLine.Node: Sendable where Element: Sendable {}
