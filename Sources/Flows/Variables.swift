/// The names that templates and conditions of a plan use, each with its slot: on the path of a request a variable is a
/// number.
package struct VariableTable: Hashable, Sendable {
    /// By slot.
    package private(set) var names: [String] = []
    private var slots: [String: Int] = [:]

    package init() {}

    package var count: Int { names.count }

    /// The slot of that name, a new one if nobody asked before.
    package mutating func slot(of name: String) -> Int {
        if let slot = slots[name] { return slot }
        slots[name] = names.count
        names.append(name)
        return names.count - 1
    }

    /// The slot of that name; nil when nobody asked for one.
    package func existing(_ name: String) -> Int? { slots[name] }
}

/// What one user's variables hold now, by slot.
package struct Variables: Sendable {
    private var values: [Value]

    package init(count: Int) {
        values = Array(repeating: .missing, count: count)
    }

    package subscript(slot: Int) -> Value {
        _read { yield values[slot] }
        _modify { yield &values[slot] }
    }

    /// Forgets all values, keeping their memory.
    package mutating func clear() {
        for slot in values.indices { values[slot].clear() }
    }
}
