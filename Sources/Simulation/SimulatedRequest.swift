import Core
import Model

/// A request made ready once, to be sent many times: where its URL leads, and how long it is on the wire.
final class SimulatedRequest {
    let request: Request
    let isTLS: Bool
    let isHead: Bool
    /// `host:port` of the URL, the port always there.
    let authority: String
    /// Path and query.
    let target: String
    /// How many redirects led here.
    let hops: Int
    /// Whether the connection may stay after it: the request does not say `Connection: close`.
    let keeps: Bool
    /// Header lines as libcurl would write them, in order.
    let headers: [(name: String, value: String)]
    /// As it is sent.
    let body: [UInt8]?
    /// Bytes of head and body, as prepared.
    let bytes: Int64

    /// - Throws: `InvalidRequest` when a header or the method would break the request apart, or the URL is none.
    init(_ request: Request, hops: Int = 0) throws(InvalidRequest) {
        try Self.validate(request)
        self.request = request
        self.hops = hops
        (isTLS, authority, target) = try Self.parts(of: request.url)
        isHead = request.method == "HEAD"
        keeps = !request.headers.contains { $0.name.lowercased() == "connection" && $0.value.lowercased() == "close" }
        body = request.body.map { request.compresses ? Gzip.compress($0) : $0 }
        let host = Self.host(of: request.url)
        var lines: [(name: String, value: String)] = []
        if !request.has("Host") { lines.append(("Host", host)) }
        if !request.has("Accept") { lines.append(("Accept", "*/*")) }
        lines += request.headers.map { ($0.name, $0.value) }
        if request.compresses, body != nil { lines.append(("Content-Encoding", "gzip")) }
        headers = lines
        bytes = Self.bytes(
            method: request.method.utf8.count, target: target.utf8.count,
            headers: lines.reduce(0) { $0 + Self.bytes($1.name, $1.value) }, body: body?.count)
    }

    /// Bytes of the request that an exchange makes of this one.
    func bytes(varied exchange: Exchange) -> Int64 {
        guard exchange.changesRequest else { return bytes }
        // A line ends with NUL in an exchange, with CR LF on the wire.
        let more = exchange.headers.count + exchange.headers.count { $0 == 0 }
        return Self.bytes(
            method: exchange.method.isEmpty ? request.method.utf8.count : exchange.method.count,
            target: exchange.target.isEmpty ? target.utf8.count : exchange.target.count,
            headers: headers.reduce(more) { $0 + Self.bytes($1.name, $1.value) }, body: sentBody(exchange)?.count)
    }

    /// Path and query of the request that goes out.
    func target(varied exchange: Exchange?) -> String {
        guard let exchange, !exchange.target.isEmpty else { return target }
        return String(decoding: exchange.target, as: UTF8.self)
    }

    func method(varied exchange: Exchange?) -> String {
        guard let exchange, !exchange.method.isEmpty else { return request.method }
        return String(decoding: exchange.method, as: UTF8.self)
    }

    /// Bytes of the body that goes out.
    func bodyBytes(varied exchange: Exchange?) -> Int {
        (exchange.map { sentBody($0) } ?? body)?.count ?? 0
    }

    func isHead(varied exchange: Exchange?) -> Bool {
        guard let exchange, !exchange.method.isEmpty else { return isHead }
        return exchange.method.elementsEqual("HEAD".utf8)
    }

    /// What an echoing service sees of the request.
    func echo(varied exchange: Exchange?) -> Echo {
        guard let exchange else { return Self.echo(request.method, target, headers, body) }
        func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
        var lines = headers
        for line in exchange.headers.split(separator: 0) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            lines.append((text(parts[0]), text(parts.count > 1 ? parts[1].drop { $0 == 0x20 } : [])))
        }
        return Self.echo(
            exchange.method.isEmpty ? request.method : text(exchange.method), target(varied: exchange), lines,
            sentBody(exchange))
    }

    private static func echo(
        _ method: String, _ target: String, _ headers: [(name: String, value: String)], _ body: [UInt8]?
    ) -> Echo {
        var headers = headers
        if let body { headers.append(("Content-Length", "\(body.count)")) }
        var echo = Echo(method: method, target: target, headers: headers)
        if let body { echo.add(body) }
        return echo
    }

    private func sentBody(_ exchange: Exchange) -> [UInt8]? {
        guard exchange.hasBody else { return body }
        return request.compresses ? Gzip.compress(exchange.body) : exchange.body
    }

    private static func bytes(_ name: String, _ value: String) -> Int {
        // A header without a value is `Name:`.
        name.utf8.count + (value.isEmpty ? 1 : 2 + value.utf8.count) + 2
    }

    /// The request line, the lines, the length of the body and the blank line; and the body.
    private static func bytes(method: Int, target: Int, headers: Int, body: Int?) -> Int64 {
        var count = method + 1 + target + " HTTP/1.1\r\n".utf8.count + headers + 2
        if let body { count += bytes("Content-Length", "\(body)") + body }
        return Int64(count)
    }

    private static func validate(_ request: Request) throws(InvalidRequest) {
        let token = { (text: String) in
            !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }
        }
        guard token(request.method) else {
            throw InvalidRequest("method `\(request.method)` is no HTTP token")
        }
        for header in request.headers {
            guard token(header.name) else { throw InvalidRequest("header name `\(header.name)` is no HTTP token") }
            guard !header.value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) else {
                throw InvalidRequest("header `\(header.name)` holds a line break or NUL, which would split the request")
            }
        }
    }

    // MARK: The URL

    private static func parts(
        of url: String
    ) throws(InvalidRequest) -> (isTLS: Bool, authority: String, target: String) {
        let isTLS = url.lowercased().hasPrefix("https://")
        guard isTLS || url.lowercased().hasPrefix("http://") else {
            throw InvalidRequest("URL `\(url)`: it begins neither with http:// nor with https://")
        }
        let host = host(of: url)
        guard !host.isEmpty, !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw InvalidRequest("URL `\(url)`: there is no host in it, or a blank")
        }
        return (isTLS, authority(host, isTLS: isTLS), target(of: url))
    }

    /// Host, and port when there is one, without user information.
    private static func host(of url: String) -> String {
        let rest = url.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
    }

    private static func authority(_ host: String, isTLS: Bool) -> String {
        let name = host.lowercased()
        // The colons of an IPv6 address stand before its bracket.
        let hasPort = name.split(separator: "]", omittingEmptySubsequences: false).last?.contains(":") == true
        return hasPort ? name : name + (isTLS ? ":443" : ":80")
    }

    private static func target(of url: String) -> String {
        let rest = url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest.prefix { $0 != "#" }
        return target.hasPrefix("/") ? String(target) : "/" + target
    }
}
