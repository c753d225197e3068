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
        loop.enqueue(UnownedJob(job))
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
        loop.enqueue(UnownedJob(job))
    }
}

/// What runs the jobs of both executors: the real loop, or the virtual one.
protocol JobRunning: AnyObject, Sendable {
    /// - Note: A job runs as both at once, isolated to the serial executor and preferring the task executor, whichever it came
    ///   by. A continuation of an actor's task comes by the task executor; run as such only, it would be enqueued once
    ///   more to get back to its actor.
    func enqueue(_ job: UnownedJob)
    var isCurrent: Bool { get }
}
