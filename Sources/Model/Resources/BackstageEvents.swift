import Core

/// Something that will happen behind the services. The numbers are places in tables; the serial tells what is in a place
/// from what was there before, where an event may have been overtaken.
enum BackstageEvent {
    /// An errand begins, or a timed step of it is over.
    case goesOn(errand: Int)
    /// A connection has finished a query.
    case queried(query: Int)
    /// A query has waited for as long as it would.
    case tired(query: Int, serial: UInt32)
    /// The oldest change on its way to a replica is there.
    case replicated(database: Int, server: Int)
    /// A connection of a replica has applied a change.
    case applied(database: Int, server: Int)
    /// A called service has worked on a call for as long as it takes.
    case served(call: Int, serial: UInt32)
    /// A call has taken as long as its caller would wait.
    case timedOut(call: Int, serial: UInt32)
    /// Something happens to a called service.
    case changes(service: Int)
    /// The failures of a database or a called service are looked at.
    case looks(ResourcePlace)
    /// It gets that many workers.
    case resizes(ResourcePlace, workers: Int)
    /// What waits in a queue is sent, if it is still time.
    case flushes(queue: Int)
    /// A batch has been sent, well or badly.
    case sent(queue: Int, batch: Int)
    /// The bytes of an upload are over, or it has broken off.
    case uploaded(upload: Int)
    /// The writer of a cache begins a round.
    case writes(cache: Int)
    /// The loss of that number in the description happens.
    case loses(cache: Int, loss: Int)
    case tunes(cache: Int)
}

/// Which resource, by its place among those of its kind.
enum ResourcePlace: Hashable {
    case database(Int)
    case cache(Int)
    case queue(Int)
    case store(Int)
    case service(Int)
}

/// What will happen, the earliest first; of one instant in the order in which it was put in.
struct EventLine {
    private struct Entry {
        var at: Instant
        var number: UInt64
        var event: BackstageEvent

        func isBefore(_ other: Entry) -> Bool { at < other.at || (at == other.at && number < other.number) }
    }

    private var entries: [Entry] = []
    private var number: UInt64 = 0

    /// When the first is due; `.never` when there is none.
    var next: Instant { entries.first?.at ?? .never }

    /// What is due at `.never` never happens and is not kept.
    mutating func insert(_ event: BackstageEvent, at instant: Instant) {
        guard instant < .never else { return }
        number &+= 1
        entries.append(Entry(at: instant, number: number, event: event))
        var place = entries.count - 1
        while place > 0, entries[place].isBefore(entries[(place - 1) / 2]) {
            entries.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    /// - Precondition: there is one.
    mutating func removeFirst() -> (at: Instant, event: BackstageEvent) {
        let first = entries[0]
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.at, first.event)
    }

    private mutating func sink() {
        var place = 0
        while true {
            var least = 2 * place + 1
            guard least < entries.count else { return }
            if least + 1 < entries.count, entries[least + 1].isBefore(entries[least]) { least += 1 }
            guard entries[least].isBefore(entries[place]) else { return }
            entries.swapAt(place, least)
            place = least
        }
    }
}
