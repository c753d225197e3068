import Core
import Model
import NIOCore
import NIOHTTP1

/// What a connection says to one request, and what it does then: the raw bytes, because half of the faults are answers
/// that no HTTP encoder would write.
struct Answer {
    /// What follows the last byte.
    enum Ending {
        /// The connection waits for the next request.
        case keep
        /// FIN; over TLS after close_notify.
        case close
        /// RST.
        case reset
        /// Nothing, until the client has enough of it.
        case silence
    }

    var bytes: ByteBuffer
    var ending: Ending
    /// One byte at a time, so far apart; nil: all at once.
    var interval: Span?

    init(_ bytes: ByteBuffer, ending: Ending, interval: Span? = nil) {
        self.bytes = bytes
        self.ending = ending
        self.interval = interval
    }
}

/// What an answer depends on: the parts of a request that change its bytes.
struct Form: Hashable {
    /// A HEAD gets the head of the answer to a GET, and no body.
    var isHead: Bool
    var keepAlive: Bool

    /// The ending of an answer that is whole.
    var ending: Answer.Ending { keepAlive ? .keep : .close }

    /// A place in a table of the four forms.
    var index: Int { (isHead ? 2 : 0) + (keepAlive ? 1 : 0) }

    static let all = [false, true].flatMap { isHead in
        [false, true].map { Form(isHead: isHead, keepAlive: $0) }
    }
}

/// Lines and bodies that answers are made of.
enum Wire {
    /// A status line, the headers in order, `Connection`, and the blank line.
    static func head(_ status: Int32, _ headers: [(String, String)], keepAlive: Bool) -> String {
        openHead(status, headers) + connection(keepAlive: keepAlive)
    }

    /// The same without `Connection` and the blank line: a head that goes on.
    static func openHead(_ status: Int32, _ headers: [(String, String)]) -> String {
        var head = statusLine(status)
        for (name, value) in [Reply.server] + headers { head += "\(name): \(value)\r\n" }
        return head
    }

    /// A whole reply, with what HTTP/1.1 says about its connection.
    static func answer(_ reply: Reply, to form: Form) -> Answer {
        var head = statusLine(reply.status)
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        var bytes = ByteBuffer(string: head + connection(keepAlive: form.keepAlive))
        if !form.isHead { bytes.writeBytes(reply.body) }
        return Answer(bytes, ending: form.ending)
    }

    private static func statusLine(_ status: Int32) -> String {
        "HTTP/1.1 \(status) \(HTTPResponseStatus(statusCode: Int(status)).reasonPhrase)\r\n"
    }

    private static func connection(keepAlive: Bool) -> String {
        "Connection: \(keepAlive ? "keep-alive" : "close")\r\n\r\n"
    }
}
