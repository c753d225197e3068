import Core
import Testing

@testable import Transport

/// What is known of connections, without one.
@Suite("Table of connections")
struct ConnectionTableTests {
    private static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 1) + .milliseconds(milliseconds) }

    private func table(_ change: (inout ConnectionAges) -> Void) -> ConnectionTable {
        var ages = ConnectionAges()
        ages.jitter = 0
        change(&ages)
        return ConnectionTable(ages: ages, seed: 1)
    }

    /// Opens a connection and sends one request on it, which is over at once.
    private func use(_ table: inout ConnectionTable, _ descriptor: Int32, key: UInt64, at now: Instant) -> Instant {
        table.opened(descriptor, at: now)
        let use = table.taken(key: key, opened: [descriptor])
        return use.map { table.left($0, at: now) } ?? .unset
    }

    @Test("the request that reaches the limit is the last, and so is one beyond the lifetime")
    func last() throws {
        var table = table {
            $0.requests = 2
            $0.lifetime = .milliseconds(100)
        }
        table.opened(5, at: Self.at(0))
        let taken = table.taken(key: 9, opened: [5])
        let first = try #require(taken)
        #expect(!table.isLast(first, at: Self.at(99)))
        #expect(table.isLast(first, at: Self.at(100)))
        _ = table.left(first, at: Self.at(10))
        let again = table.taken(key: 9, opened: [])
        #expect(try table.isLast(#require(again), at: Self.at(20)))
    }

    @Test("a connection whose key and opener are unknown is none")
    func unknown() {
        var table = table { _ in }
        let unopened = table.taken(key: 9, opened: [])
        #expect(unopened == nil)
        table.opened(5, at: Self.at(0))
        table.closed(5)
        let closed = table.taken(key: 9, opened: [5])
        #expect(closed == nil)
    }

    @Test("a late word about an earlier connection of the same descriptor changes nothing")
    func late() throws {
        var table = table { $0.idle = .milliseconds(10) }
        table.opened(5, at: Self.at(0))
        let taken = table.taken(key: 9, opened: [5])
        let early = try #require(taken)
        table.closed(5)
        let afterEnd = table.left(early, at: Self.at(1))
        #expect(afterEnd == .never)
        table.opened(5, at: Self.at(2))
        let late = table.taken(key: 8, opened: [5])
        #expect(late != nil)
        let afterNext = table.left(early, at: Self.at(3))
        #expect(afterNext == .never)
        let (old, _) = table.sweep(at: Self.at(1_000))
        #expect(old == [], "the new connection is in use")
    }

    @Test("the sweep takes what is idle for too long and says when the next one will be")
    func sweep() {
        var table = table { $0.idle = .milliseconds(10) }
        let dues = [use(&table, 5, key: 1, at: Self.at(0)), use(&table, 6, key: 2, at: Self.at(4))]
        #expect(dues == [Self.at(10), Self.at(14)])
        let (old, next) = table.sweep(at: Self.at(10))
        #expect(old == [5])
        #expect(next == Self.at(14))
    }

    @Test("the one that is idle for longest is known, and none when all are in use")
    func longestIdle() {
        var table = table { _ in }
        #expect(table.longestIdle == nil)
        _ = use(&table, 5, key: 1, at: Self.at(3))
        _ = use(&table, 6, key: 2, at: Self.at(2))
        #expect(table.longestIdle == 6)
        _ = table.taken(key: 2, opened: [])
        #expect(table.longestIdle == 5)
        table.closed(5)
        #expect(table.longestIdle == nil)
    }

    @Test("lifetimes vary by the jitter around the one that was asked for, and the same seed draws the same")
    func jitter() {
        func lifetimes(seed: UInt64) -> [Int64] {
            var ages = ConnectionAges()
            ages.lifetime = .seconds(60)
            ages.jitter = 0.1
            var table = ConnectionTable(ages: ages, seed: seed)
            return (0..<200).map { use(&table, 5, key: UInt64($0 + 1), at: Self.at(0)).nanoseconds / 1_000_000 }
        }
        let drawn = lifetimes(seed: 1)
        #expect(drawn.allSatisfy { (54_000...66_001).contains($0) })
        #expect(drawn.min()! < 55_500 && drawn.max()! > 64_500)
        #expect(drawn == lifetimes(seed: 1))
        #expect(drawn != lifetimes(seed: 2))
    }

    @Test(
        "each part of the two addresses makes another key",
        arguments: [
            ("127.0.0.2", Int32(80), "10.0.0.1", Int32(5000)), ("127.0.0.1", 81, "10.0.0.1", 5000),
            ("127.0.0.1", 80, "10.0.0.2", 5000), ("127.0.0.1", 80, "10.0.0.1", 5001),
            ("127.0.0.1", 5000, "10.0.0.1", 80), ("", 0, "", 0),
        ])
    func keys(remote: String, remotePort: Int32, local: String, localPort: Int32) {
        let key = ConnectionTable.key(remote: remote, remotePort: remotePort, local: local, localPort: localPort)
        #expect(key != 0)
        #expect(key != ConnectionTable.key(remote: "127.0.0.1", remotePort: 80, local: "10.0.0.1", localPort: 5000))
    }
}
