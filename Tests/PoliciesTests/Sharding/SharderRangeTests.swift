import Testing

@testable import Policies

@Suite("Sharding by range")
struct SharderRangeTests {
    /// The guide's: up to 1,000, up to 2,000, up to 3,000, beyond.
    static let guide = ShardSamples.sharder(.range(bounds: [1_000, 2_000, 3_000]), 0..<4)

    @Test(
        "puts a number where its bound says",
        arguments: [
            ("0", 0), ("1", 0), ("1000", 0), ("1001", 1), ("2000", 1), ("2001", 2), ("3000", 2), ("3001", 3), ("-1", 0),
            ("-9223372036854775808", 0), ("9223372036854775807", 3), ("9223372036854775808", 3),
            ("-99999999999999999999999", 0), ("99999999999999999999999", 3), ("0000000000000000000000001001", 1),
            ("-0", 0),
        ])
    func owners(key: String, shard: Int) {
        #expect(Self.guide.owner(of: Array(key.utf8)) == shard)
    }

    @Test(
        "has no owner for what is no whole number",
        arguments: ["", "-", "+5", "1.0", " 1", "1 ", "1e3", "0x10", "--1", "1-", "٣", "user-1", "1_000"])
    func noNumber(key: String) {
        #expect(Self.guide.owner(of: Array(key.utf8)) == nil)
        #expect(Self.guide.place(for: Array(key.utf8)) { _ in true } == nil)
    }

    @Test("goes by the order of the list, not by id")
    func listOrder() {
        var sharder = Sharder(ShardSettings(.range(bounds: [10])))
        sharder.setShards([.init(place: 7, id: "z:1"), .init(place: 3, id: "a:1")])
        #expect(sharder.owner(of: Array("10".utf8)) == 7)
        #expect(sharder.owner(of: Array("11".utf8)) == 3)
    }

    @Test("leaves keys of a shard that is missing without an owner")
    func missing() {
        let sharder = ShardSamples.sharder(.range(bounds: [10, 20]), 0..<2)
        #expect(sharder.owner(of: Array("20".utf8)) == 1)
        #expect(sharder.owner(of: Array("21".utf8)) == nil)
    }

    @Test("goes on to the following shards, then to the first")
    func following() {
        var asked: [Int] = []
        let place = Self.guide.place(for: Array("2500".utf8)) { place in
            asked.append(place)
            return place == 1
        }
        #expect(place == 1)
        #expect(asked == [2, 3, 0, 1])
    }

    @Test("has one shard for all numbers without bounds")
    func noBounds() {
        let sharder = ShardSamples.sharder(.range(bounds: []), 0..<1)
        #expect(sharder.owner(of: Array("-5".utf8)) == 0)
        #expect(sharder.owner(of: Array("5".utf8)) == 0)
    }

    @Test("counts one key per interval as moved")
    func moved() {
        let other = ShardSamples.sharder(.range(bounds: [1_000, 2_000, 3_000]), [0, 1, 5, 3])
        #expect(other.movedShare(from: Self.guide) == 0.25)
        #expect(Self.guide.movedShare(from: Self.guide) == 0)
    }
}
