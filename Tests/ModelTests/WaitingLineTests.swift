import Core
import Model
import Testing

@Suite struct WaitingLineTests {
    @Test func whoJoinsFirstIsCalledFirst() {
        var line = WaitingLine<Int>(limit: 10)
        for number in 1...5 { #expect(line.join(number) != nil) }
        #expect((1...5).map { _ in line.callNext() } == [1, 2, 3, 4, 5])
        #expect(line.callNext() == nil)
    }

    @Test func whoJoinsLastMayBeCalledFirst() {
        var line = WaitingLine<Int>(limit: 10)
        for number in 1...5 { #expect(line.join(number) != nil) }
        #expect(line.callLast() == 5)
        #expect(line.callNext() == 1)
        #expect((2...4).map { _ in line.callLast() } == [4, 3, 2])
        #expect(line.callLast() == nil)
    }

    @Test func aFullLineTurnsAwayAndTakesAgainWhenOneLeft() throws {
        var line = WaitingLine<String>(limit: 2)
        let joined = line.join("first")
        let first = try #require(joined)
        #expect(line.join("second") != nil)
        #expect(line.join("third") == nil)
        #expect(line.leave(first) == "first")
        #expect(line.join("fourth") != nil)
        #expect(line.callNext() == "second")
        #expect(line.callNext() == "fourth")
    }

    @Test func aLineOfNoneTakesNobody() {
        var line = WaitingLine<Int>(limit: 0)
        #expect(line.join(1) == nil)
        #expect(line.callNext() == nil)
    }

    @Test func aPlaceThatWasLeftIsWorthNothing() throws {
        var line = WaitingLine<Int>(limit: 3)
        let joined = line.join(1)
        let place = try #require(joined)
        #expect(line.leave(place) == 1)
        #expect(line.leave(place) == nil)
        // The node is used again; the old place must not speak for the new tenant.
        #expect(line.join(2) != nil)
        #expect(line.leave(place) == nil)
        #expect(line.count == 1)
    }

    @Test func aPlaceThatWasCalledIsWorthNothing() throws {
        var line = WaitingLine<Int>(limit: 3)
        let joined = line.join(1)
        let place = try #require(joined)
        #expect(line.callNext() == 1)
        #expect(line.leave(place) == nil)
        #expect(line.count == 0)
    }

    /// Against an array that does the same slowly: 60 lines, 300 random steps each.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func itBehavesLikeAnArray(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let limit = Int.random(in: 0...8, using: &random)
        var line = WaitingLine<Int>(limit: limit)
        var model: [Int] = []
        var places: [Int: WaitingLine<Int>.Place] = [:]
        for number in 0..<300 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                places[number] = line.join(number)
                #expect((places[number] != nil) == (model.count < limit))
                if places[number] != nil { model.append(number) }
            case 2:
                #expect(line.callNext() == (model.isEmpty ? nil : model.removeFirst()))
            case 3:
                #expect(line.callLast() == model.popLast())
            default:
                // Anyone who ever joined, so that stale places are tried too.
                guard let who = places.keys.sorted().randomElement(using: &random) else { continue }
                let expected = model.firstIndex(of: who).map { model.remove(at: $0) }
                #expect(line.leave(places[who]!) == expected)
            }
            #expect(line.count == model.count)
        }
    }
}
