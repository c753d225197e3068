import Core
import Model
import NIOCore
import NIOHTTP1

/// Answers: how they go out, and what becomes of the connection then.
extension LabConnection {
    /// Says an answer. The worker of `job` is idle when it has been said, or `instant` if that is at once.
    func say(_ answer: Answer, holding job: Job?, at instant: Instant = .unset) {
        if answer.interval != nil, let job {
            state = .trickling(job, answer, next: instant)
            return trickle(job, answer, at: instant)
        }
        if case .silence = answer.ending, let job {
            // Before the write: should that find the client gone, the worker is let go there and then.
            state = .silent(job)
            return write(answer.bytes, then: .silence)
        }
        write(answer.bytes, then: answer.ending)
        if let job { service.finished(job, at: instant) }
        advance()
    }

    private func write(_ bytes: ByteBuffer, then ending: Answer.Ending) {
        guard let context else { return }
        let isLast = service.isStopping
        switch ending {
        case .keep where !isLast:
            state = .idle
            // Answers to requests that came in one packet leave in one.
            if isReading {
                context.write(wrapOutboundOut(bytes), promise: nil)
            } else {
                context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
            }
        case .keep, .close:
            state = .ending
            afterWriting(bytes) { $0.close(promise: nil) }
        case .reset:
            state = .ending
            afterWriting(bytes) { $0.resetConnection() }
        case .silence:
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
    }

    /// Writes, and acts once the socket has taken it, and all that was written before: to close earlier would throw
    /// the rest away. Nothing to write still waits its turn.
    private func afterWriting(_ bytes: ByteBuffer, _ act: @escaping (ChannelHandlerContext) -> Void) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            if let context = self.context { act(context) }
        }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: written)
    }

    /// One byte now, the next when its time comes. Each is due so long after the one before was due, so a late timer
    /// does not make the answer slower than described.
    func trickle(_ job: Job, _ answer: Answer, at instant: Instant) {
        guard let context else { return }
        var rest = answer
        guard let interval = answer.interval, let byte = rest.bytes.readSlice(length: 1) else { return }
        guard rest.bytes.readableBytes > 0 else {
            write(byte, then: answer.ending)
            service.finished(job, at: instant)
            return advance()
        }
        state = .trickling(job, rest, next: instant + interval)
        wake(at: instant + interval)
        context.writeAndFlush(wrapOutboundOut(byte), promise: nil)
    }

    /// Answers 400 and closes in a way that leaves the answer readable: a full close with input unread would be a RST,
    /// which overtakes what was said.
    func refuse() {
        state = .ending
        let answer = Wire.answer(Reply(400, body: Array("This is no HTTP request.\n".utf8)), to: form)
        afterWriting(answer.bytes) { context in
            context.close(mode: .output, promise: nil)
            context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) {
                self.context?.close(promise: nil)
            }
        }
    }
}
