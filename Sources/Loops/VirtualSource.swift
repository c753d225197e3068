package import Core

/// Something with events of its own in virtual time: it says when the next one is due, and is called then.
///
/// Both are used on the thread of the loop only.
package protocol VirtualSource: AnyObject {
    /// When it wants to run next; `.never` while nothing is due. One that is not later than the clock is due now.
    var next: Instant { get }

    /// Does all that is due at `now`.
    func run(at now: Instant)
}
