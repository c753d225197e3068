import Core
import Testing

@testable import Policies

@Suite("A connection gate")
struct ConnectionGateTests {
    static func gate(
        _ connections: Int?, perEndpoint: Int?, pending: Int = 1_024, opening: Int? = nil
    ) -> ConnectionGate {
        var settings = PoolSettings()
        settings.connections = connections
        settings.perEndpoint = perEndpoint
        settings.pending = pending
        settings.opening = opening
        return ConnectionGate(settings)
    }

    static func ticket(_ entry: ConnectionGate.Entry) -> UInt64? {
        if case .queued(let ticket) = entry { ticket } else { nil }
    }

    @Test("lets everybody through without limits")
    func open() {
        var gate = Self.gate(nil, perEndpoint: nil)
        for place in 0..<1_000 { #expect(gate.enter(place % 7, hasIdle: false) == .admitted) }
        #expect((gate.inUse, gate.pending, gate.peakInUse) == (1_000, 0, 1_000))
    }

    @Test("keeps the guide's limits: 200 in all, 50 per endpoint")
    func guide() {
        var gate = Self.gate(200, perEndpoint: 50, pending: 2)
        for place in 0..<4 {
            for _ in 0..<50 { #expect(gate.enter(place, hasIdle: false) == .admitted) }
        }
        #expect(Self.ticket(gate.enter(0, hasIdle: true)) != nil)
        #expect(Self.ticket(gate.enter(9, hasIdle: true)) != nil)
        for _ in 0..<1_000 { #expect(gate.enter(9, hasIdle: true) == .rejected) }
        #expect((gate.inUse, gate.pending) == (200, 2))
    }

    @Test("a waiter for a full endpoint holds nobody up at another one")
    func noHeadOfLine() throws {
        var gate = Self.gate(3, perEndpoint: 1)
        #expect(gate.enter(0, hasIdle: true) == .admitted)
        let hung = try #require(Self.ticket(gate.enter(0, hasIdle: true)))
        #expect(gate.enter(1, hasIdle: true) == .admitted)
        #expect(gate.enter(2, hasIdle: true) == .admitted)
        let second = try #require(Self.ticket(gate.enter(1, hasIdle: true)))
        gate.leave(1, keeps: true)
        #expect(gate.next() == .init(ticket: second, place: 1, opens: false))
        #expect(gate.next() == nil)
        gate.leave(0, keeps: false)
        #expect(gate.next() == .init(ticket: hung, place: 0, opens: true))
        #expect(gate.next() == nil)
    }

    @Test("of those that may go on, the first to come goes first, whatever their endpoints")
    func fair() {
        var gate = Self.gate(1, perEndpoint: 1)
        #expect(gate.enter(3, hasIdle: true) == .admitted)
        let places = [4, 2, 3, 2, 9, 4]
        for place in places { #expect(Self.ticket(gate.enter(place, hasIdle: false)) != nil) }
        var before = 3
        for place in places {
            gate.leave(before, keeps: false)
            #expect(gate.next()?.place == place)
            #expect(gate.next() == nil)
            before = place
        }
    }

    @Test("opens so many connections to an endpoint at once")
    func opening() throws {
        var gate = Self.gate(nil, perEndpoint: nil, opening: 2)
        #expect(gate.enter(0, hasIdle: false) == .admitted)
        #expect(gate.enter(0, hasIdle: false) == .admitted)
        #expect(gate.enter(0, hasIdle: true) == .admitted)
        let first = try #require(Self.ticket(gate.enter(0, hasIdle: false)))
        let second = try #require(Self.ticket(gate.enter(0, hasIdle: false)))
        let third = try #require(Self.ticket(gate.enter(0, hasIdle: false)))
        #expect(gate.enter(1, hasIdle: false) == .admitted)
        #expect((gate.opening(0), gate.next()) == (2, nil))
        gate.opened(0)
        #expect(gate.next() == .init(ticket: first, place: 0, opens: true))
        #expect(gate.next() == nil)
        // Who leaves an idle connection behind serves a waiter without an opening, who closes it does not.
        gate.leave(0, keeps: false)
        #expect(gate.next() == nil)
        gate.leave(0, keeps: true)
        #expect(gate.next() == .init(ticket: second, place: 0, opens: false))
        #expect((gate.opening(0), gate.next()) == (2, nil))
        #expect(gate.abandon(third) == true)
        gate.leave(0, keeps: true)
        #expect((gate.inUse(0), gate.pending, gate.next()) == (2, 0, nil))
    }

    @Test("takes any setting, and nothing leaves that did not enter")
    func hostile() {
        var gate = Self.gate(.min, perEndpoint: 0, pending: -1, opening: -5)
        gate.leave(3, keeps: true)
        gate.opened(3)
        #expect((gate.inUse, gate.inUse(3), gate.opening(3), gate.inUse(-1), gate.next()) == (0, 0, 0, 0, nil))
        #expect(gate.enter(0, hasIdle: false) == .admitted)
        #expect(gate.enter(0, hasIdle: true) == .rejected)
        #expect(gate.abandon(.max) == false)
    }

    /// The gate without its tree and its lists.
    private struct Model {
        var connections: Int, perEndpoint: Int, pending: Int, opening: Int
        var uses = [Int: Int]()
        var openings = [Int: Int]()
        var idle = [Int: Int]()
        var waiting: [(ticket: UInt64, place: Int)] = []

        var inUse: Int { uses.values.reduce(0, +) }

        func mayGo(_ place: Int, hasIdle: Bool) -> Bool {
            inUse < connections && uses[place, default: 0] < perEndpoint
                && (hasIdle || openings[place, default: 0] < opening)
        }

        mutating func admit(_ place: Int, opens: Bool) {
            uses[place, default: 0] += 1
            if opens { openings[place, default: 0] += 1 }
        }

        mutating func next() -> ConnectionGate.Turn? {
            let index = waiting.firstIndex { mayGo($0.place, hasIdle: idle[$0.place, default: 0] > 0) }
            guard let index else { return nil }
            let (ticket, place) = waiting.remove(at: index)
            let opens = idle[place, default: 0] == 0
            if !opens { idle[place, default: 0] -= 1 }
            admit(place, opens: opens)
            forget()
            return .init(ticket: ticket, place: place, opens: opens)
        }

        mutating func forget() {
            for place in idle.keys where !waiting.contains(where: { $0.place == place }) { idle[place] = 0 }
        }
    }

    @Test("does as a list does that is searched", arguments: UInt64(1)...40)
    func model(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var model = Model(
            connections: Int(random.below(12)) + 1, perEndpoint: Int(random.below(5)) + 1,
            pending: Int(random.below(12)), opening: Int(random.below(4)) + 1)
        var gate = Self.gate(
            model.connections, perEndpoint: model.perEndpoint, pending: model.pending, opening: model.opening)
        let places = Int(random.below(6)) + 1
        // Who runs, and whether it still opens its connection.
        var running: [(place: Int, opens: Bool)] = []
        var gone: [UInt64] = []
        for _ in 0..<2_000 {
            switch random.below(7) {
            case 0, 1, 2:
                let (place, hasIdle) = (Int(random.below(UInt64(places))), random.below(2) == 0)
                let goes =
                    model.mayGo(place, hasIdle: hasIdle) && !model.waiting.contains { $0.place == place }
                switch gate.enter(place, hasIdle: hasIdle) {
                case .admitted:
                    #expect(goes)
                    model.admit(place, opens: !hasIdle)
                    running.append((place, !hasIdle))
                case .queued(let ticket):
                    #expect(!goes && model.waiting.count < model.pending)
                    #expect(!gone.contains(ticket) && !model.waiting.contains { $0.ticket == ticket })
                    model.waiting.append((ticket, place))
                case .rejected: #expect(!goes && model.waiting.count == model.pending)
                }
            case 3:
                guard let index = running.indices.filter({ running[$0].opens }).randomElement(using: &random) else {
                    break
                }
                running[index].opens = false
                model.openings[running[index].place, default: 0] -= 1
                gate.opened(running[index].place)
            case 4, 5:
                guard let index = running.indices.randomElement(using: &random) else { break }
                let (place, opens) = running.remove(at: index)
                let keeps = !opens && random.below(2) == 0
                if opens {
                    model.openings[place, default: 0] -= 1
                    gate.opened(place)
                }
                model.uses[place, default: 0] -= 1
                if keeps { model.idle[place, default: 0] += 1 }
                model.forget()
                gate.leave(place, keeps: keeps)
            default:
                if let ticket = gone.randomElement(using: &random) { #expect(gate.abandon(ticket) == false) }
                guard let index = model.waiting.indices.randomElement(using: &random) else { break }
                let ticket = model.waiting.remove(at: index).ticket
                model.forget()
                gone.append(ticket)
                #expect(gate.abandon(ticket) == true)
            }
            while let expected = model.next() {
                #expect(gate.next() == expected)
                gone.append(expected.ticket)
                running.append((expected.place, expected.opens))
            }
            #expect(gate.next() == nil)
            #expect((gate.inUse, gate.pending) == (model.inUse, model.waiting.count))
            #expect(gate.inUse <= model.connections && gate.pending <= model.pending)
            for place in 0..<places {
                #expect(gate.inUse(place) == model.uses[place, default: 0])
                #expect(gate.inUse(place) <= model.perEndpoint)
                #expect(gate.opening(place) == model.openings[place, default: 0])
                #expect(gate.opening(place) <= model.opening)
                #expect(gate.pending(place) == model.waiting.count { $0.place == place })
            }
        }
        // Nobody is forgotten: when all that run leave, all that wait go on.
        while let (place, opens) = running.popLast() {
            if opens { gate.opened(place) }
            gate.leave(place, keeps: false)
            while let turn = gate.next() { running.append((turn.place, turn.opens)) }
        }
        #expect((gate.inUse, gate.pending) == (0, 0))
        for place in 0..<places { #expect((gate.inUse(place), gate.opening(place)) == (0, 0)) }
    }

    @Test("the place with the least number is first, as in a list that is searched", arguments: UInt64(1)...5)
    func ready(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var ready = ReadyPlaces()
        var numbers: [Int: UInt64] = [:]
        for step in UInt64(0)..<2_000 {
            let place = Int(random.below(random.below(10) == 0 ? 4_096 : 20))
            let number = random.below(3) == 0 ? nil : random.below(1 << 20) << 12 | step
            numbers[place] = number
            ready.set(place, to: number)
            #expect(ready.first == numbers.min { $0.value < $1.value }?.key)
        }
    }
}
