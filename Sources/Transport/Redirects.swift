import Core

/// Follows redirects hop by hop, building each request anew, so that no header meant for one host reaches another.
///
/// libcurl's own following strips Authorization and Cookie across hosts, but leaves every other header, such as an
/// API key, in place.
struct Redirects {
    private var left: Int
    private var request: Request

    init(limit: Int, first: Request) {
        left = limit
        request = first
    }

    /// The next request, or nil when the attempt is final; marks the attempt failed when the limit is reached.
    mutating func follow(_ attempt: inout Attempt) -> Request? {
        guard attempt.failure == nil, !attempt.cancelled, let location = attempt.redirectLocation else { return nil }
        guard left > 0 else {
            attempt.failure = .too_many_redirects
            return nil
        }
        left -= 1
        guard location.hasPrefix("http://") || location.hasPrefix("https://"),
            !(request.url.hasPrefix("https://") && location.hasPrefix("http://"))
        else {
            attempt.failure = .redirect_refused
            return nil
        }
        request = next(to: location, after: attempt.status)
        return request
    }

    private func next(to location: String, after status: Int32) -> Request {
        var next = request
        next.url = location
        // RFC 9110, 15.4: 303 becomes GET; 301 and 302 of a POST do so too, as browsers made it.
        let becomesGet = status == 303 ? request.method != "HEAD" : status <= 302 && request.method == "POST"
        if becomesGet {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
        }
        if origin(of: location) != origin(of: request.url) {
            // Another host gets what any client would send, and nothing that was meant for the first.
            next.headers.removeAll { !["accept", "user-agent", "content-type"].contains($0.name.lowercased()) }
        }
        return next
    }

    private func origin(of url: String) -> Substring {
        let afterScheme = url.range(of: "://").map { $0.upperBound } ?? url.startIndex
        let end = url[afterScheme...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        return url[..<end]
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension Attempt {
    /// Adds the hop that came after: its end and outcome count, its traffic is added.
    mutating func append(_ hop: Attempt) {
        redirects += hop.reachedServer ? 1 : 0
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
        redirectLocation = hop.redirectLocation
    }
}
