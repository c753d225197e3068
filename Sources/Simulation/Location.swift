import Core

/// Where a `Location` points, seen from the request that it answers (RFC 3986, section 5.2).
enum Location {
    /// - Parameters:
    ///   - url: absolute, of the request.
    /// - Returns: absolute, without a fragment.
    static func resolve(_ location: String, from url: String) -> String {
        let reference = String(location.prefix { $0 != "#" })
        if hasScheme(reference) { return reference }
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return reference }
        if reference.hasPrefix("//") { return parts[0] + reference }
        let origin = parts[0..<3].joined(separator: "/")
        let whole = parts.count > 3 ? "/" + parts[3].prefix { $0 != "#" } : "/"
        let path = String(whole.prefix { $0 != "?" })
        if reference.isEmpty { return origin + whole }
        if reference.hasPrefix("?") { return origin + path + reference }
        if reference.hasPrefix("/") { return origin + withoutDots(reference) }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "/"
        return origin + withoutDots(folder + reference)
    }

    /// `scheme:` with a letter in front, before any slash.
    private static func hasScheme(_ reference: String) -> Bool {
        guard let colon = reference.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = reference.utf8[..<colon]
        return scheme.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A } == true
            && scheme.allSatisfy { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    }

    /// Section 5.2.4; the query stays as it is.
    private static func withoutDots(_ target: String) -> String {
        let query = target.firstIndex(of: "?").map { target[$0...] } ?? ""
        let path = target.prefix { $0 != "?" }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (place, segment) in segments.enumerated() {
            let isLast = place == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return "/" + kept.joined(separator: "/") + query
    }
}
