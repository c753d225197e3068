import Arrivals
import Core
import Flows
import Plans
import Recording

/// One instance of the client side: its transport, its share of the arrivals and users, its recorder.
///
/// An actor on its loop: users and calls are tasks that prefer the loop, so a flow is straight-line code and a resumption
/// never leaves the thread. Nothing here is shared with another client.
actor Client {
    nonisolated let loop: any Loop
    nonisolated let index: Int
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.serialExecutor.asUnownedSerialExecutor() }

    let program: LoadProgram
    let stripe: Stripe
    let transport: any Transporting
    /// By step.
    let requests: [PreparedID]
    var recorder: Recorder

    var inFlight = 0
    var peakInFlight = 0
    var phase = 0
    /// No arrival and no user begins any more.
    var isStopping = false
    /// No arrival begins after that: the data have come to their end.
    var lastArrival = Instant.never
    /// No call begins any more, not even of a flow under way.
    var isCut = false
    var isSettingUp = false
    /// Teardown runs to its end, also when the run was stopped.
    var isTearingDown = false
    /// When calls under way are cut off.
    var drainLimit = Instant.never
    /// Who sleeps until an arrival begins: drivers, users between two flows.
    nonisolated let sleepers: SleepGroup
    /// Who sleeps within a flow.
    nonisolated let thinkers: SleepGroup
    /// Runners that wait for an arrival to start.
    var idleRunners: [UnsafeContinuation<Order?, Never>] = []
    var runners = 0
    /// By phase: users that have not gone home.
    var users: [Int]
    /// Who waits for a phase's last user to go home.
    var lastUserGone: UnsafeContinuation<Void, Never>?
    /// Calls left for this client in a phase that a count ends.
    var callsLeft = 0

    /// Which rows of the data sources this client has taken.
    var cursors: DataCursors
    /// What setup left for everybody, by slot.
    var shared: [(slot: Int, value: Value)] = []
    var idleSessions: [Session] = []
    var idleExchanges: [Exchange] = []
    /// Memory for what is written and read within one turn.
    var scratch: [UInt8] = []
    var counted = Value.missing
    /// Rounds of all repetitions.
    var rounds = 0
    /// The last failed call in words, for a setup that did not succeed.
    var lastFailure = ""
    /// Wall time minus the loop's time, in nanoseconds.
    let wallOffset: Int64

    var lastRotation: (at: Instant, cpu: Span)
    var intervals = 0
    var isTicking = true

    /// An arrival for a runner, which lives on this loop, too: hence `@unchecked`.
    struct Order: @unchecked Sendable {
        let n: Int
        let phase: Int
        let intended: Instant
        /// Nil for a scenario that needs no state.
        let session: Session?
    }

    /// - Parameters:
    ///   - index: which of the plan's clients, from 0.
    ///   - transport: made on the loop; it belongs to this client from now on.
    ///   - wallTime: nanoseconds since 1970, now.
    /// - Throws: `InvalidRequest` for a step that cannot be sent as it stands; `gale check` finds it first.
    init(
        index: Int, program: LoadProgram, loop: any Loop, transport: sending any Transporting, wallTime: Int64
    ) throws(InvalidRequest) {
        self.index = index
        self.program = program
        self.loop = loop
        stripe = Stripe(index, of: program.client.clients)
        sleepers = SleepGroup(id: UInt32(2 * index))
        thinkers = SleepGroup(id: UInt32(2 * index + 1))
        cursors = DataCursors(redrawn: program.redrawn, index: index, width: program.client.clients)
        wallOffset = wallTime - loop.now.nanoseconds
        recorder = Recorder(program.series)
        var requests: [PreparedID] = []
        for step in program.steps { requests.append(try transport.prepare(step.request)) }
        self.requests = requests
        self.transport = transport
        users = Array(repeating: 0, count: program.phases.count)
        lastRotation = (loop.now, .zero)
    }
}
