import Model
import NIOHTTP1

/// One request of a connection, from its head to its turn.
struct Exchange {
    enum Kind {
        /// For the model.
        case request
        /// For the counts.
        case counts
        /// For what the resources have seen.
        case resources
        /// What was no HTTP: answered 400 and the last of its connection.
        case malformed
    }

    var kind: Kind
    var form: Form
    /// In capitals.
    var method: String
    /// Path and query.
    var path: String
    /// Read of the body until now.
    var bodyBytes = 0
    /// The client waits for `100 Continue` before it sends the body.
    var expectsContinue: Bool
    /// What is said back, for a service that does.
    var echo: Echo?
    /// The whole body was read.
    var isComplete = false

    init(_ head: HTTPRequestHead) {
        method = head.method.rawValue
        path = Self.path(of: head.uri)
        let asks = head.method == .GET || head.method == .HEAD
        kind =
            switch path {
            case "/_lab/counts" where asks: .counts
            case "/_lab/resources" where asks: .resources
            default: .request
            }
        // The decoder reads nothing after a request to change protocols, so no other can follow on its connection.
        let isLast = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        form = Form(isHead: head.method == .HEAD, keepAlive: head.isKeepAlive && !isLast)
        expectsContinue =
            head.version == .http1_1 && head.headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    static let malformed: Exchange = {
        var exchange = Exchange(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/"))
        exchange.kind = .malformed
        exchange.form.keepAlive = false
        exchange.isComplete = true
        return exchange
    }()

    /// The target of a request without scheme and host, which a client of a proxy sends with it.
    private static func path(of target: String) -> String {
        guard target.utf8.first != UInt8(ascii: "/"), let scheme = target.firstRange(of: "://") else { return target }
        guard let slash = target[scheme.upperBound...].firstIndex(of: "/") else { return "/" }
        return String(target[slash...])
    }
}
