/// The replies of a service, each made once.
package struct ReplyBook: Sendable {
    /// The reply when nothing goes wrong, for a service that neither echoes nor reports its load.
    package let good: Reply
    /// The reply when the line is full: 503.
    package let busy: Reply
    /// The text that it says.
    package let body: [UInt8]
    private let status: Int32
    private let answersState: Bool

    /// - Precondition: the description has no flaw.
    package init(_ description: ServiceDescription) {
        status = description.status
        answersState = description.answersState
        body = Self.text(description.bodyBytes)
        good = Reply(status, body: body)
        busy = Reply(503, body: Array("The queue is full.\n".utf8))
    }

    /// The good reply with a report of the load, which is never the same.
    package func good(load: LoadMeter) -> Reply {
        Reply(status, headers: [(Self.loadHeader, load.text)], body: body)
    }

    /// The reply to a request for which the service did something behind the scenes.
    /// - Parameter key: what the request's path stands for.
    /// - Returns: nil for the good one as it always is.
    package func reply(to result: WorkResult, key: String) -> Reply? {
        let status = result.status ?? self.status
        guard answersState, status < 400 else { return result.status.map { Reply($0, body: body) } }
        let version = result.version.map(String.init) ?? "null"
        let json = "{\"key\":\(Echo.string(key)),\"version\":\(version),\"stale\":\(result.isStale)}"
        return Reply(status, type: "application/json", body: Array(json.utf8))
    }

    /// The reply of a fault that is one: whole, framed well, and sent at once.
    ///
    /// | fault | reply |
    /// |---|---|
    /// | `status` | the good body under that status |
    /// | `delay`, `closeAfter`, `trickle` | the good one; when and how it leaves is the host's affair |
    /// | `redirectLoop`, `redirect` | 302 |
    /// | `truncateGzip`, `corruptGzip`, `gzipBomb` | a body labelled gzip |
    /// | any other | nil: no answer, or one that cannot be read |
    ///
    /// - Parameter path: path and query of the request, for a redirect to itself.
    package func reply(to fault: FaultKind, path: String) -> Reply? {
        switch fault {
        case .status(let status): Reply(status, body: body)
        case .delay, .closeAfter, .trickle: good
        case .redirectLoop: .redirect(to: path)
        case .redirect(let location): .redirect(to: location)
        case .truncateGzip: Self.gzip(Self.firstHalf(of: Gzip.compress(body)))
        // Two bytes instead of a shorter body: there must be something to be corrupt.
        case .corruptGzip: Self.gzip(body.count < 2 ? Self.text(2) : body)
        case .gzipBomb(let bytes): Self.gzip(Gzip.zeros(bytes))
        default: nil
        }
    }

    private static func gzip(_ content: [UInt8]) -> Reply {
        let headers = [
            Reply.server, ("Content-Type", "text/plain"), ("Content-Encoding", "gzip"),
            ("Content-Length", "\(content.count)"),
        ]
        return Reply(status: 200, headers: headers, body: content)
    }

    private static func firstHalf(of bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix(bytes.count / 2)) }

    /// Text of exactly `count` bytes, the same every time: lines of 64, the last one cut.
    package static func text(_ count: Int) -> [UInt8] {
        let line = Array("0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWX.\n".utf8)
        return [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            for index in 0..<count { bytes.initializeElement(at: index, to: line[index % line.count]) }
            initialized = count
        }
    }

    /// ORCA's header (xds, "Open Request Cost Aggregation").
    private static let loadHeader = "endpoint-load-metrics"
}
