import Core
import Model

/// A kind of fault by the name that a plan calls it.
struct FaultName: Sendable {
    let name: String
    /// The key that holds the fault's own value; nil for a fault without one.
    let value: String?
    let doc: String
    /// The kind, if the draft has the value that it needs.
    let make: @Sendable (FaultKeys.Draft) -> FaultKind?

    /// The keys of values that belong to some fault.
    static let values = ["status", "by", "bytes", "every", "to"]

    static let form = Form<FaultName>(
        .choice(all.map(\.name)),
        text: { text throws(Complaint) in
            guard let fault = all.first(where: { $0.name == text }) else {
                let near = NearestWord.find(text, in: all.map(\.name))
                throw Complaint(
                    .fault, "`\(text.printable)` is no fault",
                    remedy: near.map { "did you mean `\($0)`?" }
                        ?? "known are " + all.map { "`\($0.name)`" }.joined(separator: ", "))
            }
            return fault
        })

    private init(
        _ example: FaultKind, value: String? = nil, _ doc: String,
        make: @escaping @Sendable (FaultKeys.Draft) -> FaultKind?
    ) {
        name = example.name
        self.value = value
        self.doc = doc
        self.make = make
    }

    /// A fault without a value of its own.
    private init(_ kind: FaultKind, _ doc: String) {
        self.init(kind, doc) { _ in kind }
    }

    /// All of them, in the order of `FaultKind`.
    static let all: [FaultName] = [
        FaultName(.status(0), value: "status", "answers with the status of `status`.") { draft in
            draft.status.map { .status($0) }
        },
        FaultName(.delay(.zero), value: "by", "answers later, by `by`; the worker stays busy.") { draft in
            draft.by.map { .delay($0) }
        },
        FaultName(.reset, "closes with RST before any answer."),
        FaultName(.resetInBody, "sends headers and half of the body, then RST."),
        FaultName(.close, "closes in order, without an answer."),
        FaultName(.stall, "takes the request and never answers."),
        FaultName(.stallInBody, "sends headers and half of the body, then nothing."),
        FaultName(.truncate, "promises more body than it sends, then closes in order."),
        FaultName(.truncateHeaders, "closes in order in the middle of the headers."),
        FaultName(.truncateChunked, "sends a chunked body without its last chunk."),
        FaultName(.truncateGzip, "sends a gzip body that ends in the middle."),
        FaultName(.corruptGzip, "sends a body labelled gzip that is not."),
        FaultName(.gzipBomb(bytes: 0), value: "bytes", "sends a small gzip body that decodes to `bytes`.") { draft in
            draft.bytes.map { .gzipBomb(bytes: $0) }
        },
        FaultName(.badStatusLine, "sends a status line that is none."),
        FaultName(.badHeader, "sends a header line that is none."),
        FaultName(.badContentLength, "sends a `Content-Length` that is no number."),
        FaultName(.badChunk, "sends a chunk size that is no number."),
        FaultName(.oversizedHeader(bytes: 0), value: "bytes", "sends one header line of `bytes`.") { draft in
            draft.bytes.map { .oversizedHeader(bytes: $0) }
        },
        FaultName(.oversizedHeaders(bytes: 0), value: "bytes", "sends many header lines, `bytes` together.") { draft in
            draft.bytes.map { .oversizedHeaders(bytes: $0) }
        },
        FaultName(.trickle(every: .zero), value: "every", "sends the answer byte by byte, one per `every`.") { draft in
            draft.every.map { .trickle(every: $0) }
        },
        FaultName(.redirectLoop, "redirects to itself, for ever."),
        FaultName(.redirect(location: ""), value: "to", "redirects to `to`.") { draft in
            draft.to.map { .redirect(location: $0) }
        },
        FaultName(.closeAfter, "answers well, and closes the connection although it was to be kept."),
        FaultName(.tlsStall, "takes the connection and says nothing, so that a TLS handshake never ends."),
        FaultName(.closeOnAccept, "closes the connection as soon as it is accepted."),
    ]
}
