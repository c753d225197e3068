extension Request {
    /// The request that an exchange makes of this one, whole.
    package func varied(by exchange: Exchange) -> Request {
        var request = self
        func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
        if !exchange.method.isEmpty { request.method = text(exchange.method) }
        if !exchange.target.isEmpty {
            let origin = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
            request.url = origin.joined(separator: "/") + text(exchange.target)
        }
        for line in exchange.headers.split(separator: 0) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == 0x20 } : []
            request.headers.append(Header(name: text(parts[0]), value: text(value)))
        }
        if exchange.hasBody { request.body = exchange.body }
        return request
    }

    /// Whether the request names that header itself, in any case of letters.
    package func has(_ name: String) -> Bool {
        headers.contains { $0.name.lowercased() == name.lowercased() }
    }
}
