/// How two values stand to each other.
package enum Relation: String, Hashable, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="

    /// - Parameter order: negative, zero or positive as the left side is below, equal to or above the right one.
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .unequal: order != 0
        case .below: order < 0
        case .atMost: order <= 0
        case .above: order > 0
        case .atLeast: order >= 0
        }
    }

    /// Whether it holds between values that are equal or not, but have no order.
    func holds(equal: Bool) -> Bool {
        switch self {
        case .equal, .atMost, .atLeast: equal
        case .unequal: !equal
        case .below, .above: false
        }
    }

    /// The relation that begins at `index`, the longest one.
    init?(in bytes: [UInt8], at index: Int) {
        for relation in [Relation.equal, .unequal, .atMost, .atLeast, .below, .above]
        where bytes.dropFirst(index).starts(with: relation.rawValue.utf8) {
            self = relation
            return
        }
        return nil
    }
}
