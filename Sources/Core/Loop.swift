/// The turning wheel that clients live on: a thread with epoll in real time, or a queue of events in virtual time.
///
/// Everything on a loop runs one thing at a time. A client is an actor whose executor is the loop's, its tasks prefer
/// the loop's task executor, and so no resumption ever leaves the thread.
package protocol Loop: AnyObject, Sendable {
    /// The instant sampled at the start of this turn. Use it where two decisions must not disagree about "now".
    var now: Instant { get }

    /// The clock, read afresh. Use it to stamp what is measured.
    func sample() -> Instant

    /// The executor of the actors that live here.
    var serialExecutor: any SerialExecutor { get }

    /// The executor that their tasks prefer.
    var taskExecutor: any TaskExecutor { get }

    /// Suspends until `instant`, or until `wake(group)`; on the loop only.
    /// - Returns: true when the instant came, false when it was woken early.
    func sleep(until instant: Instant, in group: SleepGroup) async -> Bool

    /// Lets the loop turn once (sockets, timers) before the caller goes on.
    func nextTurn() async

    /// Wakes every sleeper of the group; on the loop only.
    func wake(_ group: SleepGroup)

    /// CPU time that the loop has used; zero in virtual time. On the loop only.
    var threadCPU: Span { get }

    /// The longest turn so far, waiting excluded: while it lasted, nothing was sent. On the loop only.
    var longestTurn: Span { get }
}

/// Sleepers that can be woken together, for example all think times of a client when the run is stopped.
package struct SleepGroup: Hashable, Sendable {
    package let id: UInt32

    package init(id: UInt32) {
        self.id = id
    }
}
