import Core
import Glibc

/// What is known of each connection, by descriptor: since when it is open and idle, and how many requests it had.
///
/// libcurl does not say which connection a request uses, but tells both ends of it when the request goes out. That pair
/// is the connection's *key*: two open connections never have the same.
struct ConnectionTable {
    private struct Entry {
        var isOpen = false
        /// Counts the connections that had this descriptor, so that a late word about an earlier one is known.
        var serial = 0
        /// 0 until the first request.
        var key: UInt64 = 0
        /// After this it takes no new request.
        var end = Instant.never
        /// `.never` while it is in use.
        var idleSince = Instant.never
        /// When it was last looked at, or became idle.
        var looked = Instant.unset
        var requests = 0
        /// Requests under way: one at most with HTTP/1.1.
        var users = 0
    }

    /// A transfer's hold on a connection.
    struct Use {
        fileprivate let descriptor: Int32
        fileprivate let serial: Int
    }

    private let ages: ConnectionAges
    private var random: SeededRandom
    private var entries: [Entry] = []
    private var descriptors: [UInt64: Int32] = [:]

    init(ages: ConnectionAges, seed: UInt64) {
        self.ages = ages
        random = SeededRandom(seed: seed, stream: Self.stream)
    }

    /// Of the numbers for lifetimes.
    private static let stream: UInt64 = 0x6C69_6665

    mutating func opened(_ descriptor: Int32, at now: Instant) {
        let place = Int(descriptor)
        if place >= entries.count {
            entries.append(contentsOf: repeatElement(Entry(), count: max(place + 1 - entries.count, 64)))
        }
        let serial = entries[place].serial &+ 1
        entries[place] = Entry(isOpen: true, serial: serial, end: end(from: now))
    }

    /// The end of a lifetime that begins now.
    private mutating func end(from now: Instant) -> Instant {
        guard let lifetime = ages.lifetime else { return .never }
        let jitter = max(0, min(1, ages.jitter))
        return now + Span(seconds: lifetime.seconds * (1 + jitter * (2 * random.nextUnit() - 1)))
    }

    mutating func closed(_ descriptor: Int32) {
        let place = Int(descriptor)
        guard place < entries.count, entries[place].isOpen else { return }
        if entries[place].key != 0 { descriptors[entries[place].key] = nil }
        entries[place].isOpen = false
    }

    /// A request goes out.
    /// - Parameter opened: what this transfer has opened, for a connection that has no key yet.
    /// - Returns: nil if the connection is not known.
    mutating func taken(key: UInt64, opened: [Int32]) -> Use? {
        let descriptor: Int32
        if let known = descriptors[key] {
            descriptor = known
        } else if let new = opened.last(where: { entries[Int($0)].isOpen && entries[Int($0)].key == 0 }) {
            descriptor = new
            entries[Int(new)].key = key
            descriptors[key] = new
        } else {
            return nil
        }
        let place = Int(descriptor)
        entries[place].users += 1
        entries[place].requests += 1
        entries[place].idleSince = .never
        return Use(descriptor: descriptor, serial: entries[place].serial)
    }

    /// Whether that request must be the connection's last.
    func isLast(_ use: Use, at now: Instant) -> Bool {
        let entry = entries[Int(use.descriptor)]
        return now >= entry.end || entry.requests >= ages.requests ?? .max
    }

    /// A request is over.
    /// - Returns: when the connection should be looked at if it stays idle; `.never` if it need not.
    mutating func left(_ use: Use, at now: Instant) -> Instant {
        let place = Int(use.descriptor)
        guard entries[place].isOpen, entries[place].serial == use.serial else { return .never }
        entries[place].users -= 1
        guard entries[place].users == 0 else { return .never }
        entries[place].idleSince = now
        entries[place].looked = now
        return due(entries[place])
    }

    private func due(_ entry: Entry) -> Instant {
        var due = entry.end
        if let idle = ages.idle { due = min(due, entry.idleSince + idle) }
        if let validate = ages.validate { due = min(due, entry.looked + validate) }
        return due
    }

    /// Looks through the idle connections.
    /// - Returns: those to close, and when to look again.
    mutating func sweep(at now: Instant) -> (old: [Int32], next: Instant) {
        var old: [Int32] = []
        var next = Instant.never
        for place in entries.indices where entries[place].isOpen && entries[place].idleSince != .never {
            let descriptor = Int32(truncatingIfNeeded: place)
            let isOld = now >= entries[place].end || ages.idle.map { now >= entries[place].idleSince + $0 } == true
            if isOld {
                old.append(descriptor)
                continue
            }
            if let validate = ages.validate, now >= entries[place].looked + validate {
                entries[place].looked = now
                if Self.isDead(descriptor) {
                    old.append(descriptor)
                    continue
                }
            }
            next = min(next, due(entries[place]))
        }
        return (old, next)
    }

    /// Whether the other side has closed it; also when it has said something before, such as TLS's farewell.
    private static func isDead(_ descriptor: Int32) -> Bool {
        let end = Int16(truncatingIfNeeded: 0x2000)
        var entry = pollfd(fd: descriptor, events: end, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & (end | Int16(POLLHUP) | Int16(POLLERR)) != 0
    }

    /// The one that has been idle for longest; nil when all are in use.
    var longestIdle: Int32? {
        var best: Int?
        for place in entries.indices where entries[place].isOpen && entries[place].idleSince != .never {
            if best == nil || entries[place].idleSince < entries[best!].idleSince { best = place }
        }
        return best.map { Int32(truncatingIfNeeded: $0) }
    }

    /// The key of a connection between two addresses, as libcurl writes them: FNV-1a over both.
    static func key(
        remote: UnsafePointer<CChar>, remotePort: Int32, local: UnsafePointer<CChar>, localPort: Int32
    ) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ text: UnsafePointer<CChar>) {
            var index = 0
            while text[index] != 0 {
                hash = (hash ^ UInt64(UInt8(bitPattern: text[index]))) &* 0x100_0000_01B3
                index += 1
            }
        }
        add(remote)
        hash = (hash ^ UInt64(UInt32(bitPattern: remotePort))) &* 0x100_0000_01B3
        add(local)
        hash = (hash ^ UInt64(UInt32(bitPattern: localPort))) &* 0x100_0000_01B3
        // 0 means that there is none yet.
        return max(1, hash)
    }
}
