package import Core

/// A way to misbehave, and how often.
package struct Fault: Hashable, Sendable {
    package var kind: FaultKind
    /// Share of the requests (of the connections, where the kind strikes those) that it strikes, 0 to 1.
    package var share: Double
    /// Only requests whose path begins with this; nil: all. A fault of connections knows no path.
    package var path: String?
    /// From when on, since the start of the load; default from the beginning, before the load too.
    package var at: Span = .zero
    /// How long; nil (the default): to the end of the run. With a length it strikes nothing before the load starts.
    package var lasts: Span?
    /// Only requests of these replicas, by number from 0; nil (the default): all. A connection belongs to a replica only
    /// where each listens.
    package var replicas: ClosedRange<Int>?

    package init(_ kind: FaultKind, share: Double = 1, path: String? = nil) {
        self.kind = kind
        self.share = share
        self.path = path
    }
}

/// What goes wrong.
///
/// A struck request waits its turn and holds a worker for its service time first, like any other: a server that fails
/// at once is one whose service time is zero. Who stalls or trickles holds the worker until the answer is out or
/// the client is gone, as a thread of a real server would.
package enum FaultKind: Hashable, Sendable {
    /// Answer with this status.
    case status(Int32)
    /// Answer later by this much; the worker stays busy.
    case delay(Span)
    /// Close with RST before any answer.
    case reset
    /// Answer with headers and half of the body, then RST. What the client's machine has not taken by then is lost, as
    /// with any RST; of a body of some ten kilobytes that is nothing.
    case resetInBody
    /// Close in order, without an answer.
    case close
    /// Take the request and never answer.
    case stall
    /// Headers and half of the body, then silence.
    case stallInBody
    /// Promise more body than is sent, then close in order.
    case truncate
    /// Close in order in the middle of the headers.
    case truncateHeaders
    /// A chunked body that ends without its last chunk.
    case truncateChunked
    /// A gzip body that ends in the middle.
    case truncateGzip
    /// A body labelled gzip that is not.
    case corruptGzip
    /// A small gzip body that decodes to this many bytes.
    case gzipBomb(bytes: Int)
    /// A status line that is none.
    case badStatusLine
    /// A header line that is none.
    case badHeader
    /// A Content-Length that is no number.
    case badContentLength
    /// A chunk size that is no number.
    case badChunk
    /// One header line of this many bytes.
    case oversizedHeader(bytes: Int)
    /// Many header lines, this many bytes together.
    case oversizedHeaders(bytes: Int)
    /// Send the answer byte by byte, one per interval.
    case trickle(every: Span)
    /// 302 to itself, for ever; the path and query of the request stand in `Location`.
    case redirectLoop
    /// 302 to this location.
    case redirect(location: String)
    /// Answer well, and close the connection although it was to be kept.
    case closeAfter
    /// Take the connection and never say a word on it, so that a TLS handshake never ends. Strikes connections.
    case tlsStall
    /// Close a connection as soon as it is accepted. Strikes connections.
    case closeOnAccept
}

extension FaultKind {
    /// The stable short name, without its values: a key of plans, counts and JSON.
    package var name: String {
        switch self {
        case .status: "status"
        case .delay: "delay"
        case .reset: "reset"
        case .resetInBody: "reset-in-body"
        case .close: "close"
        case .stall: "stall"
        case .stallInBody: "stall-in-body"
        case .truncate: "truncate"
        case .truncateHeaders: "truncate-headers"
        case .truncateChunked: "truncate-chunked"
        case .truncateGzip: "truncate-gzip"
        case .corruptGzip: "corrupt-gzip"
        case .gzipBomb: "gzip-bomb"
        case .badStatusLine: "bad-status-line"
        case .badHeader: "bad-header"
        case .badContentLength: "bad-content-length"
        case .badChunk: "bad-chunk"
        case .oversizedHeader: "oversized-header"
        case .oversizedHeaders: "oversized-headers"
        case .trickle: "trickle"
        case .redirectLoop: "redirect-loop"
        case .redirect: "redirect"
        case .closeAfter: "close-after"
        case .tlsStall: "tls-stall"
        case .closeOnAccept: "close-on-accept"
        }
    }

    /// True for a fault that only comes before the answer: whatever else the service does for the request, it does.
    package var leavesAnswer: Bool {
        if case .delay = self { true } else { false }
    }

    /// True for a fault that strikes a connection before any request is read from it.
    package var strikesConnections: Bool {
        switch self {
        case .tlsStall, .closeOnAccept: true
        default: false
        }
    }
}
