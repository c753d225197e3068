/// Compares JSON values where they stand.
struct JSONComparison {
    /// Bytes that may still be looked at. Members of objects are found by searching, and a document could be made to
    /// take very long.
    var work: Int

    /// Whether the values that begin there are equal: numbers by value, strings decoded, arrays element by element,
    /// objects whatever the order of their members.
    mutating func equal(
        _ left: JSONScanner, _ leftStart: Int, _ right: JSONScanner, _ rightStart: Int, depth: Int = 0
    ) -> Bool {
        work -= 1
        guard work > 0, depth < JSONScanner.depthLimit, let kind = left.kind(at: leftStart),
            kind == right.kind(at: rightStart)
        else { return false }
        switch kind {
        case .missing: return false
        case .null: return true
        case .boolean: return left[leftStart] == right[rightStart]
        case .number: return Number.order(Number(left, at: leftStart), Number(right, at: rightStart)) == 0
        case .text: return JSONString.order(left, at: leftStart, right, at: rightStart) == 0
        case .json:
            guard left[leftStart] == right[rightStart], var mine = JSONChildren(left, at: leftStart),
                var others = JSONChildren(right, at: rightStart)
            else { return false }
            while let child = mine.next() {
                let other: JSONChildren.Child
                if mine.isObject {
                    // Most often the members stand in the same order.
                    guard let found = member(left, child.name, right, rightStart, from: &others) else { return false }
                    other = found
                } else {
                    guard let next = others.next() else { return false }
                    other = next
                }
                guard equal(left, child.start, right, other.start, depth: depth + 1),
                    let end = left.end(at: child.start, depth: depth + 1),
                    let otherEnd = right.end(at: other.start, depth: depth + 1)
                else { return false }
                work -= end - child.start
                mine.index = end
                others.index = otherEnd
            }
            return mine.isObject
                ? count(left, leftStart, depth) == count(right, rightStart, depth) : others.next() == nil
        }
    }

    /// The member of that name: the next one of the walk, or one that is searched from the beginning.
    private mutating func member(
        _ left: JSONScanner, _ name: Int, _ right: JSONScanner, _ rightStart: Int, from walk: inout JSONChildren
    ) -> JSONChildren.Child? {
        var next = walk
        if let child = next.next(), JSONString.order(left, at: name, right, at: child.name) == 0 {
            walk = next
            return child
        }
        guard var search = JSONChildren(right, at: rightStart) else { return nil }
        while let child = search.next(), work > 0 {
            if JSONString.order(left, at: name, right, at: child.name) == 0 {
                walk = search
                return child
            }
            guard let end = right.end(at: child.start) else { return nil }
            work -= end - child.name
            search.index = end
        }
        return nil
    }

    private mutating func count(_ scanner: JSONScanner, _ start: Int, _ depth: Int) -> Int {
        guard var children = JSONChildren(scanner, at: start) else { return 0 }
        var count = 0
        while let child = children.next(), let end = scanner.end(at: child.start, depth: depth + 1) {
            count += 1
            work -= end - child.start
            children.index = end
        }
        return count
    }

    /// RFC 9535, 2.3.5.2.2: numbers and strings have an order, anything else is equal or not.
    mutating func holds(
        _ relation: Relation, _ left: JSONScanner, _ leftStart: Int, _ right: JSONScanner, _ rightStart: Int
    ) -> Bool {
        switch (left.kind(at: leftStart), right.kind(at: rightStart)) {
        case (.number, .number):
            relation.holds(Number.order(Number(left, at: leftStart), Number(right, at: rightStart)))
        case (.text, .text): relation.holds(JSONString.order(left, at: leftStart, right, at: rightStart))
        default: relation.holds(equal: equal(left, leftStart, right, rightStart))
        }
    }
}
