import Core

/// One evaluation of a path: a walk over the document by recursion, depth first, in the order of RFC 9535.
struct JSONWalk {
    enum Goal {
        case first, last, random, count, all
        /// Stops at the first match, and does not look at it.
        case existence

        init(_ pick: Pick) {
            switch pick {
            case .first: self = .first
            case .last: self = .last
            case .random: self = .random
            case .count: self = .count
            }
        }
    }

    /// Bytes looked at in one evaluation, counted again each time. `$..*..*..*` on a deep document, or a filter that
    /// searches the whole document for each element, would go on for minutes without it.
    static let workLimit = 1 << 24

    private let scanner: JSONScanner
    private let root: Int
    private let goal: Goal
    private var random: SeededRandom
    private var work: Int
    private(set) var found = 0
    /// Where the match that was picked so far stands.
    private(set) var match: Range<Int>?
    /// Where all matches stand, when all are wanted.
    private(set) var matches: [Range<Int>] = []
    /// The text is no JSON where the walk came, or the walk was too long.
    private(set) var isBroken = false
    private var isDone = false

    init(_ scanner: JSONScanner, root: Int, goal: Goal, seed: UInt64 = 0, work: Int = JSONWalk.workLimit) {
        self.scanner = scanner
        self.root = root
        self.goal = goal
        self.work = work
        random = SeededRandom(seed: seed)
    }

    /// Follows the segments from `index` on, beginning at the value at `start`.
    mutating func visit(_ start: Int, _ segments: [JSONPathSegment], _ index: Int, depth: Int) {
        if index == segments.count {
            take(start, depth)
        } else if segments[index].isDescendant {
            _ = descend(start, segments, index, depth)
        } else {
            select(start, segments, index, depth)
        }
    }

    private mutating func take(_ start: Int, _ depth: Int) {
        found += 1
        if goal == .existence {
            isDone = true
            return
        }
        guard let end = skip(start, depth) else { return }
        switch goal {
        case .first:
            match = start..<end
            isDone = true
        case .last: match = start..<end
        case .all: matches.append(start..<end)
        case .random:
            // A sample of one from a stream of unknown length: the nth match takes the place with probability 1/n
            // (Knuth, The Art of Computer Programming, volume 2, 3.4.2, algorithm R).
            if Int.random(in: 0..<found, using: &random) == 0 { match = start..<end }
        case .count, .existence: break
        }
    }

    /// Applies the segment to the value and to all values within it, each before those within it.
    /// - Returns: where the value ends; nil when the walk is over.
    private mutating func descend(_ start: Int, _ segments: [JSONPathSegment], _ index: Int, _ depth: Int) -> Int? {
        select(start, segments, index, depth)
        guard !isDone else { return nil }
        guard depth < JSONScanner.depthLimit, var children = JSONChildren(scanner, at: start) else {
            return skip(start, depth)
        }
        while let child = next(&children) {
            guard let end = descend(child.start, segments, index, depth + 1) else { return nil }
            children.index = end
        }
        return end(of: children)
    }

    private mutating func select(_ start: Int, _ segments: [JSONPathSegment], _ index: Int, _ depth: Int) {
        guard depth < JSONScanner.depthLimit, let children = JSONChildren(scanner, at: start) else { return }
        for selector in segments[index].selectors {
            select(selector, children, start, segments, index, depth + 1)
            if isDone { return }
        }
    }

    /// - Parameter depth: of the children.
    private mutating func select(
        _ selector: JSONPathSelector, _ all: JSONChildren, _ start: Int, _ segments: [JSONPathSegment], _ index: Int,
        _ depth: Int
    ) {
        var children = all
        switch selector {
        case .name(let name):
            guard children.isObject else { return }
            while let child = next(&children) {
                if JSONString.equals(scanner, at: child.name, name) {
                    return visit(child.start, segments, index + 1, depth: depth)
                }
                guard pass(child, &children, depth) else { return }
            }
            _ = end(of: children)
        case .wildcard:
            while let child = next(&children) {
                visit(child.start, segments, index + 1, depth: depth)
                guard pass(child, &children, depth) else { return }
            }
            _ = end(of: children)
        case .filter(let filter):
            while let child = next(&children) {
                if holds(filter, child.start, depth) { visit(child.start, segments, index + 1, depth: depth) }
                guard pass(child, &children, depth) else { return }
            }
            _ = end(of: children)
        case .index(let wanted):
            guard !children.isObject else { return }
            guard wanted < 0 else {
                return selectRange(wanted, wanted &+ 1, step: 1, children, segments, index, depth)
            }
            guard let count = count(children, depth), count + wanted >= 0 else { return }
            selectRange(count + wanted, count + wanted + 1, step: 1, children, segments, index, depth)
        case .slice(var lower, var upper, let step):
            guard !children.isObject, step > 0 else { return }
            if lower ?? 0 < 0 || upper ?? 0 < 0 {
                guard let count = count(children, depth) else { return }
                if let from = lower, from < 0 { lower = max(0, count + from) }
                if let to = upper, to < 0 { upper = max(0, count + to) }
            }
            selectRange(lower ?? 0, upper ?? .max, step: step, children, segments, index, depth)
        }
    }

    /// The elements `lower`, `lower + step` and so on before `upper`.
    private mutating func selectRange(
        _ lower: Int, _ upper: Int, step: Int, _ all: JSONChildren, _ segments: [JSONPathSegment], _ index: Int,
        _ depth: Int
    ) {
        var children = all
        var position = 0
        while position < upper {
            guard let child = next(&children) else {
                _ = end(of: children)
                return
            }
            if position >= lower, (position - lower) % step == 0 {
                visit(child.start, segments, index + 1, depth: depth)
                if isDone { return }
            }
            position += 1
            guard position < upper else { return }
            guard pass(child, &children, depth) else { return }
        }
    }

    private mutating func count(_ all: JSONChildren, _ depth: Int) -> Int? {
        var children = all
        var count = 0
        while let child = next(&children) {
            guard pass(child, &children, depth) else { return nil }
            count += 1
        }
        return end(of: children) == nil ? nil : count
    }

    // MARK: Filters

    private mutating func holds(_ filter: JSONPathFilter, _ node: Int, _ depth: Int) -> Bool {
        switch filter {
        case .or(let parts):
            for part in parts where holds(part, node, depth) { return true }
            return false
        case .and(let parts):
            for part in parts where !holds(part, node, depth) { return false }
            return true
        case .not(let inner): return !holds(inner, node, depth)
        case .exists(let query): return run(query, .existence, node, depth).found > 0
        case .compare(let left, let relation, let right):
            return withOperand(left, node, depth) { walk, left, leftStart in
                walk.withOperand(right, node, depth) { walk, right, rightStart in
                    walk.holds(relation, left, leftStart, right, rightStart)
                }
            }
        }
    }

    /// - Parameters:
    ///   - leftStart: nil where a path has found nothing; two of these are equal (RFC 9535, 2.3.5.2.2).
    private mutating func holds(
        _ relation: Relation, _ left: JSONScanner, _ leftStart: Int?, _ right: JSONScanner, _ rightStart: Int?
    ) -> Bool {
        guard let leftStart, let rightStart else { return relation.holds(equal: leftStart == rightStart) }
        var comparison = JSONComparison(work: work)
        defer { spend(work - comparison.work) }
        return comparison.holds(relation, left, leftStart, right, rightStart)
    }

    private mutating func withOperand(
        _ operand: JSONPathOperand, _ node: Int, _ depth: Int,
        _ body: (inout JSONWalk, JSONScanner, Int?) -> Bool
    ) -> Bool {
        switch operand {
        case .literal(let bytes):
            return bytes.withUnsafeBufferPointer { body(&self, JSONScanner($0), 0) }
        case .query(let query):
            let result = run(query, .first, node, depth)
            return body(&self, scanner, result.isBroken ? nil : result.match?.lowerBound)
        }
    }

    private mutating func run(_ query: JSONPathQuery, _ goal: Goal, _ node: Int, _ depth: Int) -> JSONWalk {
        var walk = JSONWalk(scanner, root: root, goal: goal, work: work)
        walk.visit(query.isRelative ? node : root, query.segments, 0, depth: query.isRelative ? depth : 0)
        spend(work - walk.work)
        return walk
    }

    // MARK: Steps over the text, each with its price

    private mutating func next(_ children: inout JSONChildren) -> JSONChildren.Child? {
        guard !isDone else { return nil }
        let before = children.index
        let child = children.next()
        spend(children.index - before + 1)
        return isDone ? nil : child
    }

    /// Goes behind the child.
    private mutating func pass(_ child: JSONChildren.Child, _ children: inout JSONChildren, _ depth: Int) -> Bool {
        guard let end = skip(child.start, depth) else { return false }
        children.index = end
        return true
    }

    /// Where the value ends; nil when the walk is over, or when there is no value, which ends it.
    private mutating func skip(_ start: Int, _ depth: Int) -> Int? {
        guard !isDone else { return nil }
        guard let end = scanner.end(at: start, depth: depth) else {
            giveUp()
            return nil
        }
        spend(end - start)
        return isDone ? nil : end
    }

    /// Where the value of these children ends; without an end the text is no JSON.
    private mutating func end(of children: JSONChildren) -> Int? {
        guard !isDone else { return nil }
        if children.end == nil { giveUp() }
        return children.end
    }

    private mutating func spend(_ bytes: Int) {
        work -= bytes
        if work <= 0 { giveUp() }
    }

    private mutating func giveUp() {
        isBroken = true
        isDone = true
    }
}
