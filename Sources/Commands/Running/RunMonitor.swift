import Analysis
import Core
import Engine
import Policies
import Recording
import Synchronization

/// Takes each second of a run to the bundle and to the person who watches.
///
/// A disk that is full does not end a run: the first failure is kept and told at the end, and the run goes on.
final class RunMonitor: Sendable {
    private struct State: ~Copyable {
        var writer: BundleWriter
        var display: LiveDisplay
        var failure: FileFailure?
        /// Nil for a plan without a budget that stops a run.
        var abort: AbortWatch?
        var abortedBy: String?
    }

    private let state: Mutex<State>
    /// Nil for a plan without endpoints.
    private let endpoints: EndpointFeed?
    /// What stands in their place then: the target, if it is checked.
    private let alone: [String]

    private let table: SeriesTable
    private let stop: StopSwitch

    /// - Parameter stop: ends the run, when a budget says so.
    init(
        writer: consuming BundleWriter, display: LiveDisplay, endpoints: EndpointFeed?, alone: [String],
        abort: AbortWatch?, table: SeriesTable, stop: StopSwitch
    ) {
        self.endpoints = endpoints
        self.alone = alone
        self.table = table
        self.stop = stop
        state = Mutex(State(writer: writer, display: display, abort: abort))
    }

    /// What kept the bundle from being whole, if anything did.
    var failure: FileFailure? { state.withLock { $0.failure } }

    /// The text of the budget that stopped the run, if one did.
    var abortedBy: String? { state.withLock { $0.abortedBy } }

    func add(_ second: CollectedInterval) {
        let labels = endpoints?.endpoints.map(\.label) ?? alone
        let stops = state.withLock { state -> Bool in
            if state.failure == nil {
                do throws(FileFailure) {
                    try state.writer.append(
                        start: second.start, length: second.length, second.counts, response: second.response,
                        service: second.service, endpoints: labels)
                } catch {
                    state.failure = error
                }
            }
            state.display.update(second)
            guard state.abortedBy == nil, state.abort != nil else { return false }
            let seen = WatchedSecond(
                start: second.start, length: second.length, second.counts, of: table, response: second.response)
            state.abortedBy = state.abort?.add(seen)?.text
            return state.abortedBy != nil
        }
        if stops { stop.pull() }
    }

    func finish(_ record: RunRecord) throws(BundleFailure) {
        let result = state.withLock { state -> Result<Void, BundleFailure> in
            state.display.finish()
            do throws(BundleFailure) {
                try state.writer.finish(record)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
