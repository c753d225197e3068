/// One header line of a request; neither part may hold CR, LF or NUL.
package struct Header: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A rendered request: what one attempt puts on the wire.
package struct Request: Hashable, Sendable {
    /// `GET`, `POST`, or any other token of RFC 9110.
    package var method: String
    /// Absolute, `http://` or `https://`.
    package var url: String
    package var headers: [Header]
    /// Nil sends no body; an empty array sends `Content-Length: 0`.
    package var body: [UInt8]?
    /// Send the body as gzip, and say so in `Content-Encoding`.
    package var compresses: Bool

    package init(
        method: String = "GET", url: String, headers: [Header] = [], body: [UInt8]? = nil, compresses: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.compresses = compresses
    }
}
