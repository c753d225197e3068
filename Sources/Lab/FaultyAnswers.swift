import Model
import NIOCore

extension Wire {
    /// The bytes and the ending of a fault that is no whole reply.
    ///
    /// An answer whose end a client can find keeps the connection; any other closes it. A HEAD gets no body, so of a
    /// fault in the body only the ending is left.
    static func faulty(_ fault: FaultKind, to form: Form, body: [UInt8]) -> Answer {
        switch fault {
        case .reset:
            return Answer(ByteBuffer(), ending: .reset)
        case .resetInBody:
            return half(of: body, to: form, ending: .reset)
        case .close:
            return Answer(ByteBuffer(), ending: .close)
        case .stall:
            return Answer(ByteBuffer(), ending: .silence)
        case .stallInBody:
            return half(of: body, to: form, ending: .silence)
        case .truncate:
            return half(of: body, to: form, ending: .close)
        case .truncateHeaders:
            let head = openHead(200, [("Content-Type", "text/plain")])
            return Answer(ByteBuffer(string: head + "Content-Le"), ending: .close)
        case .truncateChunked:
            return chunked("\(String(atLeastTwo(body).count, radix: 16))", then: "", body: body, to: form)
        case .badChunk:
            return chunked("zz", then: "0\r\n\r\n", body: body, to: form)
        case .badStatusLine:
            return Answer(ByteBuffer(string: "THIS IS NO STATUS LINE\r\nContent-Length: 0\r\n\r\n"), ending: .close)
        case .badHeader:
            return closing(openHead(200, []) + "This header line has no colon\r\n", body: body, to: form)
        case .badContentLength:
            return closing(openHead(200, [("Content-Length", "many")]), body: body, to: form)
        case .oversizedHeader(let bytes):
            return padded([bytes], body: body, to: form)
        case .oversizedHeaders(let bytes):
            let line = 1_000
            let (full, rest) = bytes.quotientAndRemainder(dividingBy: line)
            return padded(Array(repeating: line, count: full) + (rest > 0 ? [rest] : []), body: body, to: form)
        case .status, .delay, .truncateGzip, .corruptGzip, .gzipBomb, .trickle, .redirectLoop, .redirect, .closeAfter:
            preconditionFailure("\(fault.name) is a whole reply; the book has it")
        case .tlsStall, .closeOnAccept:
            preconditionFailure("\(fault.name) strikes connections; it cannot strike a request")
        }
    }

    /// A head that promises a body, and half of it.
    private static func half(of body: [UInt8], to form: Form, ending: Answer.Ending) -> Answer {
        let promised = atLeastTwo(body)
        let headers = [("Content-Type", "text/plain"), ("Content-Length", "\(promised.count)")]
        var bytes = ByteBuffer(string: head(200, headers, keepAlive: form.keepAlive))
        if !form.isHead { bytes.writeBytes(promised.prefix(promised.count / 2)) }
        return Answer(bytes, ending: ending)
    }

    /// A chunked body: one chunk under a size line of choice, and what follows it.
    private static func chunked(_ size: String, then rest: String, body: [UInt8], to form: Form) -> Answer {
        let headers = [("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")]
        var bytes = ByteBuffer(string: head(200, headers, keepAlive: form.keepAlive))
        if !form.isHead {
            bytes.writeString(size + "\r\n")
            bytes.writeBytes(atLeastTwo(body))
            bytes.writeString("\r\n" + rest)
        }
        return Answer(bytes, ending: .close)
    }

    /// An answer under a bad head: the body follows, and the end of the connection ends it.
    private static func closing(_ openHead: String, body: [UInt8], to form: Form) -> Answer {
        var bytes = ByteBuffer(string: openHead + "Connection: close\r\n\r\n")
        if !form.isHead { bytes.writeBytes(body) }
        return Answer(bytes, ending: .close)
    }

    /// A good answer with header lines of the given lengths, their ends not counted, in front of its own.
    private static func padded(_ lengths: [Int], body: [UInt8], to form: Form) -> Answer {
        let padding = lengths.map { length in
            // Name, colon, blank; a line too short for that is a header with a short name and no value.
            let name = length > 10 ? "X-Filler: " : String(repeating: "x", count: max(length - 1, 1)) + ":"
            return name + String(repeating: "a", count: max(length - name.utf8.count, 0)) + "\r\n"
        }
        let length = "Content-Length: \(body.count)\r\nConnection: \(form.keepAlive ? "keep-alive" : "close")\r\n\r\n"
        var bytes = ByteBuffer(string: openHead(200, []) + padding.joined() + length)
        if !form.isHead { bytes.writeBytes(body) }
        return Answer(bytes, ending: form.ending)
    }

    /// The body, or two bytes instead of a shorter one: half of it must be something, and less than all.
    private static func atLeastTwo(_ body: [UInt8]) -> [UInt8] { body.count < 2 ? ReplyBook.text(2) : body }
}
