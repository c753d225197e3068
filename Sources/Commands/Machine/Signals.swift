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
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let former = signal(number, SIG_IGN)
            // `nohup` asked for it: the terminal may go, and the run goes on.
            let isIgnored = unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            if number == SIGHUP, isIgnored { return nil }
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
