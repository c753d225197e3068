import Core
import HeapModule

/// Those who wait for an instant, earliest first; equal instants in the order in which they began to wait.
struct Sleepers {
    private struct Sleeper: Comparable {
        let wakeAt: Instant
        let sequence: UInt64
        let group: SleepGroup
        let continuation: UnsafeContinuation<Bool, Never>

        static func < (left: Sleeper, right: Sleeper) -> Bool {
            (left.wakeAt.nanoseconds, left.sequence) < (right.wakeAt.nanoseconds, right.sequence)
        }

        static func == (left: Sleeper, right: Sleeper) -> Bool { left.sequence == right.sequence }
    }

    private var heap = Heap<Sleeper>()
    private var sequence: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }

    /// When the first of them wants to wake; `.never` when nobody sleeps.
    var next: Instant { heap.min?.wakeAt ?? .never }

    mutating func add(until instant: Instant, group: SleepGroup, _ continuation: UnsafeContinuation<Bool, Never>) {
        sequence += 1
        heap.insert(Sleeper(wakeAt: instant, sequence: sequence, group: group, continuation: continuation))
    }

    /// Resumes everybody whose instant is not later than `now`.
    mutating func wakeDue(at now: Instant) {
        while let first = heap.min, first.wakeAt <= now {
            heap.removeMin()
            first.continuation.resume(returning: true)
        }
    }

    /// The same in an order drawn from `shuffle`.
    mutating func wakeDue(at now: Instant, shuffle: inout SeededRandom) {
        var due: [UnsafeContinuation<Bool, Never>] = []
        while let first = heap.min, first.wakeAt <= now {
            heap.removeMin()
            due.append(first.continuation)
        }
        while !due.isEmpty {
            due.swapAt(due.count - 1, Int(shuffle.below(UInt64(due.count))))
            due.removeLast().resume(returning: true)
        }
    }

    /// Resumes a whole group before its time. O(n log n): it happens once, when a run is stopped.
    mutating func wake(_ group: SleepGroup) {
        var rest: [Sleeper] = []
        while let first = heap.popMin() {
            if first.group == group {
                first.continuation.resume(returning: false)
            } else {
                rest.append(first)
            }
        }
        heap = Heap(rest)
    }
}
