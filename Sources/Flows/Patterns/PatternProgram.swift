/// A regular expression as instructions: each takes a character, or goes on without one.
struct PatternProgram {
    enum Instruction {
        case set(ScalarSet)
        case anchor(PatternAnchor)
        /// The first way is preferred.
        case split(Int, Int)
        case jump(Int)
        /// The beginning or the end of a group.
        case mark(group: Int, isEnd: Bool)
        case match
    }

    private(set) var instructions: [Instruction] = []
    /// The text that every match begins with.
    private(set) var prefix: [UInt8] = []
    /// By byte: whether a match can begin with it. Nil when a match may be empty, or begins at an anchor.
    private(set) var initials: [Bool]?
    /// A match can only begin where the text begins.
    let isAnchored: Bool

    /// A repetition such as `a{50}` is written out, so a short pattern can become a long program.
    static let sizeLimit = 2_000

    init(_ root: PatternNode) throws(FlowSyntaxError) {
        isAnchored = Self.beginsAtStart(root)
        try write(.group(0, root))
        try emit(.match)
        _ = gatherPrefix(root)
        initials = findInitials()
    }

    private mutating func emit(_ instruction: Instruction) throws(FlowSyntaxError) {
        guard instructions.count < Self.sizeLimit else {
            throw FlowSyntaxError(
                "the pattern is too large", remedy: "write smaller repetitions: `{n,m}` counts as n to m copies")
        }
        instructions.append(instruction)
    }

    private mutating func write(_ node: PatternNode) throws(FlowSyntaxError) {
        switch node {
        case .empty: break
        case .set(let set): try emit(.set(set))
        case .anchor(let anchor): try emit(.anchor(anchor))
        case .sequence(let parts): for part in parts { try write(part) }
        case .group(let number, let inner):
            try emit(.mark(group: number, isEnd: false))
            try write(inner)
            try emit(.mark(group: number, isEnd: true))
        case .choice(let branches):
            var ends: [Int] = []
            for branch in branches.dropLast() {
                let split = instructions.count
                try emit(.split(split + 1, 0))
                try write(branch)
                ends.append(instructions.count)
                try emit(.jump(0))
                instructions[split] = .split(split + 1, instructions.count)
            }
            if let last = branches.last { try write(last) }
            for end in ends { instructions[end] = .jump(instructions.count) }
        case .repeated(let inner, let least, let most, let isGreedy):
            for _ in 0..<least {
                let before = instructions.count
                try write(inner)
                // Nothing, a thousand times a thousand times, is still nothing.
                if instructions.count == before { break }
            }
            if let most {
                var splits: [Int] = []
                for _ in least..<max(least, most) {
                    splits.append(instructions.count)
                    try emit(.split(0, 0))
                    try write(inner)
                }
                for split in splits { set(split, inner: split + 1, beyond: instructions.count, isGreedy) }
            } else {
                let split = instructions.count
                try emit(.split(0, 0))
                try write(inner)
                try emit(.jump(split))
                set(split, inner: split + 1, beyond: instructions.count, isGreedy)
            }
        }
    }

    private mutating func set(_ split: Int, inner: Int, beyond: Int, _ isGreedy: Bool) {
        instructions[split] = isGreedy ? .split(inner, beyond) : .split(beyond, inner)
    }

    private static func beginsAtStart(_ node: PatternNode) -> Bool {
        switch node {
        case .anchor(.textStart): true
        case .sequence(let parts): parts.first.map(beginsAtStart) ?? false
        case .group(_, let inner): beginsAtStart(inner)
        case .choice(let branches): branches.allSatisfy(beginsAtStart)
        case .empty, .set, .anchor, .repeated: false
        }
    }

    /// - Returns: whether what follows the node may go on with the prefix.
    private mutating func gatherPrefix(_ node: PatternNode) -> Bool {
        switch node {
        case .empty: return true
        case .set(let set):
            guard let scalar = set.single.flatMap(Unicode.Scalar.init), scalar != "\u{FFFD}" else { return false }
            prefix.append(contentsOf: Array(String(Character(scalar)).utf8))
            return true
        case .sequence(let parts):
            for part in parts where !gatherPrefix(part) { return false }
            return true
        case .group(_, let inner): return gatherPrefix(inner)
        case .anchor, .choice, .repeated: return false
        }
    }

    private func findInitials() -> [Bool]? {
        var result = [Bool](repeating: false, count: 256)
        var seen = [Bool](repeating: false, count: instructions.count)
        var pending = [0]
        while let next = pending.popLast() {
            if seen[next] { continue }
            seen[next] = true
            switch instructions[next] {
            case .match, .anchor: return nil
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [first, second]
            case .mark: pending.append(next + 1)
            case .set(let set):
                for byte in 0..<128 where set.contains(UInt32(byte)) { result[byte] = true }
                if set.ranges.contains(where: { $0.upperBound >= 128 }) {
                    for byte in 128..<256 { result[byte] = true }
                }
            }
        }
        return result
    }
}
