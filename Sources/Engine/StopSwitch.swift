import Synchronization

/// Tells a run to stop before its time: by a signal, from any thread.
package final class StopSwitch: Sendable {
    private struct State {
        var isPulled = false
        var action: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    package init() {}

    package var isPulled: Bool { state.withLock { $0.isPulled } }

    /// Stops the run; further pulls do nothing.
    package func pull() {
        let action = state.withLock { state in
            defer { state.isPulled = true }
            return state.isPulled ? nil : state.action
        }
        action?()
    }

    /// Says what pulling does; done at once when it was pulled already.
    func whenPulled(_ action: @escaping @Sendable () -> Void) {
        let isPulled = state.withLock { state in
            state.action = action
            return state.isPulled
        }
        if isPulled { action() }
    }
}
