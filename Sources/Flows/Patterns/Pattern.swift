/// A regular expression, compiled once, whose search takes a time in proportion to the body, whatever the body holds.
///
/// Not the standard library's `Regex`: that one tries again from where it failed, so that `[^<]*zzz` takes seconds on
/// 20 KB without a match and `(a+)+b` never ends on 30 letters `a`, and a target could stop a whole loop with a body. This
/// one follows all ways at once (Thompson 1968, "Regular expression search algorithm"; Cox, "Regular expression matching:
/// the virtual machine approach"), and so has no references back and no looking around. Of several matches the leftmost
/// counts, and among those the one that Perl would find.
///
/// Letters, digits and blanks of `\w \d \s \b` and of `(?i)` are those of ASCII. A byte that is no UTF-8 counts as
/// U+FFFD.
package struct Pattern: Sendable {
    /// As it was written.
    package let text: String
    /// Capturing groups in it.
    package let groupCount: Int
    private let search: Search

    /// Bytes of a pattern at most.
    package static let lengthLimit = 1_000
    /// Bytes of a body that are searched; what stands behind them is not seen.
    package static let searchLimit = 1 << 20

    private enum Search: Sendable {
        /// A text without anything special in it.
        case text([UInt8])
        case program(PatternProgram)
    }

    package init(_ text: String) throws(FlowSyntaxError) {
        guard text.utf8.count <= Self.lengthLimit else {
            throw FlowSyntaxError(
                "a pattern of \(text.utf8.count) bytes", remedy: "a pattern has \(Self.lengthLimit) bytes at most")
        }
        self.text = text
        if text.utf8.allSatisfy({ !Self.special.contains($0) }) {
            groupCount = 0
            search = .text(Array(text.utf8))
        } else {
            let (node, groups) = try PatternParser.parse(text)
            groupCount = groups
            search = .program(try PatternProgram(node))
        }
    }

    private static let special = Array(#"\^$.|?*+()[]{}"#.utf8)

    package func matches(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer { matches($0) } }

    func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { firstMatch(in: bytes, group: 0, isTest: true) != nil }

    /// Sets the value to the text of the first match.
    /// - Parameter group: 1 is the first group, 0 the whole match; the value is missing when nothing matches, and when
    ///   the group takes no part in the match.
    package func firstMatch(in bytes: [UInt8], group: Int, into value: inout Value) {
        value.clear()
        bytes.withUnsafeBufferPointer { bytes in
            guard let range = firstMatch(in: bytes, group: group, isTest: false) else { return }
            value.set(.text) { $0.append(contentsOf: bytes[range]) }
        }
    }

    private func firstMatch(in bytes: UnsafeBufferPointer<UInt8>, group: Int, isTest: Bool) -> Range<Int>? {
        let bytes = UnsafeBufferPointer(rebasing: bytes.prefix(Self.searchLimit))
        switch search {
        case .text(let text):
            guard group == 0, let start = bytes.find(text) else { return nil }
            return start..<(start + text.count)
        case .program(let program):
            guard (0...groupCount).contains(group) else { return nil }
            return PatternSearch(program, bytes, group: group, isTest: isTest).run()
        }
    }
}

extension Pattern: Hashable {
    package static func == (left: Pattern, right: Pattern) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
