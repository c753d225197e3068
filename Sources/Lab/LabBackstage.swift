import Core
import Model
import NIOCore

/// What is behind the services of a lab while it runs: the same values as in virtual time, brought on by a loop's clock.
///
/// It lives on one loop with all services of the lab. A timer that is late makes nothing slower: what was due happens at the
/// time that it was due.
final class LabBackstage {
    private let backstage: Backstage
    private let loop: any EventLoop
    /// Whose work is under way, by ticket.
    private var waiting: [Int: LabConnection] = [:]
    private var lastTicket = 0
    /// Up to when everything has happened that was due.
    private var clock = Instant.unset
    /// The earliest timer that is set.
    private var alarm = Instant.never
    private var over: [(ticket: Int, result: WorkResult, at: Instant)] = []

    init(_ description: LabDescription, seed: UInt64, on loop: any EventLoop) {
        backstage = Backstage(description, seed: seed)
        self.loop = loop
    }

    /// The load begins.
    func begin(at origin: Instant) {
        backstage.begin(at: origin)
        setAlarm()
    }

    func task(of service: Int, method: String, path: String) -> WorkTask? {
        backstage.task(of: service, method: method, path: path)
    }

    /// Begins work; `connection` is told when it is over, in another turn of the loop at the earliest.
    func start(_ task: WorkTask, bodyBytes: Int, for connection: LabConnection, at instant: Instant) {
        lastTicket += 1
        waiting[lastTicket] = connection
        // A service time that ended a little while ago, by a late timer: what has happened since stays as it is.
        backstage.start(task, bodyBytes: bodyBytes, ticket: lastTicket, at: max(instant, clock))
        setAlarm()
    }

    /// What has been seen until now.
    func report() -> ResourceReport {
        catchUp()
        return backstage.report(at: LabService.now)
    }

    /// Lets happen what is due. Who is told of an end may begin work again: that is due in the next turn.
    private func catchUp() {
        let now = LabService.now
        clock = now
        if backstage.next <= now {
            backstage.run(at: now) { over.append(($0, $1, $2)) }
        }
        let ended = over
        over.removeAll(keepingCapacity: true)
        for work in ended { waiting.removeValue(forKey: work.ticket)?.workOver(work.result, at: work.at) }
        setAlarm()
    }

    private func setAlarm() {
        let next = backstage.next
        guard next < alarm else { return }
        alarm = next
        let deadline = NIODeadline.uptimeNanoseconds(UInt64(clamping: next.nanoseconds))
        // Never taken back: one that an earlier one has overtaken does nothing. If it set the next one too, there would be ever
        // more of them.
        loop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard self.alarm == next else { return }
            self.alarm = .never
            self.catchUp()
        }
    }
}
