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
    }

    private let state: Mutex<State>
    /// Nil for a plan without endpoints.
    private let endpoints: EndpointFeed?
    /// What stands in their place then: the target, if it is checked.
    private let alone: [String]

    init(writer: consuming BundleWriter, display: LiveDisplay, endpoints: EndpointFeed?, alone: [String]) {
        self.endpoints = endpoints
        self.alone = alone
        state = Mutex(State(writer: writer, display: display))
    }

    /// What kept the bundle from being whole, if anything did.
    var failure: FileFailure? { state.withLock { $0.failure } }

    func add(_ second: CollectedInterval) {
        let labels = endpoints?.endpoints.map(\.label) ?? alone
        state.withLock { state in
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
        }
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
