import Core
import Testing

@testable import Policies

@Suite("A directory of endpoints")
struct EndpointDirectoryTests {
    private static func endpoints(_ hosts: String..., weight: Int = 1) -> [Endpoint] {
        hosts.map { Endpoint(host: $0, port: 80, weight: weight) }
    }

    @Test("gives places in the order of the set")
    func first() throws {
        var directory = EndpointDirectory()
        let change = try #require(directory.update(Self.endpoints("b", "a", "c")) as EndpointDirectory.Change?)
        #expect(change.added.map(\.place) == [0, 1, 2])
        #expect(change.members == change.added)
        #expect(change.members.map(\.endpoint.host) == ["b", "a", "c"])
        #expect(change.removed.isEmpty && change.changed.isEmpty && !change.isReordered && change.leftOut == 0)
    }

    @Test("gives an address its old place when it comes back, and nobody else")
    func comingBack() throws {
        var directory = EndpointDirectory()
        _ = directory.update(Self.endpoints("a", "b"))
        let second = try #require(directory.update(Self.endpoints("c", "b")) as EndpointDirectory.Change?)
        #expect(second.removed == [0])
        #expect(second.added.map(\.place) == [2])
        #expect(second.members.map(\.place) == [2, 1])
        let third = try #require(directory.update(Self.endpoints("a", weight: 4)) as EndpointDirectory.Change?)
        #expect(third.removed == [1, 2])
        #expect(third.added == [.init(place: 0, endpoint: Endpoint(host: "a", port: 80, weight: 4))])
        #expect(third.changed.isEmpty)
        #expect(directory.place(of: "c:80") == 2)
        #expect(directory.endpoint(at: 2)?.host == "c")
        #expect(directory.endpoint(at: 3) == nil)
        #expect(directory.placeCount == 3)
    }

    @Test("tells a new weight or zone from a new endpoint")
    func changed() throws {
        var directory = EndpointDirectory()
        _ = directory.update(Self.endpoints("a", "b", "c"))
        var set = Self.endpoints("a", "b", "c")
        set[1].weight = 7
        set[2].zone = "z"
        let change = try #require(directory.update(set) as EndpointDirectory.Change?)
        #expect(change.added.isEmpty && change.removed.isEmpty)
        #expect(change.changed.map(\.place) == [1, 2])
        #expect(change.members.map(\.endpoint) == set)
        let same = try #require(directory.update(set) as EndpointDirectory.Change?)
        #expect(same.isEmpty && !same.isReordered)
        #expect(same.members.map(\.endpoint) == set)
    }

    @Test("tells another order, which is no change otherwise")
    func order() throws {
        var directory = EndpointDirectory()
        _ = directory.update(Self.endpoints("a", "b", "c"))
        let turned = try #require(directory.update(Self.endpoints("c", "a", "b")) as EndpointDirectory.Change?)
        #expect(turned.isEmpty && turned.isReordered)
        let inserted = try #require(directory.update(Self.endpoints("c", "d", "a", "b")) as EndpointDirectory.Change?)
        #expect(!inserted.isEmpty && !inserted.isReordered)
    }

    @Test("does not take an empty set: the last one stays")
    func empty() {
        var directory = EndpointDirectory()
        #expect(directory.update([]) == nil)
        _ = directory.update(Self.endpoints("a", "b"))
        #expect(directory.update([]) == nil)
        #expect(directory.members.map(\.place) == [0, 1])
    }

    @Test("has an address once, as the set says first")
    func twice() throws {
        var directory = EndpointDirectory()
        let set = Self.endpoints("a", weight: 2) + Self.endpoints("a", weight: 3)
        let change = try #require(directory.update(set) as EndpointDirectory.Change?)
        #expect(change.members == [.init(place: 0, endpoint: set[0])])
    }

    @Test("leaves out addresses beyond the 4,096th of a run, and says how many")
    func full() throws {
        var directory = EndpointDirectory()
        let many = (0..<4_000).map { Endpoint(host: "host-\($0)", port: 80) }
        _ = directory.update(many)
        let others = (0..<100).map { Endpoint(host: "other-\($0)", port: 80) }
        let change = try #require(directory.update(others + others + many.suffix(10)) as EndpointDirectory.Change?)
        #expect(change.leftOut == 4)
        #expect(change.added.map(\.place) == Array(4_000..<4_096))
        #expect(change.members.count == 106)
        #expect(change.removed == Array(0..<3_990))
        // A set of which nobody finds a place is as good as empty.
        #expect(directory.update(Self.endpoints("late")) == nil)
        #expect(directory.members.count == 106)
        #expect(directory.placeCount == 4_096)
    }

    @Test("does as two dictionaries do, whatever comes", arguments: UInt64(1)...10)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var directory = EndpointDirectory()
        var places: [String: Int] = [:]
        var members: [String: Endpoint] = [:]
        for _ in 0..<200 {
            var set: [String: Endpoint] = [:]
            for _ in 0..<random.below(8) {
                let endpoint = Endpoint(host: "h\(random.below(12))", port: 1, weight: Int(random.below(3)))
                set[endpoint.address] = endpoint
            }
            guard let change = directory.update(set.values.shuffled(using: &random)) else {
                #expect(set.isEmpty)
                continue
            }
            for placed in change.members {
                let place = places[placed.endpoint.address, default: placed.place]
                places[placed.endpoint.address] = place
                #expect(placed.place == place)
            }
            #expect(Set(places.values) == Set(0..<places.count))
            #expect(Set(change.members.map(\.endpoint)) == Set(set.values))
            #expect(Set(change.added.map(\.endpoint.address)) == Set(set.keys).subtracting(members.keys))
            #expect(
                Set(change.removed) == Set(Set(members.keys).subtracting(set.keys).compactMap { places[$0] }))
            let changed = set.filter { members[$0.key] != nil && members[$0.key] != $0.value }
            #expect(Set(change.changed.map(\.endpoint)) == Set(changed.values))
            members = set
        }
    }
}
