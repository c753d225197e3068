/// What goes out and comes back in one call, where not everything is known when the plan is read: the parts of the request
/// that templates made, and the parts of the response that are looked at.
///
/// Its memory is kept and used again; one exchange serves one call at a time.
package final class Exchange {
    // MARK: The request

    /// Method, request target (path and query) and body that take the place of the prepared ones; empty means as
    /// prepared. `hasBody` says that `body` counts even when it is empty.
    package var method: [UInt8] = []
    package var target: [UInt8] = []
    package var body: [UInt8] = []
    package var hasBody = false
    /// Header lines (`Name: value`) to send besides the prepared ones, each ended by NUL.
    package var headers: [UInt8] = []

    /// Whether anything is to be sent in place of what was prepared.
    package var changesRequest: Bool { hasBody || !target.isEmpty || !headers.isEmpty || !method.isEmpty }

    // MARK: The response

    /// Whether to keep header lines, and how many bytes of the decoded body to keep at most; 0 keeps none.
    package var keepsHeaders = false
    package var bodyLimit = 0
    /// The last response's header lines as received, each ended by CR LF, without the status line.
    package var responseHeaders: [UInt8] = []
    /// The beginning of the body, decoded.
    package var responseBody: [UInt8] = []
    /// Size of the whole decoded body, of which `responseBody` may be the beginning only.
    package var responseSize = 0

    package init() {}

    /// Makes it ready for the next request.
    package func reset() {
        method.removeAll(keepingCapacity: true)
        target.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: true)
        headers.removeAll(keepingCapacity: true)
        hasBody = false
        forgetResponse()
    }

    /// Becomes ready to send the same request once more, and to look at the same of its response.
    package func takeRequest(of other: Exchange) {
        (method, target, body, hasBody) = (other.method, other.target, other.body, other.hasBody)
        headers = other.headers
        (keepsHeaders, bodyLimit) = (other.keepsHeaders, other.bodyLimit)
        forgetResponse()
    }

    /// Has the other's response in place of its own.
    package func takeResponse(of other: Exchange) {
        swap(&responseHeaders, &other.responseHeaders)
        swap(&responseBody, &other.responseBody)
        responseSize = other.responseSize
    }

    /// Takes a part of the decoded body.
    package func keep(_ part: UnsafeBufferPointer<UInt8>) {
        responseSize += part.count
        let room = bodyLimit - responseBody.count
        if room > 0 { responseBody.append(contentsOf: part.prefix(room)) }
    }

    /// Drops what a response has left: of an earlier call, or of an answer that a later one replaced.
    package func forgetResponse() {
        responseHeaders.removeAll(keepingCapacity: true)
        responseBody.removeAll(keepingCapacity: true)
        responseSize = 0
    }
}
