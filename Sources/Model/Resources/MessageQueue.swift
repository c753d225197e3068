package import Core

/// Messages that wait to be sent in batches, as a value: the host asks `take` whenever something has happened, and lets
/// time pass for each batch.
///
/// Without a flush interval a batch goes as soon as a sender is idle, with what waits. With one it goes when it is full, and at
/// every flush with what waited then. A batch that failed is sent again at once by the same sender; after the last attempt
/// its messages are dead letters.
package struct MessageQueue: Sendable {
    package struct Batch: Hashable, Sendable {
        /// How many there are in it.
        package var messages: Int
        /// 1 for the first.
        package var attempt = 1
        fileprivate var runs: [Run]
    }

    /// Messages that were sent at one instant.
    fileprivate struct Run: Hashable, Sendable {
        var at: Instant
        var count: Int
    }

    private let description: QueueDescription
    private let batch: Int
    private let flush: Span?
    private var origin = Instant(nanoseconds: 0)
    /// In the order of sending, from `first` on.
    private var line: [Run] = []
    private var first = 0

    package private(set) var counts = MessageCounts()
    /// From `send` to delivery, of each message.
    package private(set) var delays = DelayHistogram()
    /// Messages that wait now.
    package private(set) var waiting = 0
    /// Batches that are being sent now.
    package private(set) var sending = 0
    /// Messages in them.
    package private(set) var underWay = 0

    /// - Precondition: the description has no flaw.
    package init(_ description: QueueDescription) {
        self.description = description
        batch = max(1, description.batch)
        flush = description.flush.flatMap { $0 > .zero ? $0 : nil }
    }

    /// Flushes happen one interval after `origin`, two, and so on.
    package mutating func begin(at origin: Instant) { self.origin = origin }

    /// Leaves messages, all or none of them.
    /// - Returns: false when there is no room for all.
    package mutating func send(_ messages: Int, at now: Instant) -> Bool {
        guard messages > 0 else { return true }
        guard messages <= description.capacity - waiting else {
            counts.refused &+= messages
            return false
        }
        counts.sent &+= messages
        waiting += messages
        if let last = line.last, first < line.count, last.at == now {
            line[line.count - 1].count += messages
        } else {
            line.append(Run(at: now, count: messages))
        }
        return true
    }

    /// When `take` must be asked even if nothing else happens: at the next flush. `.never` when nothing waits, and without an
    /// interval.
    package func nextFlush(at now: Instant) -> Instant {
        guard waiting > 0, let flush else { return .never }
        return (lastFlush(until: now) ?? origin) + flush
    }

    /// The next batch to be sent, when there is one and a sender is idle. The host asks until it gets nil: after `send`, at
    /// each flush, and when a sender has become idle.
    package mutating func take(at now: Instant) -> Batch? {
        guard sending < max(1, description.senders), waiting > 0, isDue(at: now) else { return nil }
        var taken = Batch(messages: 0, runs: [])
        while taken.messages < batch, first < line.count {
            let count = min(line[first].count, batch - taken.messages)
            taken.runs.append(Run(at: line[first].at, count: count))
            taken.messages += count
            line[first].count -= count
            if line[first].count == 0 { first += 1 }
        }
        // What is behind us is given back when it is half of all.
        if first > line.count / 2 {
            line.removeFirst(first)
            first = 0
        }
        waiting -= taken.messages
        underWay += taken.messages
        sending += 1
        counts.batches += 1
        return taken
    }

    /// How long one attempt to send a batch takes.
    package func time(of batch: Batch, using random: inout SeededRandom) -> Span {
        description.time.sample(using: &random)
            + Span(seconds: description.perMessage.seconds * Double(batch.messages))
    }

    /// Draws whether one attempt fails; always one number.
    package func fails(using random: inout SeededRandom) -> Bool { random.nextUnit() <= description.failures }

    /// The batch has arrived, and its sender is idle.
    package mutating func delivered(_ batch: Batch, at now: Instant) {
        for run in batch.runs { delays.record(now - run.at, count: run.count) }
        counts.delivered &+= batch.messages
        end(batch)
    }

    /// One attempt has failed.
    /// - Returns: the batch, to be sent once more by the same sender, now; nil when its messages are dead letters and the sender
    ///   is idle.
    package mutating func failed(_ batch: Batch) -> Batch? {
        counts.failedAttempts += 1
        guard batch.attempt < description.attempts else {
            counts.dead &+= batch.messages
            end(batch)
            return nil
        }
        var next = batch
        next.attempt += 1
        return next
    }

    private mutating func end(_ batch: Batch) {
        sending -= 1
        underWay -= batch.messages
    }

    private func isDue(at now: Instant) -> Bool {
        guard flush != nil, waiting < batch else { return true }
        guard let last = lastFlush(until: now) else { return false }
        return line[first].at <= last
    }

    /// The last flush up to `now`; nil before the first.
    private func lastFlush(until now: Instant) -> Instant? {
        guard let flush, now > origin else { return nil }
        let passed = (now - origin).nanoseconds / flush.nanoseconds
        return passed > 0 ? origin + Span(nanoseconds: passed * flush.nanoseconds) : nil
    }
}

/// What became of the messages: `sent` is `delivered` + `dead`, and those that wait or are under way.
package struct MessageCounts: Hashable, Sendable {
    package var sent = 0
    /// Not taken in.
    package var refused = 0
    package var delivered = 0
    /// Of batches that failed every time.
    package var dead = 0
    package var batches = 0
    package var failedAttempts = 0

    package init() {}
}

extension MessageQueue.Batch {
    /// How long its messages have been on their way, those that were sent together at once.
    package func delays(at now: Instant) -> [(delay: Span, count: Int)] { runs.map { (now - $0.at, $0.count) } }
}
