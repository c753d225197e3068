/// Texts that must not be shown, and the masking of every form in which they could be.
///
/// A secret is found as it stands, with the escapes of JSON, percent-encoded in whole or in part (also with `+` for a
/// blank), and in base64 or base64url. In base64 a text has one of three forms, by its place among the bytes before it;
/// what is looked for is the part of each form that depends on the secret alone.
package struct Secrets: Sendable {
    /// The secrets, each once, in the order in which they were given.
    private let values: [[UInt8]]
    private let patterns: [SecretPattern]
    /// The patterns that can begin with a byte, by that byte.
    private let starts: [[Int]]

    /// Shorter texts are no secrets: too much would be masked.
    package static let minimumBytes = 4

    /// What stands in place of a secret.
    package static let mark = "***"

    /// Nothing is secret.
    package static let none = Secrets([])

    /// - Parameter values: texts of fewer than `minimumBytes` bytes of UTF-8 are left out.
    package init(_ values: [String]) {
        var seen: Set<[UInt8]> = []
        let values = values.map { Array($0.utf8) }.filter { $0.count >= Self.minimumBytes && seen.insert($0).inserted }
        let patterns = values.flatMap { value in
            [SecretPattern.escaped(value)] + Base64Form.middles(of: value).map { SecretPattern.base64($0) }
        }
        var starts = [[Int]](repeating: [], count: values.isEmpty ? 0 : 256)
        for (index, pattern) in patterns.enumerated() {
            for byte in pattern.firstBytes { starts[Int(byte)].append(index) }
        }
        self.values = values
        self.patterns = patterns
        self.starts = starts
    }

    package var isEmpty: Bool { values.isEmpty }

    package var count: Int { values.count }

    /// The text with `***` for every secret in it; secrets that overlap or touch become one mark.
    package func mask(_ text: String) -> String {
        guard !isEmpty else { return text }
        let bytes = Array(text.utf8)
        let ranges = ranges(in: bytes)
        return ranges.isEmpty ? text : String(decoding: Self.replace(ranges, in: bytes), as: UTF8.self)
    }

    /// The same for bytes that need not be UTF-8.
    package func mask(_ bytes: [UInt8]) -> [UInt8] {
        guard !isEmpty else { return bytes }
        let ranges = ranges(in: bytes)
        return ranges.isEmpty ? bytes : Self.replace(ranges, in: bytes)
    }

    /// The stretches of `bytes` that are some form of a secret: in order, apart from each other.
    ///
    /// All matches count, not the first one only: where two secrets overlap, no rest of one is left.
    package func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        guard !isEmpty else { return [] }
        var ranges: [Range<Int>] = []
        for start in bytes.indices {
            var longest = start
            for index in starts[Int(bytes[start])] {
                if let end = patterns[index].end(in: bytes, from: start) { longest = max(longest, end) }
            }
            guard longest > start else { continue }
            if let last = ranges.last, start <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, longest)
            } else {
                ranges.append(start..<longest)
            }
        }
        return ranges
    }

    private static func replace(_ ranges: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
        var masked: [UInt8] = []
        masked.reserveCapacity(bytes.count)
        var next = 0
        for range in ranges {
            masked += bytes[next..<range.lowerBound]
            masked += Array(mark.utf8)
            next = range.upperBound
        }
        return masked + bytes[next...]
    }
}

extension Secrets: Hashable {
    package static func == (left: Secrets, right: Secrets) -> Bool { left.values == right.values }

    package func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

/// Whoever prints a value that holds secrets, prints none.
extension Secrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(count) secret\(count == 1 ? "" : "s")" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
