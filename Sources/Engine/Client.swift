import Arrivals
import Core
import Flows
import Plans
import Policies
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
    /// Health checks, and who looks after ejections.
    nonisolated let checkers: SleepGroup
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

    // MARK: Policies

    var policies: PolicyState
    var traces: TraceSource
    /// Whether calls have to be thought about at all: there is a policy, or more than one way.
    let isPolitic: Bool
    var idleCalls: [CallUnderWay] = []
    /// Tasks beside the calls: hedges, and whoever ends waits.
    var sideTasks = 0
    /// Health checks under way, and those being sent.
    var checks = 0
    var checkHandles: [SendHandle] = []
    var isChecking = false
    /// The last set of endpoints that was taken.
    var lastUpdate: UInt64 = 0
    /// Nothing is sent any more.
    var isClosed = false
    let checkRequest: PreparedID?
    /// When the set of shards changed, and which share of all keys then had another shard.
    var movedKeys: [(time: Span, share: Double)] = []
    /// The start of the run, for events, once it has begun.
    var origin: Instant
    var hasBegun = false

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
        sleepers = SleepGroup(id: UInt32(3 * index))
        thinkers = SleepGroup(id: UInt32(3 * index + 1))
        checkers = SleepGroup(id: UInt32(3 * index + 2))
        cursors = DataCursors(redrawn: program.redrawn, index: index, width: program.client.clients)
        wallOffset = wallTime - loop.now.nanoseconds
        recorder = Recorder(program.series, namesEndpoints: program.measuresEndpoints)
        traces = TraceSource(program.client.trace, seed: program.seed, start: wallTime, client: index)
        var requests: [PreparedID] = []
        for step in program.steps { requests.append(try transport.prepare(step.request)) }
        self.requests = requests
        checkRequest = try program.checkRequest.map { (request) throws(InvalidRequest) in try transport.prepare(request)
        }
        isPolitic = program.isPolitic
        var policies = PolicyState(
            program.policies, steps: program.steps.count, attemptTimeout: program.client.attemptTimeout,
            seed: program.seed,
            index: index)
        if !program.hasEndpoints { policies.beAlone(at: loop.now) }
        self.policies = policies
        origin = loop.now
        self.transport = transport
        users = Array(repeating: 0, count: program.phases.count)
        lastRotation = (loop.now, .zero)
    }
}
