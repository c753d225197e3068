/// Why a redirect is not followed.
package enum RedirectRefusal: Error {
    case tooMany, refused

    package var kind: FailureKind {
        switch self {
        case .tooMany: .too_many_redirects
        case .refused: .redirect_refused
        }
    }
}

extension Request {
    /// The request that a redirect asks for, or why it is not made.
    /// - Parameters:
    ///   - location: absolute.
    ///   - hops: how many redirects led here.
    ///   - limit: how many an attempt may follow.
    package func hop(
        to location: String, status: Int32, after hops: Int, limit: Int
    ) -> Result<Request, RedirectRefusal> {
        guard hops < limit else { return .failure(.tooMany) }
        let isHTTP = location.hasPrefix("http://") || location.hasPrefix("https://")
        // What was asked for over TLS is not asked for in the open.
        let isDowngrade = url.hasPrefix("https://") && location.hasPrefix("http://")
        guard isHTTP, !isDowngrade else { return .failure(.refused) }
        return .success(redirected(to: location, status: status))
    }

    /// The request that a redirect makes of this one.
    /// - Parameter location: absolute.
    package func redirected(to location: String, status: Int32) -> Request {
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
    package var origin: String {
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
    package mutating func append(_ hop: Attempt) {
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
