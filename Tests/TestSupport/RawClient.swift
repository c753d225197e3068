package import Core
import Glibc

/// A blocking client of one TCP connection that sends and shows bytes as they are, however little they look like HTTP.
package final class RawClient {
    /// How a stretch of reading ended.
    package enum Ending: Hashable, Sendable {
        /// Nothing came for as long as was waited; the connection is open.
        case open
        /// The other side closed in order (FIN).
        case closed
        /// The other side closed hard (RST).
        case reset
    }

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    private let socket: Int32
    private var isOpen = true
    /// Bytes that were read and not asked for yet.
    private var rest: [UInt8] = []

    /// Connects to a port of 127.0.0.1.
    package init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Problem(description: "no socket: errno \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let code = errno
            Glibc.close(socket)
            isOpen = false
            throw Problem(description: "no connection to port \(port): errno \(code)")
        }
    }

    deinit { close() }

    /// Closes in order; once is enough.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(socket)
    }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Problem(description: "cannot send: errno \(errno)") }
            sent += count
        }
    }

    /// Reads until the other side ends the connection, or until nothing has come for `patience`.
    package func readToEnd(patience: Span = .seconds(10)) throws -> (bytes: [UInt8], ending: Ending) {
        var bytes = rest
        rest = []
        while true {
            let (more, ending) = try read(patience: patience)
            bytes += more
            if let ending { return (bytes, ending) }
        }
    }

    /// Reads one answer with a `Content-Length` (none: no body).
    /// - Parameter isHead: it answers a HEAD, so nothing follows the head.
    package func readAnswer(isHead: Bool = false) throws -> RawAnswer {
        var answer = rest
        while true {
            if let whole = RawAnswer(answer, isHead: isHead) {
                rest = Array(answer[whole.length...])
                return whole
            }
            let (more, ending) = try read(patience: .seconds(10))
            answer += more
            if let ending {
                let text = String(decoding: answer, as: UTF8.self)
                throw Problem(description: "the answer did not end, the connection is \(ending): \(text)")
            }
        }
    }

    /// Sends a request without a body and reads its answer.
    package func get(_ path: String = "/", method: String = "GET") throws -> RawAnswer {
        try send("\(method) \(path) HTTP/1.1\r\nHost: lab\r\n\r\n")
        return try readAnswer(isHead: method == "HEAD")
    }

    private func read(patience: Span) throws -> (bytes: [UInt8], ending: Ending?) {
        var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        let ready = Glibc.poll(&poll, 1, Int32(patience.nanoseconds / 1_000_000))
        guard ready >= 0 else { throw Problem(description: "cannot wait: errno \(errno)") }
        guard ready > 0 else { return ([], .open) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &bytes, bytes.count, 0)
        switch count {
        case 1...: return (Array(bytes[..<count]), nil)
        case 0: return ([], .closed)
        default:
            guard errno == ECONNRESET else { throw Problem(description: "cannot read: errno \(errno)") }
            return ([], .reset)
        }
    }
}

/// One answer, taken apart.
package struct RawAnswer: Sendable {
    /// The first line, without its end.
    package var statusLine: String
    /// The other lines of the head, in order.
    package var headers: [String]
    package var body: [UInt8]
    /// Bytes that it took, all together.
    package var length: Int

    /// The three digits of the status line; 0 when it has none.
    package var status: Int {
        let words = statusLine.split(separator: " ")
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// The value of a header, or nil.
    package func header(_ name: String) -> String? {
        let prefix = name.lowercased() + ": "
        return headers.first { $0.lowercased().hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// Nil as long as `bytes` do not hold the whole of it.
    package init?(_ bytes: [UInt8], isHead: Bool) {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: [13, 10, 13, 10]) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        statusLine = lines.first ?? ""
        headers = Array(lines.dropFirst())
        body = []
        length = end + 4
        guard !isHead, let count = header("Content-Length").flatMap({ Int($0) }) else { return }
        guard bytes.count >= length + count else { return nil }
        body = Array(bytes[length..<length + count])
        length += count
    }
}
