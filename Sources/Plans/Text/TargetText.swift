/// `https://host:port/prefix`, `lab` or `lab/SERVICE`.
enum TargetText: Hashable, Sendable {
    case url(String)
    /// Nil: the lab's only service.
    case lab(service: String?)

    init(_ text: String) throws(Complaint) {
        if text == "lab" {
            self = .lab(service: nil)
        } else if text.hasPrefix("lab/") {
            let service = String(text.dropFirst(4))
            guard !service.isEmpty else {
                throw Complaint(
                    .target, "`\(text)` names no service", remedy: "write `lab`, or `lab/` and the service's name")
            }
            self = .lab(service: service)
        } else {
            let url = try URLText(text)
            guard url.query == nil else {
                throw Complaint(
                    .target, "`\(text.printable)` has a query, and a target has none",
                    remedy: "move what follows `?` to the steps' paths")
            }
            var prefix = url.path
            while prefix.hasSuffix("/") { prefix.removeLast() }
            self = .url(url.origin + prefix)
        }
    }
}

/// A URL of a target, taken apart as far as a plan needs it.
struct URLText: Hashable, Sendable {
    /// `http` or `https`, lower case.
    let scheme: String
    /// Host and port as they were written; IPv6 addresses in brackets.
    let authority: String
    /// Empty, or begins with `/`.
    let path: String
    /// What follows `?`; nil without one.
    let query: String?

    var origin: String { "\(scheme)://\(authority)" }

    /// As it goes into a header; the scheme in lower case.
    var whole: String { origin + path + (query.map { "?\($0)" } ?? "") }

    init(_ text: String) throws(Complaint) {
        if let bad = text.unicodeScalars.first(where: { !(0x21...0x7E).contains($0.value) }) {
            let isBlank = bad == " "
            throw Complaint(
                .target,
                "`\(text.printable)` contains \(isBlank ? "a blank" : "`\(String(bad).printable)`"), and a "
                    + "URL is visible ASCII", remedy: "write host names in punycode and other characters as `%XX`")
        }
        guard let colon = text.range(ofFirst: "://") else {
            throw Complaint(
                .target, "`\(text.printable)` is no URL, which begins with `http://` or `https://`",
                remedy: "write `https://\(text.printable)`, or `lab` for the plan's own lab")
        }
        scheme = text[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Complaint(
                .target, "`\(scheme.printable)` is a scheme that Gale does not speak", remedy: "use `http` or `https`")
        }
        let rest = text[colon.upperBound...]
        guard !rest.contains("#") else {
            throw Complaint(
                .target, "`\(text.printable)` has a fragment, which is never sent", remedy: "remove what follows `#`")
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw Complaint(
                .target, "the URL holds a user or a password, which would end in every report",
                remedy: "remove what stands before `@`, and send an `Authorization` header")
        }
        try Self.check(authority: authority, of: text)
        self.authority = String(authority)
        let tail = rest[authority.endIndex...]
        let mark = tail.firstIndex(of: "?") ?? tail.endIndex
        path = String(tail[..<mark])
        query = mark == tail.endIndex ? nil : String(tail[tail.index(after: mark)...])
    }

    private static func check(authority: Substring, of text: String) throws(Complaint) {
        let host: Substring
        let after: Substring
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else {
                throw Complaint(.target, "`\(text.printable)` has `[` without `]`", remedy: "write `[::1]`")
            }
            host = authority[authority.index(after: authority.startIndex)..<close]
            after = authority[authority.index(after: close)...]
            guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw Complaint(
                    .target, "`[\(host.printable)]` is no IPv6 address", remedy: "write one such as `[::1]`")
            }
        } else {
            host = authority.prefix { $0 != ":" }
            after = authority[host.endIndex...]
            guard !host.isEmpty else {
                throw Complaint(.target, "`\(text.printable)` has no host", remedy: "write one after `://`")
            }
            guard host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_" }) else {
                throw Complaint(
                    .target, "`\(host.printable)` is no host name", remedy: "use letters, digits, `-` and `.`")
            }
        }
        guard !after.isEmpty else { return }
        guard after.first == ":", after.dropFirst().allSatisfy({ $0.isNumber }), let port = Int(after.dropFirst()),
            (1...65_535).contains(port)
        else {
            throw Complaint(
                .target, "`\(after.printable)` is no port, which is `:` and a number from 1 to 65535",
                remedy: "write one such as `:8080`, or none")
        }
    }
}

extension String {
    /// Where `part` stands first; both are compared by character.
    fileprivate func range(ofFirst part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
