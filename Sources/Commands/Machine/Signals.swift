import Dispatch
import Glibc

/// The first SIGINT, SIGTERM or SIGHUP asks the run to stop; the second ends the process at once.
final class Signals: Sendable {
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// - Parameter stop: called at the first signal, on a queue of its own.
    init(stop: @escaping @Sendable () -> Void) {
        // A write to a closed socket is an error of that write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Likewise a file that may not grow any more.
        signal(SIGXFSZ, SIG_IGN)
        let queue = DispatchQueue(label: "signals")
        nonisolated(unsafe) var count = 0
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                count += 1
                if count == 1 { stop() } else { _exit(130) }
            }
            source.resume()
            return source
        }
    }
}
