/// The cookies of one user for one host (RFC 6265). `Domain` is not looked at: they go to the host that set them, only.
package struct CookieJar: Sendable {
    /// Cookies at most; one more takes the place of the oldest.
    package static let countLimit = 50
    /// Bytes of name and value together at most; a longer cookie is not kept.
    package static let sizeLimit = 4_096

    private struct Cookie {
        var name: [UInt8]
        var value: [UInt8]
        var path: [UInt8]
        var isSecure: Bool
        /// Seconds since 1970; `.max` for the life of the user.
        var expires: Int64
    }

    /// Longer paths first, and among equally long ones the older first (RFC 6265, 5.4).
    private var cookies: [Cookie] = []
    /// The order of arrival, by position in `cookies`.
    private var ages: [UInt64] = []
    private var arrivals: UInt64 = 0

    package init() {}

    package var count: Int { cookies.count }

    /// Drops all cookies: for a new user.
    package mutating func removeAll() {
        cookies.removeAll(keepingCapacity: true)
        ages.removeAll(keepingCapacity: true)
    }

    /// The value of the first cookie of that name, whatever its path.
    package subscript(name: String) -> String? {
        cookies.first { $0.name.elementsEqual(name.utf8) }.map { String(decoding: $0.value, as: UTF8.self) }
    }

    /// Takes up what the `Set-Cookie` lines say. Lines with control characters are left out.
    /// - Parameters:
    ///   - responseHeaders: lines ended by CR LF.
    ///   - requestPath: the request target; a cookie without `Path` belongs to its folder.
    ///   - now: seconds since 1970.
    package mutating func store(from responseHeaders: [UInt8], requestPath: [UInt8], now: Int64) {
        responseHeaders.withUnsafeBufferPointer { bytes in
            HeaderLines(bytes: bytes).forEach(Extraction.setCookie) { line in
                if let cookie = SetCookie(line), !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
                    store(cookie, line, requestPath, now)
                }
                return true
            }
        }
    }

    private mutating func store(
        _ cookie: SetCookie, _ line: UnsafeBufferPointer<UInt8>, _ requestPath: [UInt8], _ now: Int64
    ) {
        guard cookie.name.count + cookie.value.count <= Self.sizeLimit, cookie.path?.count ?? 0 <= Self.sizeLimit else {
            return
        }
        let name = UnsafeBufferPointer(rebasing: line[cookie.name])
        let folder = Self.folder(of: requestPath)
        let expires = Self.expiry(cookie, line, now)
        let known = cookies.firstIndex { other in
            guard name.equals(other.name) else { return false }
            if let path = cookie.path { return UnsafeBufferPointer(rebasing: line[path]).equals(other.path) }
            return other.path.elementsEqual(folder)
        }
        if let known {
            guard expires > now else {
                cookies.remove(at: known)
                ages.remove(at: known)
                return
            }
            // The same cookie keeps its age (RFC 6265, 5.3, 11.3), and its memory.
            cookies[known].value.removeAll(keepingCapacity: true)
            cookies[known].value.append(contentsOf: line[cookie.value])
            cookies[known].isSecure = cookie.isSecure
            cookies[known].expires = expires
            return
        }
        guard expires > now, folder.count <= Self.sizeLimit else { return }
        makeRoom(now)
        let path = cookie.path.map { Array(line[$0]) } ?? Array(folder)
        let place = cookies.firstIndex { $0.path.count < path.count } ?? cookies.count
        cookies.insert(
            Cookie(
                name: Array(line[cookie.name]), value: Array(line[cookie.value]), path: path, isSecure: cookie.isSecure,
                expires: expires), at: place)
        ages.insert(arrivals, at: place)
        arrivals &+= 1
    }

    /// `Max-Age` outranks `Expires` (RFC 6265, 5.3, 3).
    private static func expiry(_ cookie: SetCookie, _ line: UnsafeBufferPointer<UInt8>, _ now: Int64) -> Int64 {
        if let age = cookie.maximumAge {
            let (sum, overflow) = now.addingReportingOverflow(age)
            return age <= 0 ? .min : overflow ? .max : sum
        }
        if let expires = cookie.expires {
            return HTTPDate.seconds(UnsafeBufferPointer(rebasing: line[expires])) ?? .max
        }
        return .max
    }

    /// The default path: the request's path up to its last `/`, not including it (RFC 6265, 5.1.4).
    private static func folder(of requestPath: [UInt8]) -> ArraySlice<UInt8> {
        let path = pathOnly(requestPath[...])
        guard path.first == UInt8(ascii: "/"), let last = path.lastIndex(of: UInt8(ascii: "/")), last > path.startIndex
        else { return [UInt8(ascii: "/")] }
        let folder = path[..<last]
        // A target is sent without them; whoever calls with others gets the widest path.
        return folder.contains { $0 <= 0x20 || $0 == 0x7F } ? [UInt8(ascii: "/")] : folder
    }

    private static func pathOnly(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        target.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
    }

    private mutating func makeRoom(_ now: Int64) {
        guard cookies.count >= Self.countLimit else { return }
        for index in cookies.indices.reversed() where cookies[index].expires <= now {
            cookies.remove(at: index)
            ages.remove(at: index)
        }
        guard cookies.count >= Self.countLimit,
            let oldest = ages.indices.min(by: { ages[$0] < ages[$1] })
        else { return }
        cookies.remove(at: oldest)
        ages.remove(at: oldest)
    }

    /// Appends `a=b; c=d`, the value of a `Cookie` header, for a request of that path.
    /// - Parameters:
    ///   - path: the request target; a query does not count.
    ///   - isSecure: the request goes out over TLS.
    ///   - now: seconds since 1970; nil leaves out what has expired by the last `store` only.
    /// - Returns: false when no cookie belongs to the request; nothing is appended then.
    package func write(path: [UInt8], isSecure: Bool, now: Int64? = nil, into output: inout [UInt8]) -> Bool {
        let path = Self.pathOnly(path[...])
        var isFirst = true
        for cookie in cookies where isSecure || !cookie.isSecure {
            if let now, cookie.expires <= now { continue }
            guard Self.matches(path, cookie.path) else { continue }
            if !isFirst { output.append(contentsOf: [UInt8(ascii: ";"), UInt8(ascii: " ")]) }
            isFirst = false
            output.append(contentsOf: cookie.name)
            output.append(UInt8(ascii: "="))
            output.append(contentsOf: cookie.value)
        }
        return !isFirst
    }

    /// RFC 6265, 5.1.4.
    private static func matches(_ path: ArraySlice<UInt8>, _ cookiePath: [UInt8]) -> Bool {
        guard path.starts(with: cookiePath) else { return false }
        return path.count == cookiePath.count || cookiePath.last == UInt8(ascii: "/")
            || path[path.startIndex + cookiePath.count] == UInt8(ascii: "/")
    }
}
