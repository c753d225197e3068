/// Which hosts a run may send to: what is near, and what the plan names.
///
/// Load that goes to the wrong host is an attack on it. Loopback, private and link-local addresses belong to the person
/// who runs the plan or to their network; any other host must be named. The addresses at which clouds hand credentials
/// to whoever asks are refused unless they are named as addresses, since a name in a plan can lead to them.
package struct HostGuard: Hashable, Sendable {
    /// The rules, in the order of the plan.
    package let allowed: [HostRule]

    package init(allowed: [HostRule] = []) {
        self.allowed = allowed
    }

    /// Whether a host may be called as far as its text tells: an address by its own rules, `localhost` always, another
    /// name if a rule names it. A name without a rule may still lead to an address that is allowed.
    /// - Parameter host: a name, or an address with or without brackets.
    package func allows(host: String) -> Bool {
        if let address = IPAddress(Self.bare(host)) { return allows(host: host, address: address) }
        let name = Self.canonical(host)
        // RFC 6761, section 6.3.
        return name == "localhost" || name.hasSuffix(".localhost") || allowed.contains { $0.matches(host: name) }
    }

    /// Whether a call to `host`, which leads to `address`, may be made.
    package func allows(host: String, address: IPAddress) -> Bool {
        let address = address.unmapped
        if Self.isMetadata(address) { return allowed.contains(.address(address)) }
        if Self.isNear(address) { return true }
        let name = Self.canonical(host)
        return allowed.contains { $0.matches(address) || $0.matches(host: name) }
    }

    /// Loopback, private or link-local.
    package static func isNear(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return near.contains { $0.matches(address) }
    }

    /// Where clouds hand out credentials, also through a translation from IPv6 to IPv4.
    package static func isMetadata(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        let metadata: UInt32 = 0xA9FE_A9FE
        switch address {
        case .v4(let number): return number == metadata
        case .v6(let high, let low):
            // fd00:ec2::254 is that of EC2.
            if high == 0xFD00_0EC2_0000_0000, low == 0x254 { return true }
            // 64:ff9b::/96 is NAT64 (RFC 6052), 2002::/16 is 6to4 (RFC 3056), ::/96 the compatible form (RFC 4291).
            if high == 0x0064_FF9B_0000_0000 || high == 0, low == UInt64(metadata) { return true }
            return high >> 16 == 0x2002_0000_0000 | UInt64(metadata)
        }
    }

    private static let near: [HostRule] = [
        // `0.0.0.0` and `::` reach this machine on Linux.
        .address(.v4(0)), .address(.v6(0, 0)),
        .network(.v4(0x7F00_0000), length: 8), .address(.v6(0, 1)),
        // RFC 1918.
        .network(.v4(0x0A00_0000), length: 8), .network(.v4(0xAC10_0000), length: 12),
        .network(.v4(0xC0A8_0000), length: 16),
        // RFC 6598, RFC 4193.
        .network(.v4(0x6440_0000), length: 10), .network(.v6(0xFC00_0000_0000_0000, 0), length: 7),
        // RFC 3927, RFC 4291.
        .network(.v4(0xA9FE_0000), length: 16), .network(.v6(0xFE80_0000_0000_0000, 0), length: 10),
    ]

    /// An address without the brackets that a URL has around it.
    static func bare(_ host: String) -> Substring {
        host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host[...]
    }

    /// A name as names are compared: ASCII in lower case, without the dot of the root.
    static func canonical(_ host: String) -> String {
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        return String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
