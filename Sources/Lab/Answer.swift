import Core
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
        openHead(status, headers) + "Connection: \(keepAlive ? "keep-alive" : "close")\r\n\r\n"
    }

    /// The same without `Connection` and the blank line: a head that goes on.
    static func openHead(_ status: Int32, _ headers: [(String, String)]) -> String {
        let reason = HTTPResponseStatus(statusCode: Int(status)).reasonPhrase
        var head = "HTTP/1.1 \(status) \(reason)\r\nServer: gale-lab\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return head
    }

    /// Text of exactly `count` bytes, the same every time: lines of 64, the last one cut.
    static func text(_ count: Int) -> [UInt8] {
        let line = Array("0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX.\n".utf8)
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            for index in 0..<count { bytes.initializeElement(at: index, to: line[index % line.count]) }
            initialized = count
        }
    }

    /// True for a status whose answers have no body and no length (RFC 9110, 15.3.5 and 15.4.5).
    static func hasNoBody(_ status: Int32) -> Bool { status == 204 || status == 304 }

    /// A whole answer.
    static func answer(
        _ status: Int32, type: String = "text/plain", headers extra: [(String, String)] = [], body: [UInt8],
        to form: Form
    ) -> Answer {
        let isBare = hasNoBody(status)
        let headers = extra + (isBare ? [] : [("Content-Type", type), ("Content-Length", "\(body.count)")])
        var bytes = ByteBuffer(string: head(status, headers, keepAlive: form.keepAlive))
        if !isBare, !form.isHead { bytes.writeBytes(body) }
        return Answer(bytes, ending: form.ending)
    }
}
