/// A file of endpoints: one a line, with weight and zone when they matter.
///
///     # address        options
///     10.0.0.1:8080    weight=5 zone=a
///     [2001:db8::1]:80
///
/// `#` begins a comment, empty lines do not count, spaces and tabs part the words.
package struct EndpointFile: Hashable, Sendable {
    /// A file has at most so many endpoints.
    package static let mostEndpoints = 4_096
    /// A file has at most so many bytes: 1 MiB.
    package static let mostBytes = 1 << 20
    /// The heaviest weight, that of an SRV record (RFC 2782).
    package static let mostWeight = 65_535

    /// In the order of the file; no address twice. May be empty.
    package private(set) var endpoints: [Endpoint] = []

    /// Reads a file.
    /// - Parameters:
    ///   - bytes: its content, UTF-8.
    ///   - defaultPort: for endpoints without a port; nil: each must have one.
    /// - Throws: everything that is wrong with it.
    package init(_ bytes: [UInt8], defaultPort: UInt16? = nil) throws(EndpointProblems) {
        guard bytes.count <= Self.mostBytes else {
            throw EndpointProblems(
                EndpointProblem(
                    "the file has \(bytes.count) bytes, more than \(Self.mostBytes)",
                    remedy: "keep at most \(Self.mostEndpoints) endpoints, one a line"))
        }
        var problems = EndpointProblems()
        /// The line where an address stands.
        var known: [String: Int] = [:]
        // A byte order mark is no text.
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let lines = body.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let words = Self.words(line)
            if words.isEmpty { continue }
            do throws(EndpointProblem) {
                let endpoint = try Self.endpoint(words, defaultPort: defaultPort)
                if let first = known[endpoint.address] {
                    throw EndpointProblem(
                        "the endpoint `\(endpoint.address)` stands on line \(first) already",
                        remedy: "remove one of them; give it a higher `weight=` for a larger share")
                }
                known[endpoint.address] = index + 1
                if endpoints.count == Self.mostEndpoints {
                    throw EndpointProblem(
                        "the endpoint `\(endpoint.address)` is one more than the \(Self.mostEndpoints) of a file",
                        remedy: "remove this and all that follow")
                }
                endpoints.append(endpoint)
            } catch {
                var problem = error
                problem.line = index + 1
                problems.add(problem)
                if endpoints.count == Self.mostEndpoints { break }
            }
        }
        if problems.count > 0 { throw problems }
    }

    private static func words(_ line: ArraySlice<UInt8>) -> [Substring] {
        let text = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
        return text.utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.map { Substring($0) }
    }

    private static func endpoint(_ words: [Substring], defaultPort: UInt16?) throws(EndpointProblem) -> Endpoint {
        var endpoint = try EndpointText.parse(words[0], defaultPort: defaultPort)
        var seen: Set<Substring> = []
        for word in words.dropFirst() {
            let name = word.prefix { $0 != "=" }
            let value = word.dropFirst(name.count + 1)
            guard seen.insert(name).inserted else {
                throw EndpointProblem(
                    "`\(EndpointText.excerpt(name))` is given twice for one endpoint", remedy: "keep one of them")
            }
            switch name {
            case "weight": endpoint.weight = try weight(value, of: word)
            case "zone": endpoint.zone = try zone(value, of: word)
            default:
                throw EndpointProblem(
                    "`\(EndpointText.excerpt(word))` is no option of an endpoint",
                    remedy: "write `weight=5` or `zone=a`, and each endpoint on a line of its own")
            }
        }
        return endpoint
    }

    private static func weight(_ value: Substring, of word: Substring) throws(EndpointProblem) -> Int {
        guard let weight = EndpointText.decimal(value), weight <= mostWeight else {
            throw EndpointProblem(
                "`\(EndpointText.excerpt(word))` is no weight", remedy: "write a whole number from 0 to \(mostWeight)")
        }
        return weight
    }

    private static func zone(_ value: Substring, of word: Substring) throws(EndpointProblem) -> String {
        let isName = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isName, (1...64).contains(value.utf8.count) else {
            throw EndpointProblem(
                "`\(EndpointText.excerpt(word))` is no zone",
                remedy: "write 1 to 64 letters, digits, `-`, `_` and `.`")
        }
        return String(value)
    }
}
