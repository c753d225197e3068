import Foundation

/// The end of a process, to be waited for without a thread: Foundation's own wait looks at the clock all the time, and a few dozen
/// of them leave no time for what they wait for.
struct ProcessEnding: Sendable {
    private let ended: AsyncStream<Void>

    /// Before the process is run.
    init(of process: Process) {
        let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
        self.ended = ended
        process.terminationHandler = { _ in continuation.finish() }
    }

    func wait() async { for await _ in ended {} }
}
