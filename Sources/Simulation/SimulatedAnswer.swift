import Core
import Model

/// A reply as it comes over HTTP/1.1: its header lines, and how long everything is.
final class SimulatedAnswer: Sendable {
    let status: Int32
    /// Each ended by CR LF, without the status line, `Connection` and the blank line.
    let lines: [UInt8]
    let body: [UInt8]
    /// Bytes of the status line, its end included.
    let statusLineBytes: Int
    /// Seconds of `Retry-After` of a 429 or 503; 0: none.
    let retryAfter: Int32
    /// Of a 3xx.
    let location: String?
    let isGzip: Bool

    init(_ reply: Reply) {
        status = reply.status
        var lines: [UInt8] = []
        for (name, value) in reply.headers { lines.append(contentsOf: "\(name): \(value)\r\n".utf8) }
        self.lines = lines
        body = reply.body
        statusLineBytes = "HTTP/1.1 000 \r\n".utf8.count + Self.reason(of: reply.status).utf8.count
        func value(of name: String) -> String? {
            reply.headers.first { $0.name.lowercased() == name }?.value
        }
        let mayWait = reply.status == 429 || reply.status == 503
        retryAfter = mayWait ? max(0, value(of: "retry-after").flatMap { Int32($0) } ?? 0) : 0
        location = (300...399).contains(reply.status) ? value(of: "location") : nil
        isGzip = value(of: "content-encoding") == "gzip"
    }

    /// `Connection` with its line end.
    static func connectionLine(keeps: Bool) -> String { keeps ? "Connection: keep-alive\r\n" : "Connection: close\r\n" }

    /// Bytes of the whole head.
    func headBytes(keeps: Bool) -> Int {
        statusLineBytes + lines.count + Self.connectionLine(keeps: keeps).utf8.count + 2
    }

    /// RFC 9110, section 15, and RFC 6585; as the lab over sockets writes them.
    static func reason(of status: Int32) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 305: "Use Proxy"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Payload Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Entity"
        case 423: "Locked"
        case 424: "Failed Dependency"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 506: "Variant Also Negotiates"
        case 507: "Insufficient Storage"
        case 508: "Loop Detected"
        case 510: "Not Extended"
        case 511: "Network Authentication Required"
        default: ""
        }
    }
}
