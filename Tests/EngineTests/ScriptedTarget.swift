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
        var open = 0
        var most = 0
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
    var mostAtOnce: Int { book.withLock { $0.most } }

    func receive(_ request: SentRequest, url: String) -> Reply {
        let number = book.withLock { book in
            book.log.append(request)
            book.urls[url, default: 0] += 1
            book.open += 1
            book.most = max(book.most, book.open)
            return book.log.count - 1
        }
        return script(number, request)
    }

    func answered() { book.withLock { $0.open -= 1 } }
}
