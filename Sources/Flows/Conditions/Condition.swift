/// When a step is done: `status == 200 and cart != ''`.
///
/// It always has an answer. Values compare as numbers when both sides are numbers, or texts that read as JSON numbers from
/// end to end; else as texts, byte by byte. Compared with a variable that has no value everything is false, but `!=`.
package struct Condition: Hashable, Sendable {
    /// As it was written.
    package let text: String
    /// The variables that it reads, each once.
    package let slots: [Int]
    private let root: ConditionNode

    /// Bytes of a text at most.
    package static let lengthLimit = 4_096
    /// Parentheses and `not` within each other.
    static let nestingLimit = 64

    /// - Parameters:
    ///   - text: comparisons (`== != < <= > >=`, `contains`, `matches 'regular expression'`), joined by `not`, `and` and
    ///     `or`, which bind in that order, and by parentheses. Values are names of variables, numbers, `true`, `false`,
    ///     `null`, texts in single or double quotes (a quote within is doubled), and `status`. A value that stands by
    ///     itself is true unless it is missing, empty, `false`, `null` or 0.
    ///   - slot: the slot of a name.
    package init(_ text: String, slot: (String) -> Int) throws(FlowSyntaxError) {
        self.text = text
        (root, slots) = try ConditionParser.parse(text, slot: slot)
    }

    /// - Parameter status: of the user's last response; 0 when there was none.
    package func holds(_ variables: borrowing Variables, status: Int32) -> Bool { root.holds(variables, status) }
}

indirect enum ConditionNode: Hashable, Sendable {
    case or([ConditionNode])
    case and([ConditionNode])
    case not(ConditionNode)
    case compare(ConditionOperand, Relation, ConditionOperand)
    case contains(ConditionOperand, ConditionOperand)
    case matches(ConditionOperand, Pattern)
    case holds(ConditionOperand)

    func holds(_ variables: borrowing Variables, _ status: Int32) -> Bool {
        switch self {
        case .or(let parts):
            for part in parts where part.holds(variables, status) { return true }
            return false
        case .and(let parts):
            for part in parts where !part.holds(variables, status) { return false }
            return true
        case .not(let inner): return !inner.holds(variables, status)
        case .compare(.status, let relation, let right):
            // The usual case, without making a text of the status.
            if let number = right.value(variables, status).number {
                return relation.holds(Number.order(.integer(Int64(status)), number))
            }
            return Value(Int(status)).stands(relation, to: right.value(variables, status))
        case .compare(let left, let relation, let right):
            return left.value(variables, status).stands(relation, to: right.value(variables, status))
        case .contains(let left, let right):
            let (text, part) = (left.value(variables, status), right.value(variables, status))
            guard !text.isMissing, !part.isMissing else { return false }
            return text.bytes.withUnsafeBufferPointer { $0.find(part.bytes) != nil }
        case .matches(let operand, let pattern):
            let text = operand.value(variables, status)
            return !text.isMissing && pattern.matches(text.bytes)
        case .holds(.status): return status != 0
        case .holds(let operand): return operand.value(variables, status).isTrue
        }
    }
}

enum ConditionOperand: Hashable, Sendable {
    case literal(Value)
    case variable(slot: Int)
    case status

    func value(_ variables: borrowing Variables, _ status: Int32) -> Value {
        switch self {
        case .literal(let value): value
        case .variable(let slot): variables[slot]
        case .status: Value(Int(status))
        }
    }
}

extension Value {
    /// The number that it is, or that its text reads as.
    fileprivate var number: Number? {
        switch kind {
        case .number, .text: Number(bytes)
        case .missing, .boolean, .null, .json: nil
        }
    }

    fileprivate func stands(_ relation: Relation, to other: Value) -> Bool {
        guard !isMissing, !other.isMissing else { return relation == .unequal }
        if let left = number, let right = other.number { return relation.holds(Number.order(left, right)) }
        return relation.holds(order(other))
    }

    private func order(_ other: Value) -> Int {
        for index in 0..<min(bytes.count, other.bytes.count) where bytes[index] != other.bytes[index] {
            return bytes[index] < other.bytes[index] ? -1 : 1
        }
        return bytes.count - other.bytes.count
    }

    fileprivate var isTrue: Bool {
        if isMissing || bytes.isEmpty || spells("false") || spells("null") { return false }
        return number.map { $0.double != 0 } ?? true
    }

    private func spells(_ word: StaticString) -> Bool {
        bytes.count == word.utf8CodeUnitCount
            && bytes.withUnsafeBufferPointer { bytes in
                bytes.elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
            }
    }
}
