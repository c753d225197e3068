/// A regular expression as a tree.
indirect enum PatternNode {
    case empty
    case set(ScalarSet)
    case anchor(PatternAnchor)
    case sequence([PatternNode])
    /// The earlier ones are preferred.
    case choice([PatternNode])
    /// Capturing; 1 is the first.
    case group(Int, PatternNode)
    /// Nil has no upper limit.
    case repeated(PatternNode, Int, Int?, isGreedy: Bool)
}

enum PatternAnchor {
    case textStart, textEnd, lineStart, lineEnd, wordEdge, noWordEdge

    func holds(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        switch self {
        case .textStart: index == 0
        case .textEnd: index == bytes.count
        case .lineStart: index == 0 || bytes[index - 1] == 0x0A
        case .lineEnd: index == bytes.count || bytes[index] == 0x0A
        case .wordEdge: Self.isEdge(bytes, index)
        case .noWordEdge: !Self.isEdge(bytes, index)
        }
    }

    private static func isEdge(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let before = index > 0 && isWord(bytes[index - 1])
        let after = index < bytes.count && isWord(bytes[index])
        return before != after
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") }
}

/// Unicode scalars, by their numbers.
struct ScalarSet {
    private(set) var ranges: [ClosedRange<UInt32>] = []
    /// The members below 128, one bit each.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    static let all = 0...UInt32(0x10FFFF)

    init() {}

    init(_ ranges: [ClosedRange<UInt32>]) {
        for range in ranges { insert(range) }
    }

    init(_ scalar: UInt32) { insert(scalar...scalar) }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
        guard range.lowerBound < 128 else { return }
        for member in range.lowerBound...min(range.upperBound, 127) {
            if member < 64 { low |= 1 << UInt64(member) } else { high |= 1 << UInt64(member - 64) }
        }
    }

    mutating func insert(_ other: ScalarSet) {
        for range in other.ranges { insert(range) }
    }

    /// With both cases of each ASCII letter in it.
    var withBothCases: ScalarSet {
        var result = self
        for letter in UInt32(0x61)...0x7A {
            if contains(letter) { result.insert((letter - 32)...(letter - 32)) }
            if contains(letter - 32) { result.insert(letter...letter) }
        }
        return result
    }

    var inverted: ScalarSet {
        var result = ScalarSet()
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.insert(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= Self.all.upperBound { result.insert(next...Self.all.upperBound) }
        return result
    }

    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low >> UInt64(scalar) & 1 == 1 }
        if scalar < 128 { return high >> UInt64(scalar - 64) & 1 == 1 }
        for range in ranges where range.contains(scalar) { return true }
        return false
    }

    /// The only member.
    var single: UInt32? { ranges.count == 1 && ranges[0].count == 1 ? ranges[0].lowerBound : nil }
}
