import Model
import NIOCore

/// The answers of a service, each made once: to answer is then to hand a finished buffer to the socket.
struct AnswerBook {
    private struct Page: Hashable {
        var fault: FaultKind
        var form: Form
    }

    private let good: [Answer]
    private let busy: [Answer]
    private let body: [UInt8]
    private let status: Int32
    private var faults: [Page: Answer] = [:]

    init(_ description: ServiceDescription) {
        let body = Wire.text(description.bodyBytes)
        let refusal = Array("The queue is full.\n".utf8)
        good = Form.all.map { Wire.answer(description.status, body: body, to: $0) }
        busy = Form.all.map { Wire.answer(503, body: refusal, to: $0) }
        self.body = body
        status = description.status
    }

    /// The answer when nothing goes wrong.
    func good(to form: Form) -> Answer { good[form.index] }

    /// The same with a report of the load, which is never the same.
    func good(to form: Form, load: LoadMeter) -> Answer {
        Wire.answer(status, headers: [(Self.loadHeader, load.text)], body: body, to: form)
    }

    /// ORCA's header (xds, "Open Request Cost Aggregation").
    private static let loadHeader = "endpoint-load-metrics"

    /// The answer when the line is full.
    func busy(to form: Form) -> Answer { busy[form.index] }

    /// The answer of a fault. Its first request makes it; the ones after share it, but for a redirect to
    /// itself, which depends on the path.
    mutating func faulty(_ fault: FaultKind, to form: Form, path: String) -> Answer {
        if case .redirectLoop = fault { return Wire.redirect(to: path, form) }
        let page = Page(fault: fault, form: form)
        if let answer = faults[page] { return answer }
        let answer = Wire.faulty(fault, to: form, good: good(to: form), body: body)
        faults[page] = answer
        return answer
    }
}
