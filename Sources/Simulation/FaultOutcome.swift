import Core
import Model

/// What a client sees of an answer, good or bad, and what becomes of the connection: what libcurl makes of the bytes that
/// the lab would send over a socket.
struct FaultOutcome {
    /// When the answer is there.
    enum Pace: Hashable {
        /// With the end of the service time.
        case atOnce
        /// One byte per interval from the end of the service time; the worker is busy until the last one is out.
        case trickle(every: Span)
        /// Never; the worker is busy until the client is gone.
        case never
    }

    /// Why it is no good answer; nil: it is one, whatever its status.
    var failure: FailureKind?
    /// The head that arrives, whole or not; nil: no byte arrives.
    var answer: SimulatedAnswer?
    /// Bytes of head and body that arrive.
    var headBytes = 0
    var bodyBytes = 0
    var pace = Pace.atOnce
    /// Whether both sides keep the connection.
    var keeps = true
    /// Whether the head says that the connection will be kept.
    var saysKeep = true

    /// The connection ends and no byte was heard: libcurl sends again when the connection had been used before.
    var isUnheard: Bool { answer == nil && headBytes == 0 && !keeps && pace == .atOnce }

    /// No answer, and none to come.
    static let nothing = FaultOutcome(keeps: false, pace: .never)

    /// The connection is reset before any answer.
    static let reset = FaultOutcome(failure: .reset)

    private init(keeps: Bool, pace: Pace) {
        self.keeps = keeps
        self.pace = pace
    }

    private init(failure: FailureKind) {
        self.failure = failure
        keeps = false
    }

    /// A whole answer.
    /// - Parameters:
    ///   - isHead: the request was HEAD: no body comes.
    ///   - keeps: neither side asked for the end of the connection.
    init(_ answer: SimulatedAnswer, isHead: Bool, keeps: Bool = true) {
        self.answer = answer
        headBytes = answer.headBytes(keeps: keeps)
        bodyBytes = isHead ? 0 : answer.body.count
        self.keeps = keeps
        saysKeep = keeps
    }

    /// The same with its end after so many bytes.
    func cut(after bytes: Int, by failure: FailureKind) -> FaultOutcome {
        var outcome = self
        outcome.failure = failure
        outcome.pace = .atOnce
        outcome.keeps = false
        outcome.headBytes = min(headBytes, bytes)
        outcome.bodyBytes = min(bodyBytes, max(0, bytes - headBytes))
        return outcome
    }

    /// What comes of a fault that struck a request.
    ///
    /// | fault | failure | arrives | connection |
    /// |---|---|---|---|
    /// | `status`, `delay`, `redirect`, `redirectLoop` | none | all | kept |
    /// | `closeAfter` | none | all | closed |
    /// | `trickle` | none, or the time-out | all, byte by byte | kept |
    /// | `reset` | `reset` | nothing | closed |
    /// | `close` | `empty_reply` | nothing | closed |
    /// | `resetInBody` | `reset` | head, half of the body | closed |
    /// | `stall` | the time-out | nothing | closed |
    /// | `stallInBody` | the time-out | head, half of the body | closed |
    /// | `truncate`, `truncateChunked` | `truncated` | head, part of the body | closed |
    /// | `truncateHeaders` | `truncated` | part of the head | closed |
    /// | `truncateGzip` | `truncated` | all | kept |
    /// | `corruptGzip` | `bad_encoding` | all | closed |
    /// | `gzipBomb` | `too_large` beyond the limit | all | closed |
    /// | `badStatusLine` | `bad_response` | nothing that is HTTP | closed |
    /// | `badHeader`, `badContentLength` | `bad_response` | part of the head | closed |
    /// | `badChunk` | `bad_chunk` | head | closed |
    /// | `oversizedHeader`, `oversizedHeaders` | `header_too_large` | part of the head | closed |
    /// | `tlsStall`, `closeOnAccept` | strike connections | | |
    ///
    /// A HEAD has no body, so a fault in the body leaves a good answer whose connection is closed.
    ///
    /// - Parameters:
    ///   - book: of the service.
    ///   - path: path and query of the request.
    ///   - limit: the longest body that the client takes.
    init(_ fault: FaultKind, _ book: ReplyBook, path: String, isHead: Bool, keeps: Bool, limit: Int) {
        if let reply = book.reply(to: fault, path: path) {
            self.init(SimulatedAnswer(reply), isHead: isHead, keeps: keeps)
            switch fault {
            case .closeAfter: self.keeps = false
            case .trickle(let interval): pace = .trickle(every: interval)
            case .truncateGzip where !isHead: failure = .truncated
            case .corruptGzip where !isHead: spoil(.bad_encoding)
            case .gzipBomb(let bytes) where !isHead && bytes > limit: spoil(.too_large)
            default: break
            }
            return
        }
        // The good headers, under 200 as the lab writes them; the body is at least two bytes, to have a half.
        let body = book.body.count < 2 ? ReplyBook.text(2) : book.body
        let whole = SimulatedAnswer(Reply(200, body: body))
        switch fault {
        case .reset: self = .reset
        case .close: self.init(failure: .empty_reply)
        case .stall: self = .nothing
        case .resetInBody:
            self.init(whole, isHead: isHead, keeps: keeps)
            endInBody(.reset, isHead: isHead)
        case .stallInBody:
            self.init(whole, isHead: isHead, keeps: keeps)
            endInBody(nil, isHead: isHead)
            if !isHead { pace = .never }
        case .truncate:
            self.init(whole, isHead: isHead, keeps: keeps)
            endInBody(.truncated, isHead: isHead)
        case .truncateChunked:
            self.init(Self.chunked(body), isHead: isHead, keeps: keeps)
            // The size line and the chunk with its end; the last chunk is missing.
            bodyBytes = isHead ? 0 : body.count
            headBytes += isHead ? 0 : String(body.count, radix: 16).utf8.count + 4
            endInBody(.truncated, isHead: isHead, half: false)
        case .badChunk:
            self.init(Self.chunked(body), isHead: isHead, keeps: keeps)
            bodyBytes = 0
            endInBody(.bad_chunk, isHead: isHead, half: false)
        case .truncateHeaders:
            self.init(SimulatedAnswer(Self.plain(type: true)), isHead: true, keeps: false)
            headBytes = (answer?.statusLineBytes ?? 0) + (answer?.lines.count ?? 0)
            failure = .truncated
        case .badStatusLine:
            self.init(failure: .bad_response)
            // What arrived was no head, but it arrived.
            headBytes = "THIS IS NO STATUS LINE\r\n".utf8.count
        case .badHeader, .badContentLength:
            self.init(partOfHead: .bad_response)
        case .oversizedHeader, .oversizedHeaders:
            self.init(partOfHead: .header_too_large)
        default:
            // Those of connections; and the ones that the book has a reply for.
            self = .reset
        }
    }

    /// The status line and `Server` arrive, and the line after them ends it.
    private init(partOfHead failure: FailureKind) {
        self.init(SimulatedAnswer(Self.plain(type: false)), isHead: true, keeps: false)
        headBytes = (answer?.statusLineBytes ?? 0) + (answer?.lines.count ?? 0)
        self.failure = failure
    }

    private mutating func spoil(_ kind: FailureKind) {
        failure = kind
        keeps = false
    }

    private mutating func endInBody(_ kind: FailureKind?, isHead: Bool, half: Bool = true) {
        keeps = false
        guard !isHead else { return }
        failure = kind
        if half { bodyBytes /= 2 }
    }

    private static func chunked(_ body: [UInt8]) -> SimulatedAnswer {
        SimulatedAnswer(
            Reply(
                status: 200,
                headers: [Reply.server, ("Content-Type", "text/plain"), ("Transfer-Encoding", "chunked")], body: body))
    }

    private static func plain(type: Bool) -> Reply {
        Reply(status: 200, headers: [Reply.server] + (type ? [("Content-Type", "text/plain")] : []), body: [])
    }
}
