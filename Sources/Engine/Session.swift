import Core
import Flows

/// One user on the way through a scenario: what it knows, and where it is. In an open phase every arrival is a user of its
/// own; in a closed one a user lives as long as it stays.
///
/// A class because the branches of a parallel group share it; it stays on its client's loop.
final class Session {
    var variables: Variables
    var random = SeededRandom(seed: 0)
    /// Nil when users have no jars.
    var jar: CookieJar?
    /// Status of the user's last response; 0 before the first, and when there was none.
    var status: Int32 = 0

    /// Of the arrival under way: whether its results are kept apart, and whether its next call is the one that a schedule
    /// has set a time for.
    var warmUp = false
    var isScheduled = false
    var endsOnFailure = true

    /// The user's number within its phase; nil in an open phase.
    var user: Int?
    /// Which phase it belongs to, which may be over by now.
    var phase = 0

    init(variables count: Int) {
        variables = Variables(count: count)
    }
}

/// How far a user has come in a flow.
struct Passage {
    /// When its last call ended; the start of the flow before the first one.
    var end: Instant
    /// When it means to go on: the end of the last call, and the pause after it.
    var next: Instant
    /// How many calls were sent on the way.
    var calls = 0
    /// And how many were turned away before.
    var rejected = 0
    /// A call failed on the way.
    var failed = false
    /// The flow is over before its end.
    var ending: Ending?

    enum Ending {
        /// A call failed, and the scenario ends with that.
        case failure
        /// The run was stopped under it, or the data came to their end.
        case stopped
    }

    init(from start: Instant) {
        end = start
        next = start
    }
}
