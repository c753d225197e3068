import CLinux
package import Core
import DequeModule
import Glibc
import Synchronization

/// A loop in real time: one thread that turns through timers, jobs, its sources and `epoll_pwait2`.
///
/// One turn: sample the clock; wake sleepers; run jobs; give each source its word; wait; hand out events. Whatever is
/// ready after the sources' word runs before the loop waits, so a request that begins and one that ended share a
/// turn, and a turn costs one system call of our own. An event is seen through before the next one: its jobs run and its
/// source gets its word, while the connection's memory is warm.
///
/// Everything but `enqueue`, `start` and `stop` belongs to the loop's thread. State is reached through one pointer,
/// not as properties of the object, to spare each access its exclusivity check.
package final class EpollLoop: Loop, JobRunning, @unchecked Sendable {
    /// The most jobs that run before sockets and timers are looked at again.
    private static let jobsPerTurn = 4_096
    private static let eventCapacity = 512

    private struct State {
        var now: Instant
        var jobs = Deque<UnownedJob>(minimumCapacity: 1_024)
        var nextTurn: [UnsafeContinuation<Void, Never>] = []
        var sleepers = Sleepers()
        /// By tag; nil where one has left.
        var sources: [(any LoopSource)?] = []
        var longestTurn: Span = .zero
    }

    private struct Inbox {
        var jobs: [UnownedJob] = []
        var stopped = false
    }

    private let name: String
    private let epoll: Int32
    private let wakeUp: Int32
    private let state: UnsafeMutablePointer<State>
    private let inbox = Mutex(Inbox())
    /// Written once, before the thread runs any job.
    private nonisolated(unsafe) var thread = pthread_t()
    private var serialStorage: LoopSerialExecutor!
    private var taskStorage: LoopTaskExecutor!

    package var serialExecutor: any SerialExecutor { serialStorage }
    package var taskExecutor: any TaskExecutor { taskStorage }

    /// - Parameter name: of the thread, for debuggers and `top -H`; at most 15 bytes are kept.
    /// - Throws: `LoopFailure` when the kernel gives no epoll or eventfd descriptor.
    package init(name: String) throws(LoopFailure) {
        self.name = name
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw LoopFailure(call: "epoll_create1", systemError: errno) }
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard wakeUp >= 0 else {
            let failure = LoopFailure(call: "eventfd", systemError: errno)
            close(epoll)
            throw failure
        }
        state = .allocate(capacity: 1)
        state.initialize(to: State(now: Instant(nanoseconds: gale_monotonic())))
        serialStorage = LoopSerialExecutor(loop: self)
        taskStorage = LoopTaskExecutor(loop: self)
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: Self.wakeUpTag))
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
        close(epoll)
        close(wakeUp)
    }

    // MARK: Life

    /// Starts the thread. The loop keeps itself alive until `stop()`.
    package func start() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
            Unmanaged<EpollLoop>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }
        var created = pthread_t()
        let result = pthread_create(&created, &attributes, body, Unmanaged.passRetained(self).toOpaque())
        precondition(result == 0, "the kernel refused a thread for the loop `\(name)`: error \(result)")
    }

    /// Ends the thread after the turn under way; call it when no task lives here any more.
    package func stop() {
        inbox.withLock { $0.stopped = true }
        ring()
    }

    // MARK: Loop

    package var now: Instant { state.pointee.now }

    package func sample() -> Instant { Instant(nanoseconds: gale_monotonic()) }

    package func sleep(until instant: Instant, in group: SleepGroup) async -> Bool {
        await withUnsafeContinuation { state.pointee.sleepers.add(until: instant, group: group, $0) }
    }

    package func nextTurn() async {
        await withUnsafeContinuation { state.pointee.nextTurn.append($0) }
    }

    package func wake(_ group: SleepGroup) {
        state.pointee.sleepers.wake(group)
    }

    package var threadCPU: Span { Span(nanoseconds: gale_thread_cpu()) }

    package var longestTurn: Span { state.pointee.longestTurn }

    // MARK: Sources

    /// Adds a source and returns its tag for `watch`; on the loop only. The loop keeps the source until `detach`.
    package func attach(_ source: any LoopSource) -> UInt32 {
        if let place = state.pointee.sources.firstIndex(where: { $0 == nil }) {
            state.pointee.sources[place] = source
            return UInt32(place)
        }
        state.pointee.sources.append(source)
        return UInt32(state.pointee.sources.count - 1)
    }

    /// Lets go of the source with that tag, which watches nothing any more; on the loop only. The tag may be given to
    /// another, which a late event must not disturb.
    package func detach(_ tag: UInt32) {
        guard state.pointee.sources.indices.contains(Int(tag)) else { return }
        state.pointee.sources[Int(tag)] = nil
    }

    /// Sets what a source wants to hear of a descriptor, from `before` to `after` (epoll's bits; 0 is nothing).
    package func watch(_ descriptor: Int32, of source: UInt32, from before: UInt32, to after: UInt32) {
        var event = epoll_event(
            events: after, data: epoll_data_t(u64: UInt64(source) << 32 | UInt64(UInt32(bitPattern: descriptor))))
        let operation = before == 0 ? EPOLL_CTL_ADD : after == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD
        epoll_ctl(epoll, operation, descriptor, &event)
    }

    // MARK: Jobs

    var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }

    func enqueue(_ job: UnownedJob) {
        if isCurrent {
            state.pointee.jobs.append(job)
        } else {
            let mustRing = inbox.withLock { inbox in
                inbox.jobs.append(job)
                return inbox.jobs.count == 1
            }
            if mustRing { ring() }
        }
    }

    private static let wakeUpTag = UInt64.max

    private func ring() {
        var one: UInt64 = 1
        // A full counter (EAGAIN) has woken the loop already.
        _ = write(wakeUp, &one, 8)
    }

    // MARK: The wheel

    private func run() {
        thread = pthread_self()
        gale_name_thread(name)
        gale_precise_timers()
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: Self.eventCapacity)
        defer { events.deallocate() }
        let serial = serialStorage.asUnownedSerialExecutor()
        let task = taskStorage.asUnownedTaskExecutor()
        // The inbox may have filled before the thread knew who it is.
        if takeInbox() { return }

        while true {
            let began = sample()
            state.pointee.now = began
            state.pointee.sleepers.wakeDue(at: began)
            runJobs(serial: serial, task: task)
            var deadline = turnSources()
            if !state.pointee.jobs.isEmpty {
                runJobs(serial: serial, task: task)
                deadline = turnSources()
            }
            deadline = min(deadline, state.pointee.sleepers.next)

            let idleFrom = sample()
            let busy = idleFrom - began
            if busy > state.pointee.longestTurn { state.pointee.longestTurn = busy }
            let wait: Int64
            if !state.pointee.jobs.isEmpty || !state.pointee.nextTurn.isEmpty || deadline <= idleFrom {
                wait = 0
            } else {
                wait = deadline == .never ? -1 : (deadline - idleFrom).nanoseconds
            }
            let count = Int(gale_epoll_wait(epoll, events, Int32(Self.eventCapacity), wait))

            if !state.pointee.nextTurn.isEmpty {
                for continuation in state.pointee.nextTurn { continuation.resume() }
                state.pointee.nextTurn.removeAll(keepingCapacity: true)
            }
            guard count > 0 else { continue }
            state.pointee.now = sample()
            for index in 0..<count {
                let tag = events[index].data.u64
                if tag == Self.wakeUpTag {
                    var ignored: UInt64 = 0
                    _ = read(wakeUp, &ignored, 8)
                    if takeInbox() { return }
                } else {
                    guard let source = state.pointee.sources[Int(tag >> 32)] else { continue }
                    source.ready(Int32(bitPattern: UInt32(truncatingIfNeeded: tag)), events: events[index].events)
                    // What an event set going goes on at once, down to the next request on the same connection: with
                    // thousands of connections, what is in the cache now is not there at the end of the turn.
                    runJobs(serial: serial, task: task)
                    _ = source.turn(at: state.pointee.now)
                }
            }
        }
    }

    private func runJobs(serial: UnownedSerialExecutor, task: UnownedTaskExecutor) {
        var left = Self.jobsPerTurn
        while left > 0, let job = state.pointee.jobs.popFirst() {
            job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            left -= 1
        }
    }

    private func turnSources() -> Instant {
        var deadline = Instant.never
        for index in 0..<state.pointee.sources.count {
            guard let source = state.pointee.sources[index] else { continue }
            deadline = min(deadline, source.turn(at: state.pointee.now))
        }
        return deadline
    }

    /// Moves what other threads sent into the queue; true when the loop was told to stop.
    private func takeInbox() -> Bool {
        inbox.withLock { inbox in
            state.pointee.jobs.append(contentsOf: inbox.jobs)
            inbox.jobs.removeAll(keepingCapacity: true)
            return inbox.stopped
        }
    }
}

/// The kernel refused what a loop is made of.
package struct LoopFailure: Error, Sendable, CustomStringConvertible {
    package var call: String
    package var systemError: Int32

    package var description: String {
        "\(call) failed: \(String(cString: strerror(systemError))); is the limit of open files (ulimit -n) reached?"
    }
}
