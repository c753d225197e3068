package import Core
import DequeModule
import Glibc

/// A loop in virtual time: when nothing can run now, the clock jumps to the next instant at which something can.
///
/// One seed gives one order of everything. Jobs run on the thread that calls `run`, in the order in which they arrived.
package final class VirtualLoop: Loop, JobRunning, @unchecked Sendable {
    private var jobs = Deque<LoopJob>()
    private var nextTurns: [UnsafeContinuation<Void, Never>] = []
    private var sleepers = Sleepers()
    private var clock = Instant(nanoseconds: 1)
    private var runner: pthread_t?
    private var serialStorage: LoopSerialExecutor!
    private var taskStorage: LoopTaskExecutor!

    package var serialExecutor: any SerialExecutor { serialStorage }
    package var taskExecutor: any TaskExecutor { taskStorage }

    package init() {
        serialStorage = LoopSerialExecutor(loop: self)
        taskStorage = LoopTaskExecutor(loop: self)
    }

    /// Runs `body` on this loop until it returns, in virtual time, on the calling thread.
    /// - Precondition: whatever `body` waits for happens on this loop; a wait for anything else is a deadlock, and traps.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        runner = pthread_self()
        defer { runner = nil }
        let box = Box<Value>()
        Task(executorPreference: taskExecutor) { box.value = await body() }
        let serial = serialStorage.asUnownedSerialExecutor()
        let task = taskStorage.asUnownedTaskExecutor()
        while true {
            while let job = jobs.popFirst() { job.run(serial: serial, task: task) }
            if let value = box.value { return value }
            if !nextTurns.isEmpty {
                let waiting = nextTurns
                nextTurns.removeAll()
                for continuation in waiting { continuation.resume() }
            } else {
                precondition(!sleepers.isEmpty, "the virtual loop waits for something outside of virtual time")
                clock = max(clock, sleepers.next)
                sleepers.wakeDue(at: clock)
            }
        }
    }

    private final class Box<Value: Sendable>: @unchecked Sendable {
        var value: Value?
    }

    /// Whether nobody sleeps and nothing can run: what a run leaves behind that has ended well.
    package var isIdle: Bool { jobs.isEmpty && nextTurns.isEmpty && sleepers.isEmpty }

    package var now: Instant { clock }
    package func sample() -> Instant { clock }
    package var threadCPU: Span { .zero }
    package var longestTurn: Span { .zero }

    package func sleep(until instant: Instant, in group: SleepGroup) async -> Bool {
        await withUnsafeContinuation { sleepers.add(until: instant, group: group, $0) }
    }

    package func nextTurn() async {
        await withUnsafeContinuation { nextTurns.append($0) }
    }

    package func wake(_ group: SleepGroup) {
        sleepers.wake(group)
    }

    var isCurrent: Bool { runner.map { pthread_equal($0, pthread_self()) != 0 } ?? false }

    func enqueue(_ job: UnownedJob, asTask: Bool) {
        precondition(isCurrent || runner == nil, "a job reached the virtual loop from another thread")
        jobs.append(LoopJob(job: job, asTask: asTask))
    }
}
