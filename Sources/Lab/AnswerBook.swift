import Model
import NIOCore

/// The answers of a service, each made once: to answer is then to hand a finished buffer to the socket.
struct AnswerBook {
    private struct Page: Hashable {
        var fault: FaultKind
        var form: Form
    }

    private let replies: ReplyBook
    private let good: [Answer]
    private let busy: [Answer]
    private var faults: [Page: Answer] = [:]

    init(_ description: ServiceDescription) {
        let replies = ReplyBook(description)
        good = Form.all.map { Wire.answer(replies.good, to: $0) }
        busy = Form.all.map { Wire.answer(replies.busy, to: $0) }
        self.replies = replies
    }

    /// The answer when nothing goes wrong.
    func good(to form: Form) -> Answer { good[form.index] }

    /// The same with a report of the load, which is never the same.
    func good(to form: Form, load: LoadMeter) -> Answer {
        Wire.answer(replies.good(load: load), to: form)
    }

    /// The reply that work behind the service came to; nil for the good one.
    func reply(to result: WorkResult, key: String) -> Reply? { replies.reply(to: result, key: key) }

    /// The answer when the line is full.
    func busy(to form: Form) -> Answer { busy[form.index] }

    /// The answer of a fault. Its first request makes it; the ones after share it, but for a redirect to
    /// itself, which depends on the path.
    mutating func faulty(_ fault: FaultKind, to form: Form, path: String) -> Answer {
        if case .redirectLoop = fault { return Wire.answer(.redirect(to: path), to: form) }
        let page = Page(fault: fault, form: form)
        if let answer = faults[page] { return answer }
        let answer: Answer
        if let reply = replies.reply(to: fault, path: path) {
            var whole = Wire.answer(reply, to: form)
            if case .closeAfter = fault { whole.ending = .close }
            if case .trickle(let every) = fault { whole.interval = every }
            answer = whole
        } else {
            answer = Wire.faulty(fault, to: form, body: replies.body)
        }
        faults[page] = answer
        return answer
    }
}
