import Core
import Model
import Testing

@Suite struct FaultChoiceTests {
    /// What strikes so many requests for `path`.
    private func strikes(_ faults: [Fault], path: String = "/", count: Int = 10_000, seed: UInt64 = 2) -> [FaultKind?] {
        let choice = FaultChoice(faults)
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in choice.forRequest(path: path, using: &random) }
    }

    @Test func withoutFaultsNothingStrikes() {
        #expect(strikes([]).allSatisfy { $0 == nil })
    }

    @Test func aShareOfOneStrikesAlwaysAndOfNoneNever() {
        #expect(strikes([Fault(.reset, share: 1)]).allSatisfy { $0 == .reset })
        #expect(strikes([Fault(.reset, share: 0)]).allSatisfy { $0 == nil })
    }

    @Test(arguments: [0.01, 0.25, 0.7])
    func aShareStrikesThatShare(_ share: Double) {
        let struck = strikes([Fault(.stall, share: share)], count: 40_000).count { $0 != nil }
        #expect(abs(Double(struck) / 40_000 - share) < 0.005)
    }

    @Test func theFirstThatStrikesWinsAndTheNextTakesItsShareOfTheRest() {
        let struck = strikes([Fault(.close, share: 0.5), Fault(.reset, share: 0.5)], count: 40_000)
        #expect(abs(Double(struck.count { $0 == .close }) / 40_000 - 0.5) < 0.01)
        #expect(abs(Double(struck.count { $0 == .reset }) / 40_000 - 0.25) < 0.01)
    }

    @Test(arguments: [
        ("/api", "/api/orders", true), ("/api", "/api?page=2", true), ("/api", "/apis", true), ("/api", "/ap", false),
        ("/api", "/", false), ("/", "/anything", true), ("/API", "/api", false),
    ])
    func aPathIsMetByWhatBeginsWithIt(prefix: String, path: String, isStruck: Bool) {
        #expect(strikes([Fault(.close, path: prefix)], path: path, count: 1) == [isStruck ? .close : nil])
    }

    @Test func aFaultThatDoesNotFitLeavesTheNextAsItWas() {
        let alone = strikes([Fault(.reset, share: 0.3)])
        let behind = strikes([Fault(.close, share: 0.9, path: "/other"), Fault(.reset, share: 0.3)])
        #expect(alone == behind)
    }

    @Test func theSameSeedStrikesTheSameRequests() {
        let faults = [Fault(.close, share: 0.2), Fault(.status(500), share: 0.1)]
        #expect(strikes(faults, seed: 4) == strikes(faults, seed: 4))
        #expect(strikes(faults, seed: 4) != strikes(faults, seed: 5))
    }

    @Test func faultsOfConnectionsAndOfRequestsKeepToTheirOwn() {
        let choice = FaultChoice([Fault(.closeOnAccept), Fault(.reset)])
        var random = SeededRandom(seed: 1)
        #expect(choice.forRequest(path: "/", using: &random) == .reset)
        #expect(choice.forConnection(using: &random) == .closeOnAccept)
        #expect(FaultChoice([Fault(.reset)]).forConnection(using: &random) == nil)
        #expect(FaultChoice([Fault(.tlsStall)]).forRequest(path: "/", using: &random) == nil)
    }

    /// What strikes a request every 10 ms to replicas 0 to 3 in turn, with a new choice at the start of the load.
    private func history(_ faults: [Fault]) -> [FaultKind?] {
        let choice = FaultChoice(faults)
        var random = SeededRandom(seed: 6)
        return (0..<2_000).map {
            choice.forRequest(path: "/", at: .milliseconds(10 * Int64($0)), replica: $0 % 4, using: &random)
        }
    }

    @Test func aFaultWithAWindowStrikesWithinItAlone() {
        var fault = Fault(.reset)
        (fault.at, fault.lasts) = (.seconds(2), .seconds(3))
        let struck = history([fault])
        #expect(struck.indices.filter { struck[$0] != nil } == Array(200..<500))
        let choice = FaultChoice([fault])
        var random = SeededRandom(seed: 6)
        #expect(choice.forRequest(path: "/", using: &random) == nil, "not before the load starts")
        fault.lasts = nil
        let open = history([fault])
        #expect(open.indices.filter { open[$0] != nil } == Array(200..<2_000))
    }

    @Test func aFaultOfReplicasStrikesThemAlone() {
        var fault = Fault(.reset)
        fault.replicas = 1...2
        let struck = history([fault])
        #expect(struck.indices.allSatisfy { (struck[$0] != nil) == [1, 2].contains($0 % 4) })
    }

    @Test func connectionsAreStruckWithinTheWindowToo() {
        var fault = Fault(.closeOnAccept)
        (fault.at, fault.lasts) = (.seconds(2), .seconds(1))
        let choice = FaultChoice([fault])
        var random = SeededRandom(seed: 6)
        let struck = (0..<5).map { choice.forConnection(at: .seconds($0), using: &random) != nil }
        #expect(struck == [false, false, true, false, false])
        #expect(choice.forConnection(using: &random) == nil)
    }

    /// Wherever the window lies, the requests that the first fault leaves alone meet what they met without it open.
    @Test(arguments: [0, 3, 8, 15] as [Int64])
    func toOpenAWindowShiftsNoOtherDraw(second: Int64) {
        var timed = Fault(.close, share: 0.5)
        (timed.at, timed.lasts) = (.seconds(100), .seconds(1))
        let others = [Fault(.reset, share: 0.3), Fault(.stall, share: 0.3)]
        let shut = history([timed] + others)
        timed.at = .seconds(second)
        let open = history([timed] + others)
        #expect(open.contains(.close))
        #expect(zip(open, shut).allSatisfy { $0 == .close || $0 == $1 })
    }
}
