package import Core

/// Something with sockets on a loop: it is told when they are ready, and gets a word before the loop waits.
///
/// Both methods run on the loop's thread.
package protocol LoopSource: AnyObject {
    /// The descriptor is ready; `events` are epoll's bits.
    func ready(_ descriptor: Int32, events: UInt32)

    /// Called after each of the source's events, and once per turn, after jobs and timers and before the loop waits.
    /// - Returns: when it wants its next turn at the latest; `.never` if only its sockets matter.
    func turn(at now: Instant) -> Instant
}
