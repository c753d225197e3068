import Engine
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

    init(writer: consuming BundleWriter, display: LiveDisplay) {
        state = Mutex(State(writer: writer, display: display))
    }

    /// What kept the bundle from being whole, if anything did.
    var failure: FileFailure? { state.withLock { $0.failure } }

    func add(_ second: CollectedInterval) {
        state.withLock { state in
            if state.failure == nil {
                do throws(FileFailure) {
                    try state.writer.append(
                        start: second.start, length: second.length, second.counts, response: second.response,
                        service: second.service)
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
