/// What came of one check.
package struct CheckCounts: Hashable, Sendable {
    package private(set) var passed = 0
    package private(set) var failed = 0
    /// What the first answer that failed it had in place of what was expected; nil until there is one, and where there
    /// was nothing to show. At most `longestSample` bytes on one line, without control characters.
    package private(set) var sample: String?

    /// Most bytes of a sample in UTF-8.
    package static let longestSample = 200

    package init() {}

    /// Counts that were written down.
    package init(passed: Int, failed: Int, sample: String? = nil) {
        self.passed = passed
        self.failed = failed
        self.sample = sample.map(Self.cleaned)
    }

    package var isEmpty: Bool { passed == 0 && failed == 0 }

    package mutating func pass() { passed += 1 }

    /// - Parameter sample: asked for only until there is one, since it may be costly to cut out of an answer.
    package mutating func fail(sample text: @autoclosure () -> String?) {
        failed += 1
        if sample == nil { sample = text().map(Self.cleaned) }
    }

    /// Adds later counts, or those of another client.
    package mutating func add(_ other: CheckCounts) {
        passed += other.passed
        failed += other.failed
        if sample == nil { sample = other.sample }
    }

    /// One line of at most `longestSample` bytes: white space as one space, U+FFFD for other control characters, `…` in
    /// the place of what is missing.
    private static func cleaned(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        var length = 0
        // Where the text ends if it must be cut: there must be room for the ellipsis.
        var end = line.startIndex
        let ellipsis: Unicode.Scalar = "\u{2026}"
        for scalar in text.unicodeScalars {
            let clean: Unicode.Scalar
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029:
                if line.last == " " { continue }
                clean = " "
            case 0..<0x20, 0x7F...0x9F: clean = "\u{FFFD}"
            default: clean = scalar
            }
            length += UTF8.width(clean)
            guard length <= longestSample else {
                line.removeSubrange(end...)
                line.append(ellipsis)
                break
            }
            line.append(clean)
            if length <= longestSample - UTF8.width(ellipsis) { end = line.endIndex }
        }
        return String(line)
    }
}
