import Core

/// A queue of messages, the batches under way, and what has been seen of it.
struct QueuePlace {
    let description: QueueDescription
    var model: MessageQueue
    var meter = ResourceMeter("queue")
    var batches = PlaceTable<MessageQueue.Batch>()
    /// For when the next flush is planned.
    var flush = Instant.never
    private var times: SeededRandom
    private var strikes: SeededRandom

    init(_ description: QueueDescription, name: String, seed: UInt64) {
        self.description = description
        model = MessageQueue(description)
        times = SeededRandom(seed: seed, named: "lab/\(name)/time")
        strikes = SeededRandom(seed: seed, named: "lab/\(name)/failures")
    }

    /// How long a batch takes.
    mutating func time(of batch: MessageQueue.Batch) -> Span { model.time(of: batch, using: &times) }

    /// Whether the next batch fails.
    mutating func fails() -> Bool { model.fails(using: &strikes) }

    mutating func gauge(at now: Instant) {
        let counts = model.counts
        meter.take(.sent, counts.sent, at: now)
        meter.take(.refused, counts.refused, at: now)
        meter.take(.delivered, counts.delivered, at: now)
        meter.take(.batches, counts.batches, at: now)
        meter.take(.dead, counts.dead, at: now)
        meter.set(.waiting, Double(model.waiting), at: now)
        meter.set(.busy, Double(model.sending) / Double(max(1, description.senders)), at: now)
    }
}

extension Backstage {
    func beginQueue(_ queue: Int) {
        queues[queue].meter.begin(at: clock)
        queues[queue].model.begin(at: clock)
        sendOut(queue)
    }

    /// Leaves messages in a queue.
    /// - Returns: false when there was no room for them.
    func send(_ messages: Int, _ queue: Int) -> Bool {
        let isIn = queues[queue].model.send(messages, at: clock)
        if isIn { sendOut(queue) }
        queues[queue].gauge(at: clock)
        return isIn
    }

    func flush(_ queue: Int) {
        if queues[queue].flush <= clock { queues[queue].flush = .never }
        sendOut(queue)
        queues[queue].gauge(at: clock)
    }

    /// A batch has been sent, or the attempt at it is over.
    func batchEnded(_ queue: Int, _ place: Int) {
        let batch = queues[queue].batches.remove(place)
        if queues[queue].fails() {
            if let again = queues[queue].model.failed(batch) {
                queues[queue].meter.add(.retries, at: clock)
                sendOut(again, queue)
            }
        } else {
            for (delay, count) in batch.delays(at: clock) { queues[queue].meter.record(delay, count: count, at: clock) }
            queues[queue].model.delivered(batch, at: clock)
        }
        sendOut(queue)
        queues[queue].gauge(at: clock)
    }

    /// Has idle senders take what should be sent.
    private func sendOut(_ queue: Int) {
        while let batch = queues[queue].model.take(at: clock) { sendOut(batch, queue) }
        let next = queues[queue].model.nextFlush(at: clock)
        if next < queues[queue].flush {
            queues[queue].flush = next
            events.insert(.flushes(queue: queue), at: max(next, clock))
        }
    }

    private func sendOut(_ batch: MessageQueue.Batch, _ queue: Int) {
        let time = queues[queue].time(of: batch)
        let place = queues[queue].batches.insert(batch)
        events.insert(.sent(queue: queue, batch: place), at: clock + time)
    }
}
