/// A URL as recordings write it, taken apart; more is forgiven here than in a plan.
struct WebAddress: Hashable, Sendable {
    /// `http` or `https`.
    let scheme: String
    /// Lower case; IPv6 in brackets; the port only when it is not the scheme's.
    let authority: String
    /// Begins with `/`; visible ASCII.
    let path: String
    /// Visible ASCII; nil without `?`.
    let query: String?
    /// `user:password`, as it stood before `@`.
    let credentials: String?

    var origin: String { "\(scheme)://\(authority)" }

    /// - Parameter standardScheme: what a URL without a scheme means; nil when it must have one.
    init?(_ text: String, standardScheme: String? = nil) {
        let text = text.trimmedBlanks
        var rest = Substring(text)
        if let (scheme, after) = Self.scheme(of: text) {
            self.scheme = scheme
            rest = after
        } else {
            guard let standardScheme, !text.isEmpty, !text.hasPrefix("/") || text.hasPrefix("//") else { return nil }
            scheme = standardScheme
            if text.hasPrefix("//") { rest = rest.dropFirst(2) }
        }
        guard scheme == "http" || scheme == "https" else { return nil }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" || $0 == "\\" } ?? rest.endIndex
        var authority = rest[..<end]
        if let at = authority.lastIndex(of: "@") {
            credentials = String(authority[..<at])
            authority = authority[authority.index(after: at)...]
        } else {
            credentials = nil
        }
        guard let checked = Self.authority(authority, scheme: scheme) else { return nil }
        self.authority = checked
        var tail = rest[end...]
        if let hash = tail.firstIndex(of: "#") { tail = tail[..<hash] }
        let mark = tail.firstIndex(of: "?") ?? tail.endIndex
        let path = PercentCoding.visible(tail[..<mark])
        self.path = path.hasPrefix("/") ? path : "/" + path
        query = mark == tail.endIndex ? nil : PercentCoding.visible(tail[tail.index(after: mark)...])
    }

    private static func scheme(of text: String) -> (String, Substring)? {
        let prefix = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" || $0 == ".") }
        let rest = text[prefix.endIndex...]
        guard !prefix.isEmpty, rest.hasPrefix("://") else { return nil }
        return (prefix.lowercased(), rest.dropFirst(3))
    }

    /// A host that a plan's target may have; nil for any other.
    private static func authority(_ text: Substring, scheme: String) -> String? {
        let host: Substring
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = text[...close]
            let inner = host.dropFirst().dropLast()
            guard inner.contains(":"), inner.allSatisfy({ $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") })
            else { return nil }
        } else {
            host = text.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.count <= 253,
                host.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-._".utf8.contains($0) })
            else { return nil }
        }
        let after = text[host.endIndex...]
        if after.isEmpty || after == ":" { return host.lowercased() }
        let digits = after.dropFirst()
        guard after.first == ":", digits.utf8.allSatisfy(\.isDigit), digits.utf8.count <= 5, let port = Int(digits),
            (1...65_535).contains(port)
        else { return nil }
        let isStandard = port == (scheme == "http" ? 80 : 443)
        return host.lowercased() + (isStandard ? "" : ":\(port)")
    }
}
