import Core
import Glibc

/// What the target's name stands for: looked up once, before the first arrival, so that no look-up disturbs the run.
struct ResolvedName: Sendable {
    let host: String
    let port: Int
    /// Numeric, in the system's order of preference; empty when the look-up failed: then every attempt fails by itself.
    let addresses: [String]
    /// How long it took; nil when the host was an address already.
    let elapsed: Span?

    /// `host:port:address,…` as libcurl takes it; nil when there is nothing to tell it.
    var forTransport: String? {
        guard elapsed != nil, !addresses.isEmpty else { return nil }
        return "\(host):\(port):" + addresses.map { $0.contains(":") ? "[\($0)]" : $0 }.joined(separator: ",")
    }

    /// Resolves the host of an `http` or `https` URL; blocks for as long as the system's resolver does.
    static func of(url: String) -> ResolvedName? {
        guard let (host, port) = authority(of: url) else { return nil }
        if isAddress(host) { return ResolvedName(host: host, port: port, addresses: [host], elapsed: nil) }
        let before = clock()
        let addresses = lookUp(host)
        return ResolvedName(
            host: host, port: port, addresses: addresses, elapsed: Span(nanoseconds: clock() - before))
    }

    /// Host, without brackets, and port.
    static func authority(of url: String) -> (String, Int)? {
        let isTLS = url.lowercased().hasPrefix("https://")
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, !parts[2].isEmpty else { return nil }
        let authority = String(parts[2])
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let host = String(authority[authority.index(after: authority.startIndex)..<end])
            let port = authority[end...].split(separator: ":").last.flatMap { Int($0) }
            return (host, port ?? (isTLS ? 443 : 80))
        }
        let halves = authority.split(separator: ":")
        return (String(halves[0]), halves.count > 1 ? Int(halves[1]) ?? 0 : isTLS ? 443 : 80)
    }

    private static func isAddress(_ host: String) -> Bool {
        var buffer = in6_addr()
        return inet_pton(AF_INET, host, &buffer) == 1 || inet_pton(AF_INET6, host, &buffer) == 1
    }

    /// Numeric addresses of a name, in the system's order of preference; blocks for as long as its resolver does.
    static func lookUp(_ host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var entry = list
        while let current = entry {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let length = current.pointee.ai_addrlen
            if getnameinfo(
                current.pointee.ai_addr, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            {
                let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if !addresses.contains(address) { addresses.append(address) }
            }
            entry = current.pointee.ai_next
        }
        return addresses
    }

    private static func clock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
