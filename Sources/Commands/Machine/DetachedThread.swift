import Glibc

/// A thread for what must not occupy the task pool: something that blocks, or that sleeps to the millisecond.
enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts the thread; does nothing when the system has none to give.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(Body(body))
        let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
            Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }
        var thread = pthread_t()
        if pthread_create(&thread, nil, entry, context.toOpaque()) == 0 {
            pthread_detach(thread)
        } else {
            context.release()
        }
    }
}
