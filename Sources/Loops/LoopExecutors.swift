/// The executor of the actors that live on a loop.
///
/// Two thin types rather than one that is both executors: the runtime re-enqueues a job over and over when a type
/// conforms to both protocols and the job arrives under the other role.
package final class LoopSerialExecutor: SerialExecutor {
    private unowned let loop: any JobRunning

    init(loop: any JobRunning) {
        self.loop = loop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        loop.enqueue(UnownedJob(job), asTask: false)
    }

    package func checkIsolated() {
        precondition(loop.isCurrent, "this runs on the thread of its loop only")
    }

    package func isIsolatingCurrentContext() -> Bool? { loop.isCurrent }
}

/// The executor that tasks on a loop prefer, so that no resumption goes by the global pool.
package final class LoopTaskExecutor: TaskExecutor {
    private unowned let loop: any JobRunning

    init(loop: any JobRunning) {
        self.loop = loop
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        loop.enqueue(UnownedJob(job), asTask: true)
    }
}

/// What runs the jobs of both executors: the real loop, or the virtual one.
protocol JobRunning: AnyObject, Sendable {
    func enqueue(_ job: UnownedJob, asTask: Bool)
    var isCurrent: Bool { get }
}

/// A job and the role under which it arrived; it must run under the same one.
struct LoopJob {
    let job: UnownedJob
    let asTask: Bool

    @inline(__always)
    func run(serial: UnownedSerialExecutor, task: UnownedTaskExecutor) {
        if asTask {
            job.runSynchronously(on: task)
        } else {
            job.runSynchronously(isolatedTo: serial, taskExecutor: task)
        }
    }
}
