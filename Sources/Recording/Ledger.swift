/// The counts that must add up in every run: arrivals, calls, attempts.
package struct Ledger: Hashable, Sendable, Codable {
    // MARK: Arrivals

    /// Intended starts.
    package var scheduled = 0
    package var started = 0
    /// Not started because `client.in-flight` calls were under way: the target was too slow.
    package var droppedInFlight = 0
    /// Not started because the generator came too late: its own fault.
    package var droppedLate = 0
    /// Started, and gone through to the end.
    package var completed = 0
    /// Started, and cut off when the run ended.
    package var stopped = 0

    // MARK: Calls

    package var made = 0
    package var succeeded = 0
    package var failed = 0
    package var cancelled = 0
    package var rejected = 0
    /// Of the failed and the rejected calls those that a fallback answered: neither a success nor an error.
    package var fallbacks = 0

    // MARK: Attempts

    package var firstTries = 0
    package var retries = 0
    package var hedges = 0
    /// Attempts whose request went out at least once.
    package var reached = 0
    /// Requests that libcurl sent again by itself when a reused connection had died.
    package var resends = 0
    /// Further requests made to follow redirects.
    package var redirects = 0

    // MARK: Transport

    package var bytesSent = 0
    package var bytesReceived = 0
    package var connectionsOpened = 0
    package var connectionsReused = 0

    package init() {}

    package var dropped: Int { droppedInFlight + droppedLate }
    package var attempts: Int { firstTries + retries + hedges }

    /// How many requests the servers must have seen.
    package var requestsOnTheWire: Int { reached + resends + redirects }

    /// The equations that do not hold, in words; empty when the ledger closes.
    package var contradictions: [String] {
        var found: [String] = []
        func check(_ text: String, _ left: Int, _ right: Int) {
            if left != right { found.append("\(text): \(left) is not \(right)") }
        }
        check("scheduled = started + dropped", scheduled, started + dropped)
        check("started = completed + stopped", started, completed + stopped)
        check("made = succeeded + failed + cancelled + rejected", made, succeeded + failed + cancelled + rejected)
        if fallbacks > failed + rejected {
            found.append("fallbacks ≤ failed + rejected: \(fallbacks) is more than \(failed + rejected)")
        }
        return found
    }

    package mutating func add(_ other: Ledger) {
        for field in Self.fields { self[keyPath: field.path] += other[keyPath: field.path] }
    }

    /// Every field with its name in CSV and JSON, in the order of tables.
    package static var fields: [(name: String, path: WritableKeyPath<Ledger, Int>)] {
        [
            ("scheduled", \.scheduled), ("started", \.started), ("dropped_in_flight", \.droppedInFlight),
            ("dropped_late", \.droppedLate), ("completed", \.completed), ("stopped", \.stopped), ("made", \.made),
            ("succeeded", \.succeeded), ("failed", \.failed), ("cancelled", \.cancelled), ("rejected", \.rejected),
            ("first_tries", \.firstTries), ("retries", \.retries), ("hedges", \.hedges), ("reached", \.reached),
            ("resends", \.resends), ("redirects", \.redirects), ("bytes_sent", \.bytesSent),
            ("bytes_received", \.bytesReceived), ("connections_opened", \.connectionsOpened),
            ("connections_reused", \.connectionsReused),
            ("fallbacks", \.fallbacks),
        ]
    }
}

extension Ledger {
    /// Reads a ledger of this version or an earlier one, which had no fallbacks.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        scheduled = try container.decode(Int.self, forKey: .scheduled)
        started = try container.decode(Int.self, forKey: .started)
        droppedInFlight = try container.decode(Int.self, forKey: .droppedInFlight)
        droppedLate = try container.decode(Int.self, forKey: .droppedLate)
        completed = try container.decode(Int.self, forKey: .completed)
        stopped = try container.decode(Int.self, forKey: .stopped)
        made = try container.decode(Int.self, forKey: .made)
        succeeded = try container.decode(Int.self, forKey: .succeeded)
        failed = try container.decode(Int.self, forKey: .failed)
        cancelled = try container.decode(Int.self, forKey: .cancelled)
        rejected = try container.decode(Int.self, forKey: .rejected)
        firstTries = try container.decode(Int.self, forKey: .firstTries)
        retries = try container.decode(Int.self, forKey: .retries)
        hedges = try container.decode(Int.self, forKey: .hedges)
        reached = try container.decode(Int.self, forKey: .reached)
        resends = try container.decode(Int.self, forKey: .resends)
        redirects = try container.decode(Int.self, forKey: .redirects)
        bytesSent = try container.decode(Int.self, forKey: .bytesSent)
        bytesReceived = try container.decode(Int.self, forKey: .bytesReceived)
        connectionsOpened = try container.decode(Int.self, forKey: .connectionsOpened)
        connectionsReused = try container.decode(Int.self, forKey: .connectionsReused)
        fallbacks = try container.decodeIfPresent(Int.self, forKey: .fallbacks) ?? 0
    }
}
