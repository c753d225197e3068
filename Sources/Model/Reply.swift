/// What a service says to a request, before it is put into bytes: the same behind sockets and in virtual time.
package struct Reply: Sendable {
    /// 200 to 599.
    package var status: Int32
    /// All of them in order, but for `Connection`, which is the host's.
    package var headers: [(name: String, value: String)]
    /// What the answer to a GET has; to a HEAD it is the same without it.
    package var body: [UInt8]

    package init(status: Int32, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A whole answer: `Server`, the headers given, and what frames the body. A status without a body (RFC 9110, 15.3.5
    /// and 15.4.5) has neither type nor length.
    package init(
        _ status: Int32, type: String = "text/plain", headers extra: [(name: String, value: String)] = [],
        body: [UInt8]
    ) {
        let isBare = Self.hasNoBody(status)
        let frame = isBare ? [] : [("Content-Type", type), ("Content-Length", "\(body.count)")]
        self.init(status: status, headers: [Self.server] + extra + frame, body: isBare ? [] : body)
    }

    /// A 302 without a body.
    package static func redirect(to location: String) -> Reply {
        Reply(status: 302, headers: [server, ("Location", location), ("Content-Length", "0")], body: [])
    }

    /// True for a status whose answers have no body and no length.
    package static func hasNoBody(_ status: Int32) -> Bool { status == 204 || status == 304 }

    /// The line that every answer has.
    package static let server: (name: String, value: String) = ("Server", "gale-lab")
}
