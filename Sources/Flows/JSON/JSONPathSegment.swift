/// One step of a path: from each value to some of its children, or also to those of all values within it (`..`).
struct JSONPathSegment: Hashable, Sendable {
    var isDescendant = false
    var selectors: [JSONPathSelector]

    /// At most one value comes out of it (RFC 9535, 2.3.5.1).
    var isSingular: Bool {
        guard !isDescendant, selectors.count == 1 else { return false }
        switch selectors[0] {
        case .name, .index: return true
        case .wildcard, .slice, .filter: return false
        }
    }
}

/// Which children of a value are meant (RFC 9535, 2.3).
enum JSONPathSelector: Hashable, Sendable {
    case name([UInt8])
    case wildcard
    /// Counted from the end when negative.
    case index(Int)
    /// From, before, and how far apart; the step is 0 or more, and 0 selects nothing.
    case slice(Int?, Int?, step: Int)
    case filter(JSONPathFilter)
}

/// What a child must fulfil (RFC 9535, 2.3.5).
indirect enum JSONPathFilter: Hashable, Sendable {
    case or([JSONPathFilter])
    case and([JSONPathFilter])
    case not(JSONPathFilter)
    case exists(JSONPathQuery)
    case compare(JSONPathOperand, Relation, JSONPathOperand)
}

struct JSONPathQuery: Hashable, Sendable {
    /// Begins at the child (`@`) rather than at the document (`$`).
    var isRelative: Bool
    var segments: [JSONPathSegment]
}

enum JSONPathOperand: Hashable, Sendable {
    /// As JSON writes it.
    case literal([UInt8])
    case query(JSONPathQuery)
}
