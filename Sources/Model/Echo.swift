/// What an echoing service keeps of a request, to say it back.
///
/// The answer is one JSON object: `id` (the number of the answer, from 1), `method`, `path`, `query` and `headers` by name
/// (in lower case), and `body`: JSON as it came, or a text. Two names of the query are wishes: `_status` is the answer's
/// status, `_cookie` a cookie that it sets.
package struct Echo: Sendable {
    private let method: String
    private let target: String
    private let headers: [(name: String, value: String)]
    private var body: [UInt8] = []

    /// Longer bodies are said back in part.
    private static let mostBody = 1 << 20

    /// - Parameters:
    ///   - target: path and query, as they stand in the request.
    ///   - headers: in order; names as they came.
    package init(method: String, target: String, headers: [(name: String, value: String)]) {
        self.method = method
        self.target = target
        self.headers = headers.map { ($0.name.lowercased(), $0.value) }
    }

    /// More of the body.
    package mutating func add(_ bytes: [UInt8]) {
        let room = Self.mostBody - body.count
        if room > 0 { body.append(contentsOf: bytes.prefix(room)) }
    }

    /// The whole answer.
    /// - Parameters:
    ///   - id: which answer it is, from 1.
    ///   - status: unless the request wishes for another.
    package func reply(id: Int, status: Int32) -> Reply {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? Self.query(parts[1]) : []
        var status = status
        var cookie: String?
        for (name, value) in query {
            if name == "_status", let wish = Int32(value), (200...599).contains(wish) { status = wish }
            if name == "_cookie", !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { cookie = value }
        }
        var json = "{\"id\":\(id),\"method\":\(Self.string(method)),\"path\":\(Self.string(String(parts[0])))"
        json += ",\"query\":\(Self.object(query)),\"headers\":\(Self.object(headers)),\"body\":\(bodyText)}"
        var lines = [(name: "X-Request-Id", value: "\(id)")]
        if let cookie { lines.append(("Set-Cookie", cookie)) }
        return Reply(status, type: "application/json", headers: lines, body: Array(json.utf8))
    }

    /// JSON as it came, when it was called that and begins like it; else a text.
    private var bodyText: String {
        if body.isEmpty { return "null" }
        let isGzip = headers.contains { $0.name == "content-encoding" && $0.value == "gzip" }
        let plain = isGzip ? Gzip.expand(body, limit: Self.mostBody) : body
        let text = String(decoding: plain, as: UTF8.self)
        let isJSON = headers.contains { $0.name == "content-type" && $0.value.contains("json") }
        if isJSON, let first = plain.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return text }
        return Self.string(text)
    }

    /// Names and values, percent-decoded; `+` is a blank.
    private static func query(_ text: Substring) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(halves[0]), halves.count > 1 ? decoded(halves[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var source = Array(text.utf8)[...]
        while let byte = source.popFirst() {
            if byte == UInt8(ascii: "%"), source.count >= 2,
                let value = UInt8(String(decoding: source.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                source = source.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func object(_ pairs: [(name: String, value: String)]) -> String {
        "{" + pairs.map { "\(string($0.name)):\(string($0.value))" }.joined(separator: ",") + "}"
    }

    /// RFC 8259, section 7.
    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
