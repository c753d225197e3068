import Core

/// Reads the address of an endpoint: `10.0.0.1:8080`, `shop.example:80`, `[::1]:8080`.
package enum EndpointText {
    /// Reads host and port. Names come out in lower case without a dot at the end, IPv6 addresses in the form of RFC 5952,
    /// so that one address has one text.
    /// - Parameter defaultPort: for a text without a port; nil: it must have one. `::1` without brackets is a host
    ///   without a port.
    package static func parse(
        _ text: some StringProtocol, defaultPort: UInt16? = nil
    ) throws(EndpointProblem) -> Endpoint {
        let (host, port) = try parts(Substring(text))
        let name = try self.host(host, of: Substring(text))
        if let port { return Endpoint(host: name, port: try number(port, of: Substring(text))) }
        guard let defaultPort else {
            let example = name.contains(":") ? "[\(name)]:8080" : "\(name):8080"
            throw EndpointProblem(
                "the endpoint `\(excerpt(text))` has no port", remedy: "write it with one, such as `\(example)`")
        }
        return Endpoint(host: name, port: defaultPort)
    }

    private static func parts(_ text: Substring) throws(EndpointProblem) -> (host: Substring, port: Substring?) {
        guard !text.isEmpty else {
            throw EndpointProblem("an endpoint is empty", remedy: "write host and port, such as `10.0.0.1:8080`")
        }
        if text.contains("/") {
            throw EndpointProblem(
                "the endpoint `\(excerpt(text))` holds a `/`; it is no URL and no network",
                remedy: "write host and port alone, such as `10.0.0.1:8080`")
        }
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else {
                throw EndpointProblem(
                    "the endpoint `\(excerpt(text))` has no `]` after its address", remedy: "write `[::1]:8080`")
            }
            let host = text[...end]
            let rest = text[text.index(after: end)...]
            if rest.isEmpty { return (host, nil) }
            guard rest.hasPrefix(":") else {
                throw EndpointProblem(
                    "the endpoint `\(excerpt(text))` goes on after `]` with something else than a port",
                    remedy: "write `[::1]:8080`")
            }
            return (host, rest.dropFirst())
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        let rest = text[text.index(after: colon)...]
        return rest.contains(":") ? (text, nil) : (text[..<colon], rest)
    }

    private static func host(_ host: Substring, of text: Substring) throws(EndpointProblem) -> String {
        if host.hasPrefix("[") || host.contains(":") {
            let bare = host.hasPrefix("[") ? host.dropFirst().dropLast() : host
            guard bare.contains(":"), let address = IPAddress(bare) else {
                throw EndpointProblem(
                    "`\(excerpt(bare))` in the endpoint `\(excerpt(text))` is no IPv6 address",
                    remedy: "write it as `[2001:db8::1]:8080`, without a zone")
            }
            return "\(address)"
        }
        let rule: HostRule?
        do throws(HostRuleProblem) { rule = try HostRule(String(host)) } catch { rule = nil }
        switch rule {
        case .name(let name): return name
        case .address(let address): return "\(address)"
        case .below, .network, nil:
            throw EndpointProblem(
                "`\(excerpt(host))` in the endpoint `\(excerpt(text))` is neither a host name nor an IP address",
                remedy: "write a name of letters, digits, `-` and `.`, or an address such as `10.0.0.1`")
        }
    }

    private static func number(_ port: Substring, of text: Substring) throws(EndpointProblem) -> UInt16 {
        guard let number = decimal(port), (1...65_535).contains(number) else {
            throw EndpointProblem(
                "`\(excerpt(port))` in the endpoint `\(excerpt(text))` is no port", remedy: "write one from 1 to 65535")
        }
        return UInt16(number)
    }

    /// A number of 1 to 9 digits and nothing else.
    static func decimal(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// The beginning of a text for a message: at most 64 characters, on one line.
    static func excerpt(_ text: some StringProtocol) -> String {
        var excerpt = ""
        for scalar in text.unicodeScalars.prefix(64) {
            excerpt.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
        }
        return text.unicodeScalars.dropFirst(64).isEmpty ? excerpt : excerpt + "…"
    }
}
