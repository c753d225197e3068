import Core
import Model

/// `queue:` of a resource.
enum QueueKeys {
    static let form: Form<QueueDescription> = record.form { entries, _ in entries.draft }

    private static let record = Record<QueueDescription>(
        "lab.resources.queue", noun: "a queue of messages",
        doc: """
            Messages that somebody delivers later, in batches. The request goes on as soon as its messages lie in the queue; \
            what cannot be delivered after all attempts becomes a dead letter.
            """,
        example: ResourceKeys.example(
            "notifications: { queue: { batch: 100, flush: 30s, time: 50ms, per-message: 1ms, failures: 1% } }",
            step: "send: notifications"),
        start: QueueDescription(),
        keys: [
            .optional(
                "batch", .count(1...100_000, of: "messages"), into: \.batch, default: "1",
                doc: "Messages in one batch at most.", example: "100"),
            .optional(
                "flush", .period, into: \.flush, default: "at once, whenever a sender is idle",
                doc: "How often what waits is sent even if no batch is full.", example: "30s"),
            .optional(
                "senders", .count(1...10_000, of: "senders"), into: \.senders, default: "1",
                doc: "Batches that are sent at the same time.", example: "4"),
            .optional(
                "time", TimeKeys.form, into: \.time, default: "50ms", doc: "How long a batch takes.", example: "50ms"),
            .optional(
                "per-message", .duration, into: \.perMessage, default: "0s",
                doc: "How long each message of a batch takes on top.", example: "1ms"),
            .optional(
                "failures", .share, into: \.failures, default: "0%", doc: "Share of the batches whose sending fails.",
                example: "1%"),
            .optional(
                "attempts", .count(1...100, of: "attempts"), into: \.attempts, default: "3",
                doc: "How often a batch is tried in all.", example: "5"),
            .optional(
                "capacity", .count(1...10_000_000, of: "messages"), into: \.capacity, default: "100_000",
                doc: "Messages that may wait; one more is refused.", example: "1_000"),
        ])
}

/// `store:` of a resource.
enum StoreKeys {
    static let form: Form<StoreDescription> = record.form { entries, _ in entries.draft }

    private static let record = Record<StoreDescription>(
        "lab.resources.store", noun: "a store of objects",
        doc:
            "Where large objects are uploaded to. The larger an object, the longer it takes and the likelier it fails.",
        example: ResourceKeys.example(
            "images: { store: { bandwidth: 10MB/s, time: 20ms, failures-per-mb: 5% } }",
            step: "upload: images, size: 1MB"),
        start: StoreDescription(),
        keys: [
            .optional(
                "bandwidth", .bandwidth, into: \.bandwidth, default: "10MB/s", doc: "That of one upload.",
                example: "2MB/s"),
            .optional(
                "time", TimeKeys.form, into: \.time, default: "0s",
                doc: "How long an upload takes before its first byte.", example: "20ms"),
            .optional(
                "uploads", .count(1...100_000, of: "uploads"), into: \.uploads, default: "64",
                doc: "Uploads at once; more wait.", example: "16"),
            .optional(
                "failures-per-mb", .share, into: \.failuresPerMB, default: "0%",
                doc: "The chance p that an upload fails for every 1,000,000 bytes of it; of m MB 1 - (1 - p)^m fail.",
                example: "5%"),
        ])
}
