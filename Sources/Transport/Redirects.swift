import Core

/// Redirects are followed hop by hop, each request built anew, so that no header meant for one host reaches another.
///
/// libcurl's own following strips Authorization and Cookie across hosts, but leaves every other header, such as an
/// API key, in place.
extension PreparedRequest {
    /// The request that a redirect asks for, or why it is not made.
    /// - Parameters:
    ///   - location: absolute.
    ///   - limit: how many redirects an attempt may follow.
    func hop(to location: String, status: Int32, limit: Int) -> Result<Request, RedirectRefusal> {
        guard hops < limit else { return .failure(.tooMany) }
        let isHTTP = location.hasPrefix("http://") || location.hasPrefix("https://")
        // What was asked for over TLS is not asked for in the open.
        let isDowngrade = request.url.hasPrefix("https://") && location.hasPrefix("http://")
        guard isHTTP, !isDowngrade else { return .failure(.refused) }
        return .success(request.redirected(to: location, status: status))
    }
}

enum RedirectRefusal: Error {
    case tooMany, refused

    var kind: FailureKind {
        switch self {
        case .tooMany: .too_many_redirects
        case .refused: .redirect_refused
        }
    }
}

extension Request {
    func redirected(to location: String, status: Int32) -> Request {
        var next = self
        next.url = location
        // RFC 9110, 15.4: 303 becomes GET; 301 and 302 of a POST do so too, as browsers made it.
        let becomesGet = status == 303 ? method != "HEAD" : status <= 302 && method == "POST"
        if becomesGet {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if next.origin != origin {
            // Another host gets what any client would send, and nothing that was meant for the first.
            next.headers.removeAll { !["accept", "user-agent", "content-type"].contains($0.name.lowercased()) }
        }
        return next
    }

    /// Scheme, host and port of its URL, to compare.
    var origin: String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3)
        var origin = parts.joined(separator: "/").lowercased()
        for (scheme, port) in [("http://", ":80"), ("https://", ":443")]
        where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
            origin.removeLast(port.utf8.count)
        }
        return origin
    }
}

extension Attempt {
    /// Adds the hop that came after: its end and outcome count, its traffic is added.
    mutating func append(_ hop: Attempt) {
        redirects += hop.redirects + (hop.reachedServer ? 1 : 0)
        end = hop.end
        firstByte = hop.firstByte
        status = hop.status
        failure = hop.failure
        cancelled = hop.cancelled
        systemError = hop.systemError
        bytesSent += hop.bytesSent
        bytesReceived += hop.bytesReceived
        connectionsOpened += hop.connectionsOpened
        resends += hop.resends
        retryAfter = hop.retryAfter
    }
}
