package import Core

/// A service: replicas that each serve a bounded number of requests at once and let others wait in a queue.
package struct ServiceDescription: Hashable, Sendable {
    package var name: String
    /// Default 1. Requests go to the replicas in turn.
    package var replicas = 1
    /// Requests that one replica serves at once; default 16.
    package var workers = 16
    /// Requests that may wait at one replica; one more is answered 503 at once. Default 1,000; 0: none may wait.
    package var queue = 1_000
    package var time: ServiceTime = .constant(.zero)
    /// Status of a good answer; default 200.
    package var status: Int32 = 200
    /// Bytes of its body; default 64.
    package var bodyBytes = 64
    package var faults: [Fault] = []
    /// Serve over TLS with this certificate and key (PEM files); nil: plain HTTP.
    package var tls: ServiceCertificate?

    package init(name: String) {
        self.name = name
    }
}

package struct ServiceCertificate: Hashable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// How long a worker is busy with one request.
package enum ServiceTime: Hashable, Sendable {
    case constant(Span)
    case uniform(from: Span, to: Span)
    case exponential(mean: Span)
    /// Given by its median and its 99th percentile.
    case lognormal(p50: Span, p99: Span)
}

/// A way to misbehave, and how often.
package struct Fault: Hashable, Sendable {
    package var kind: FaultKind
    /// Share of the requests that it strikes, 0 to 1.
    package var share: Double
    /// Only requests whose path begins with this; nil: all.
    package var path: String?

    package init(_ kind: FaultKind, share: Double = 1, path: String? = nil) {
        self.kind = kind
        self.share = share
        self.path = path
    }
}

package enum FaultKind: Hashable, Sendable {
    /// Answer with this status.
    case status(Int32)
    /// Answer later by this much; the worker stays busy.
    case delay(Span)
    /// Close with RST before any answer.
    case reset
    /// Answer with headers and half of the body, then RST.
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
    /// 302 to itself, for ever.
    case redirectLoop
    /// 302 to this location.
    case redirect(location: String)
    /// Answer well, and close the connection although it was to be kept.
    case closeAfter
}
