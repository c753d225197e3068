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

    private static func cleaned(_ text: String) -> String { OneLine.text(text, longest: longestSample) }
}
