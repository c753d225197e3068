/// Hosts that a plan allows: `shop.example`, `*.shop.example`, `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
package enum HostRule: Hashable, Sendable {
    /// A name in lower case, without a dot at its end.
    case name(String)
    /// All names below this one, which itself is not among them.
    case below(String)
    case address(IPAddress)
    /// All addresses that begin with the first `length` bits of this one; its other bits are 0.
    case network(IPAddress, length: Int)

    /// - Throws: what is wrong with the text; it has no place and no backquoted text yet.
    package init(_ text: String) throws(HostRuleProblem) {
        if let slash = text.lastIndex(of: "/") {
            self = try Self.network(String(text[..<slash]), length: String(text[text.index(after: slash)...]))
            return
        }
        if let address = IPAddress(HostGuard.bare(text)) {
            self = .address(address.unmapped)
            return
        }
        let isBelow = text.hasPrefix("*.")
        let name = HostGuard.canonical(isBelow ? String(text.dropFirst(2)) : text)
        guard Self.isName(name) else { throw .name }
        // Such names are read as addresses by the system: `127.1` would be 127.0.0.1.
        guard !name.split(separator: ".").allSatisfy({ Self.isNumber($0) }) else { throw .number }
        self = isBelow ? .below(name) : .name(name)
    }

    private static func network(_ text: String, length: String) throws(HostRuleProblem) -> HostRule {
        guard let address = IPAddress(HostGuard.bare(text)) else { throw .network }
        guard length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), length.utf8.count <= 3, let bits = Int(length),
            bits <= address.width
        else { throw .length(address.width) }
        guard address.prefix(bits) == address else { throw .bits("\(address.prefix(bits))/\(bits)") }
        return bits == address.width ? .address(address.unmapped) : .network(address, length: bits)
    }

    /// Letters, digits, `-` and `_`, in parts of 1 to 63 characters, at most 253 in all (RFC 1123, section 2.1).
    private static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            (1...63).contains(part.count)
                && part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }

    /// Decimal, octal or hexadecimal, as `inet_aton` reads it.
    private static func isNumber(_ part: Substring) -> Bool {
        part.hasPrefix("0x")
            ? part.dropFirst(2).allSatisfy(\.isHexDigit) : part.allSatisfy { $0.isASCII && $0.isNumber }
    }

    func matches(host: String) -> Bool {
        switch self {
        case .name(let name): host == name
        case .below(let name): host.hasSuffix("." + name)
        case .address, .network: false
        }
    }

    func matches(_ address: IPAddress) -> Bool {
        switch self {
        case .name, .below: false
        case .address(let own): own == address
        case .network(let network, let length): address.width == network.width && address.prefix(length) == network
        }
    }
}

extension HostRule: CustomStringConvertible {
    package var description: String {
        switch self {
        case .name(let name): name
        case .below(let name): "*." + name
        case .address(let address): "\(address)"
        case .network(let network, let length): "\(network)/\(length)"
        }
    }
}

/// Why a text is no rule for hosts.
package enum HostRuleProblem: Error, Hashable, Sendable {
    /// Neither a name nor an address.
    case name
    /// Only numbers, and yet no address in the usual form.
    case number
    /// What stands before `/` is no address.
    case network
    /// What stands after `/` is no number of bits up to this one.
    case length(Int)
    /// Bits are set after the prefix; the network that has none of them, as text.
    case bits(String)
}
