package import Core

/// Where objects are uploaded to, as a value: slots with a line before them, and what an upload comes to.
package struct ObjectStore: Sendable {
    /// One attempt to upload an object.
    package struct Transfer: Hashable, Sendable {
        /// Until it is done or has failed.
        package var time: Span
        package var succeeds: Bool
        /// That went over the wire until then.
        package var bytes: Int
    }

    private let description: StoreDescription
    private var line = WaitingLine<Int>(limit: .max)
    package private(set) var counts = StoreCounts()
    /// Slots that are taken now.
    package private(set) var busy = 0

    /// - Precondition: the description has no flaw.
    package init(_ description: StoreDescription) { self.description = description }

    /// Uploads that wait for a slot now.
    package var waiting: Int { line.count }

    /// An upload wants a slot. `ticket` comes back from `finished` if it has to wait.
    /// - Returns: true when it has one now.
    package mutating func arrived(_ ticket: Int) -> Bool {
        if busy < max(1, description.uploads) {
            busy += 1
            return true
        }
        _ = line.join(ticket)
        return false
    }

    /// A slot is free.
    /// - Returns: the ticket that has it now; nil when nobody waits.
    package mutating func finished() -> Int? {
        if let ticket = line.callNext() { return ticket }
        busy = max(0, busy - 1)
        return nil
    }

    /// Draws what an attempt comes to, and counts it.
    ///
    /// An upload of B MB takes its start and then B/bandwidth; the chance that it fails is `1 - (1 - p)^B`, as if each MB failed
    /// with chance p by itself. So the place where it fails is geometric along its bytes, in continuous form `ln V / ln(1 - p)` MB
    /// for V uniform in (0, 1], and it fails when that is less than B. One number decides both: under the same numbers
    /// a smaller object succeeds wherever a larger one does.
    /// - Parameters:
    ///   - times: for the start.
    ///   - strikes: always one number.
    package mutating func transfer(
        bytes: Int, times: inout SeededRandom, strikes: inout SeededRandom
    ) -> Transfer {
        let size = Double(max(0, bytes))
        let start = description.time.sample(using: &times)
        let place = Self.placeOfFailure(perMB: description.failuresPerMB, draw: strikes.nextUnit()) * 1e6
        let sent = min(size, place)
        let transfer = Transfer(
            time: start + Span(seconds: sent / max(1, description.bandwidth)), succeeds: place >= size,
            bytes: sent < size ? Int(sent) : max(0, bytes))
        counts.attempts += 1
        if !transfer.succeeds { counts.failed += 1 }
        counts.bytes &+= transfer.bytes
        return transfer
    }

    /// How long the compression of an object takes, and how many bytes are left of it.
    package static func compress(_ bytes: Int, as upload: Upload) -> (time: Span, bytes: Int) {
        let bytes = max(0, bytes)
        guard upload.compression < 1 else { return (.zero, bytes) }
        let left = (Double(bytes) * max(0, upload.compression)).rounded(.up)
        return (Span(seconds: Double(bytes) / max(1, upload.compressing)), min(bytes, Int(left)))
    }

    /// In MB from the beginning; infinite when nothing ever fails.
    private static func placeOfFailure(perMB chance: Double, draw: Double) -> Double {
        if chance <= 0 { return .infinity }
        if chance >= 1 { return 0 }
        // ln(1 - p), also for a p that 1 - p would lose.
        return PortableMath.logarithm(draw) / (-chance * PortableMath.logarithmRatio(-chance))
    }
}

/// What a store has seen.
package struct StoreCounts: Hashable, Sendable {
    package var attempts = 0
    package var failed = 0
    /// Over the wire, those of attempts that failed included.
    package var bytes = 0

    package init() {}
}
