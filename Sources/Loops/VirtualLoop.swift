package import Core
import DequeModule
import Glibc
import Synchronization

/// A loop in virtual time: when nothing can run now, the clock jumps to the next instant at which something can.
///
/// One seed gives one order of everything. Jobs run on the thread that calls `run`, in the order in which they arrived. At
/// one instant sleepers wake first, and what they set going runs to its end; then the sources have their word, in the
/// order of attachment.
package final class VirtualLoop: Loop, JobRunning, @unchecked Sendable {
    private var jobs = Deque<UnownedJob>()
    private var nextTurns: [UnsafeContinuation<Void, Never>] = []
    private var sleepers = Sleepers()
    private var sources: [any VirtualSource] = []
    private var clock = Instant(nanoseconds: 1)
    private var runner: pthread_t?
    /// Nil: everything in its order.
    private var shuffle: SeededRandom?
    /// What other threads want done, and whether there is any.
    private let interrupts = Mutex<[@Sendable () -> Void]>([])
    private let isInterrupted = Atomic(false)
    private var serialStorage: LoopSerialExecutor!
    private var taskStorage: LoopTaskExecutor!

    package var serialExecutor: any SerialExecutor { serialStorage }
    package var taskExecutor: any TaskExecutor { taskStorage }

    /// - Parameter shuffle: what is ready at the same time runs in an order drawn from this, to find what depends on an order
    ///   that nobody promised. Nil, the default: in the order described above.
    package init(shuffle: SeededRandom? = nil) {
        self.shuffle = shuffle
        serialStorage = LoopSerialExecutor(loop: self)
        taskStorage = LoopTaskExecutor(loop: self)
    }

    /// Adds what has events of its own; the loop keeps it.
    package func attach(_ source: some VirtualSource) {
        sources.append(source)
    }

    /// Has `action` done on this loop when the clock is about to jump: the only thing that another thread may ask for.
    package func interrupt(_ action: @escaping @Sendable () -> Void) {
        interrupts.withLock { $0.append(action) }
        isInterrupted.store(true, ordering: .releasing)
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
            while let job = nextJob() { job.runSynchronously(isolatedTo: serial, taskExecutor: task) }
            if let value = box.value { return value }
            if isInterrupted.load(ordering: .acquiring) { doWhatOthersWant() }
            if !nextTurns.isEmpty {
                let waiting = nextTurns
                nextTurns.removeAll()
                for continuation in waiting { continuation.resume() }
                // Who waits for a turn waits for what is due now, too.
                wakeSleepers()
                for source in sources where source.next <= clock { source.run(at: clock) }
            } else if jobs.isEmpty {
                goOn()
            }
        }
    }

    /// Lets what comes next happen: now, or at the next instant at which something can.
    private func goOn() {
        var next = sleepers.next
        for source in sources { next = min(next, source.next) }
        precondition(next != .never, "the virtual loop waits for something outside of virtual time")
        if next > clock { clock = next }
        if shuffle != nil {
            goOnAtRandom()
        } else if sleepers.next <= clock {
            sleepers.wakeDue(at: clock)
        } else {
            for source in sources where source.next <= clock { source.run(at: clock) }
        }
    }

    /// The same with the sleepers and each source in any order.
    private func goOnAtRandom() {
        var due = sources.indices.filter { sources[$0].next <= clock }
        if sleepers.next <= clock { due.append(-1) }
        let choice = due[Int(shuffle!.below(UInt64(due.count)))]
        if choice < 0 { wakeSleepers() } else { sources[choice].run(at: clock) }
    }

    private func wakeSleepers() {
        if shuffle != nil { sleepers.wakeDue(at: clock, shuffle: &shuffle!) } else { sleepers.wakeDue(at: clock) }
    }

    private func nextJob() -> UnownedJob? {
        if shuffle != nil, jobs.count > 1 { jobs.swapAt(0, Int(shuffle!.below(UInt64(jobs.count)))) }
        return jobs.popFirst()
    }

    private func doWhatOthersWant() {
        isInterrupted.store(false, ordering: .relaxed)
        let actions = interrupts.withLock { waiting in
            defer { waiting.removeAll() }
            return waiting
        }
        for action in actions { action() }
    }

    private final class Box<Value: Sendable>: @unchecked Sendable {
        var value: Value?
    }

    /// Whether nobody sleeps and nothing can run: what a run leaves behind that has ended well. Sources may
    /// have events left.
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

    func enqueue(_ job: UnownedJob) {
        precondition(isCurrent || runner == nil, "a job reached the virtual loop from another thread")
        jobs.append(job)
    }
}
