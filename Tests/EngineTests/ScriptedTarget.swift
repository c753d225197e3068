import Core
import Synchronization

/// What the scripted target does with a request.
struct Reply: Sendable {
    var after: Span
    var status: Int32 = 200
    var failure: FailureKind?
    /// `Name: value`, line by line.
    var headers: [String] = []
    var body = ""
    var retryAfter: Int32 = 0
    /// How long the connection takes, before the request goes out; part of `after`.
    var connect: Span = .zero

    /// Never answers.
    static let never = Reply(after: .seconds(1_000_000))

    /// Whether the request goes out at all.
    var goesOut: Bool {
        switch failure {
        case .dns_failed, .connect_refused, .connect_unreachable, .connect_timeout: false
        default: true
        }
    }
}

/// A request as it reached the target.
struct SentRequest: Hashable, Sendable, CustomStringConvertible {
    var at: Instant
    var method: String
    /// Path and query.
    var target: String
    /// Lines as they were sent: those that are always the same, then those of this call.
    var headers: [String]
    var body: [UInt8]
    /// Which way it came, and where that led; empty for the target itself.
    var place = 0
    var address = ""
    /// What its `traceparent` says; not among the headers, since it differs from client to client.
    var trace: TraceContext?

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The whole request as bytes would show it, without its time.
    var message: String { ([method + " " + target] + headers + ["", text]).joined(separator: "\n") }

    var description: String { "\(at.nanoseconds) \(message)" }

    /// The value of the first header of that name, as the test wrote it.
    func header(_ name: String) -> String? {
        headers.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.utf8.count + 2)) }
    }
}

/// A target that answers by a script, in virtual time, and writes down what it was asked: the second book against which
/// the ledger is held.
final class ScriptedTarget: Sendable {
    private struct Book {
        var log: [SentRequest] = []
        var urls: [String: Int] = [:]
        /// Requests that no connection came about for.
        var refused: [SentRequest] = []
        var asked = 0
        /// By place.
        var open: [Int: Int] = [:]
        var most: [Int: Int] = [:]
        var openInAll = 0
        var mostInAll = 0
    }

    private let book = Mutex(Book())
    private let script: @Sendable (Int, SentRequest) -> Reply

    private init(script: @escaping @Sendable (Int, SentRequest) -> Reply) {
        self.script = script
    }

    /// - Parameter script: given the number of the request, from 0, and the time at which it came.
    convenience init(_ script: @escaping @Sendable (Int, Instant) -> Reply) {
        self.init(script: { number, request in script(number, request.at) })
    }

    /// A target that answers everything alike.
    convenience init(after time: Span = .milliseconds(10), body: String = "") {
        self.init(script: { _, _ in Reply(after: time, body: body) })
    }

    /// A target with headers, a cookie and a JSON body in its answers, after 100 ms; `/status/N` has that status.
    static func product(body: String = productBody) -> ScriptedTarget {
        .answering { _, request in
            let status = request.target.hasPrefix("/status/") ? Int32(request.target.dropFirst(8)) : nil
            return Reply(
                after: .milliseconds(100), status: status ?? 200,
                headers: ["Location: /next?a=1", "Set-Cookie: sid=s3cr3t; Path=/", "Content-Type: application/json"],
                body: body)
        }
    }

    private static let productBody =
        #"{"id": 17, "name": "a \"b\"", "items": [1, 2, 3], "none": null, "lines": "a\r\nX-Evil: 1"}"#

    /// - Parameter script: given the number of the request, from 0, and the request.
    static func answering(_ script: @escaping @Sendable (Int, SentRequest) -> Reply) -> ScriptedTarget {
        ScriptedTarget(script: script)
    }

    var received: Int { log.count }
    var log: [SentRequest] { book.withLock { $0.log } }
    var urls: [String: Int] { book.withLock { $0.urls } }
    var sentAt: [Instant] { log.map(\.at) }
    /// Methods and targets in the order in which they came.
    var lines: [String] { log.map { "\($0.method) \($0.target)" } }
    /// Targets alone.
    var paths: [String] { log.map(\.target) }
    /// When each request came, in milliseconds after the first.
    var times: [Int64] {
        let log = log
        return log.map { ($0.at - log[0].at).nanoseconds / 1_000_000 }
    }
    var mostAtOnce: Int { book.withLock { $0.mostInAll } }
    /// Requests that no connection came about for.
    var refused: [SentRequest] { book.withLock { $0.refused } }
    /// Requests by place, without those that were refused.
    var byPlace: [Int: Int] { log.reduce(into: [:]) { $0[$1.place, default: 0] += 1 } }
    /// Places in the order in which requests came to them.
    var places: [Int] { log.map(\.place) }
    /// The most under way at once, by place.
    var mostByPlace: [Int: Int] { book.withLock { $0.most } }
    /// Requests under way now; after a run there are none.
    var open: Int { book.withLock { $0.openInAll } }

    /// What becomes of a request; each is followed by one `answered`.
    func receive(_ request: SentRequest, url: String) -> Reply {
        let number = book.withLock { book in
            book.asked += 1
            book.open[request.place, default: 0] += 1
            book.most[request.place] = max(book.most[request.place] ?? 0, book.open[request.place] ?? 0)
            book.openInAll += 1
            book.mostInAll = max(book.mostInAll, book.openInAll)
            return book.asked - 1
        }
        let reply = script(number, request)
        book.withLock { book in
            guard reply.goesOut else {
                book.refused.append(request)
                return
            }
            book.log.append(request)
            book.urls[url, default: 0] += 1
        }
        return reply
    }

    func answered(_ place: Int) {
        book.withLock { book in
            book.open[place, default: 0] -= 1
            book.openInAll -= 1
        }
    }
}
