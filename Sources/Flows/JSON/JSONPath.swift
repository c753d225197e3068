package import Core

/// Which of the values that a path finds is meant.
package enum Pick: String, Hashable, Sendable, CaseIterable {
    /// In the order of the document.
    case first, last
    /// Any of them, each as likely as the others.
    case random
    /// How many they are, as a number.
    case count
}

/// A path to values of a JSON document (RFC 9535), read once and evaluated many times on the bytes of documents.
///
/// All of the RFC but functions and slices with a negative step. Of members with the same name the first one counts.
package struct JSONPath: Hashable, Sendable {
    /// As it was written.
    package let text: String
    let segments: [JSONPathSegment]

    /// Bytes of a text at most.
    package static let lengthLimit = 4_096

    /// - Parameter text: such as `$.items[0].id`, `$..price`, `$.items[?@.price < 10]['id']`.
    package init(_ text: String) throws(FlowSyntaxError) {
        self.text = text
        segments = try JSONPathParser.parse(text)
    }

    /// Reads the picked value of `body` into `value`, keeping the memory of `value`.
    ///
    /// A string becomes text with its escapes decoded; a number, `true`, `false`, `null`, an array or an object stays as
    /// it is written. The value is missing when nothing is found, and when the body is no JSON up to the end of what is
    /// found; what stands behind it is not looked at. A search that looks at more than 16 MiB, counting what is
    /// looked at again, finds nothing.
    /// - Parameter random: one number is drawn for `.random`, whatever the body holds.
    package func read(_ body: [UInt8], pick: Pick, using random: inout SeededRandom, into value: inout Value) {
        let seed = pick == .random ? random.next() : 0
        body.withUnsafeBufferPointer { bytes in
            let scanner = JSONScanner(bytes)
            let root = scanner.skipBlanks(from: 0)
            var walk = JSONWalk(scanner, root: root, goal: JSONWalk.Goal(pick), seed: seed)
            walk.visit(root, segments, 0, depth: 0)
            if pick == .count {
                guard !walk.isBroken, walk.found > 0 || scanner.end(at: root) != nil else { return value.clear() }
                return value.setNumber(walk.found)
            }
            guard !walk.isBroken, let match = walk.match else { return value.clear() }
            value.set(scanner, match)
        }
    }
}

extension Value {
    /// The JSON value of that range, which must have been found valid.
    mutating func set(_ scanner: JSONScanner, _ range: Range<Int>) {
        guard let kind = scanner.kind(at: range.lowerBound) else { return clear() }
        set(kind) { output in
            if kind == .text {
                let content = (range.lowerBound + 1)..<(range.upperBound - 1)
                if scanner.bytes[content].contains(UInt8(ascii: "\\")) {
                    var string = JSONString(scanner, at: range.lowerBound)
                    while let byte = string.next() { output.append(byte) }
                } else {
                    output.append(contentsOf: scanner.bytes[content])
                }
            } else {
                output.append(contentsOf: scanner.bytes[range])
            }
        }
    }

    /// A number of 0 or more; no text is made of it on the way.
    mutating func setNumber(_ number: Int) {
        set(.number) { output in
            var rest = number.magnitude
            repeat {
                output.append(48 + UInt8(rest % 10))
                rest /= 10
            } while rest > 0
            output.reverse()
        }
    }
}
