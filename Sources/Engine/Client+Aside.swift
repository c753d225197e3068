import Core
import Flows

/// Setup and teardown: what runs once, before and after the load.
extension Client {
    /// What setup left.
    struct SetUp: Sendable {
        let values: [(slot: Int, value: Value)]
        let rows: [Int]
        /// What went wrong; nil when nothing did.
        let failure: String?
    }

    /// Runs the steps of setup, once for all clients.
    func setUp() async -> SetUp {
        let session = newSession()
        session.random = SeededRandom(seed: program.seed, stream: 0x7365_7475 << 32)
        isSettingUp = true
        let failure = await runAside(program.setup, session)
        isSettingUp = false
        // There is nothing left to cut off.
        loop.wake(sleepers)
        var values: [(slot: Int, value: Value)] = []
        for slot in 0..<program.variableCount where !session.variables[slot].isMissing {
            values.append((slot, session.variables[slot]))
        }
        return SetUp(values: values, rows: cursors.close(), failure: failure)
    }

    /// Takes what setup left.
    func adopt(_ values: [(slot: Int, value: Value)]) { shared = values }

    /// Runs the steps of teardown, to their end also when the run is stopped.
    /// - Parameter rows: by data source, the first row that is free.
    /// - Returns: what went wrong; nil when nothing did.
    func tearDown(rows: [Int]) async -> String? {
        isTearingDown = true
        isCut = false
        cursors.isExhausted = false
        cursors.begin(.alone, at: rows)
        let session = newSession()
        session.random = SeededRandom(seed: program.seed, stream: 0x7465_6172 << 32)
        return await runAside(program.teardown, session)
    }

    /// - Returns: what went wrong; nil when nothing did, or when the run was stopped.
    private func runAside(_ flow: ProgramFlow, _ session: Session) async -> String? {
        session.warmUp = true
        equip(session, for: flow)
        if cursors.isExhausted { return Self.dataEnded }
        recorder.arrivalStarted(warmUp: true)
        var passage = Passage(from: loop.sample())
        await walk(flow.items, session, &passage)
        recorder.arrivalEnded(whole: passage.ending != .stopped, warmUp: true)
        if cursors.isExhausted { return Self.dataEnded }
        return passage.failed ? lastFailure : nil
    }

    private static let dataEnded = "its data have come to their end"
}
