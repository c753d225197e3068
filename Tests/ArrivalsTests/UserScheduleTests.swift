import Arrivals
import Core
import Testing

@Suite("Users of a closed phase")
struct UserScheduleTests {
    static let ramps: [(from: Int, to: Int)] = [(0, 10), (10, 200), (200, 10), (10, 0), (7, 7), (0, 1), (1, 0), (0, 0)]

    @Test("of constant number all join at the start and stay")
    func constant() {
        for end in [ClosedEnd.after(.seconds(10)), .count(1_000)] {
            let schedule = UserSchedule(.constant(5), until: end)
            #expect(schedule.users == 5)
            for v in 0..<5 {
                #expect(schedule.join(of: v) == .zero)
                #expect(schedule.leave(of: v) == nil)
            }
            #expect(schedule.present(at: .zero) == 5)
            #expect(schedule.present(at: .seconds(3_600)) == 5)
        }
    }

    @Test("join where a rising line passes their half")
    func rising() {
        let schedule = UserSchedule(.ramp(from: 2, to: 12), until: .after(.seconds(10)))
        #expect(schedule.users == 12)
        #expect(schedule.join(of: 1) == .zero)
        #expect(schedule.join(of: 2) == .milliseconds(500))
        #expect(schedule.join(of: 3) == .milliseconds(1_500))
        #expect(schedule.join(of: 11) == .milliseconds(9_500))
        #expect((0..<12).allSatisfy { schedule.leave(of: $0) == nil })
    }

    @Test("leave where a falling line passes their half, the last to come first")
    func falling() {
        let schedule = UserSchedule(.ramp(from: 12, to: 2), until: .after(.seconds(10)))
        #expect(schedule.users == 12)
        #expect((0..<12).allSatisfy { schedule.join(of: $0) == .zero })
        #expect(schedule.leave(of: 11) == .milliseconds(500))
        #expect(schedule.leave(of: 2) == .milliseconds(9_500))
        #expect(schedule.leave(of: 1) == nil)
    }

    @Test("fall as they rise, in the mirror")
    func mirror() {
        let up = UserSchedule(.ramp(from: 3, to: 40), until: .after(.seconds(60)))
        let down = UserSchedule(.ramp(from: 40, to: 3), until: .after(.seconds(60)))
        for v in 3..<40 {
            let left = down.leave(of: v) ?? .zero
            #expect(abs((up.join(of: v) + left - .seconds(60)).nanoseconds) <= 1)
        }
    }

    @Test("present are those who have joined and not left", arguments: ramps)
    func present(from: Int, to: Int) {
        let duration = Span.milliseconds(61_803)
        let schedule = UserSchedule(.ramp(from: from, to: to), until: .after(duration))
        var random = SeededRandom(seed: 4)
        for _ in 0..<500 {
            let now = Span.nanoseconds(Int64.random(in: 0...duration.nanoseconds, using: &random))
            let present = (0..<schedule.users).count { v in
                schedule.join(of: v) <= now && (schedule.leave(of: v).map { now < $0 } ?? true)
            }
            #expect(schedule.present(at: now) == present, "at \(now)")
        }
    }

    @Test("spend the time under the line, to the nanosecond", arguments: ramps)
    func area(from: Int, to: Int) {
        let duration = Span.seconds(100)
        let schedule = UserSchedule(.ramp(from: from, to: to), until: .after(duration))
        let spent = (0..<schedule.users).reduce(Int64(0)) { sum, v in
            sum + ((schedule.leave(of: v) ?? duration) - schedule.join(of: v)).nanoseconds
        }
        let area = Int64(from + to) * duration.nanoseconds / 2
        #expect(abs(spent - area) <= Int64(schedule.users))
    }

    @Test("live on one client each", arguments: [1, 2, 3, 8])
    func clients(_ width: Int) {
        let schedule = UserSchedule(.ramp(from: 1, to: 20), until: .after(.seconds(1)))
        let users = (0..<width).flatMap { Array(schedule.users(of: Stripe($0, of: width))) }
        #expect(users.sorted() == Array(0..<20))
        #expect(Array(schedule.users(of: Stripe(width - 1, of: width)).prefix(1)) == [width - 1])
    }

    @Test(
        "share a count of calls out to the last one",
        arguments: [
            // users, clients, calls, shares
            (10, 1, 10_000, [10_000]),
            (10, 4, 10_000, [3_000, 3_000, 2_000, 2_000]),
            (3, 2, 10, [7, 3]),
            (2, 4, 11, [6, 5, 0, 0]),
            (5, 2, 1, [1, 0]),
            (5, 3, 0, [0, 0, 0]),
            (0, 2, 0, [0, 0]),
            (7, 7, 6, [1, 1, 1, 1, 1, 1, 0]),
        ])
    func share(users: Int, clients: Int, calls: Int, shares: [Int]) {
        let schedule = UserSchedule(.constant(users), until: .count(calls))
        #expect((0..<clients).map { schedule.share(of: calls, for: Stripe($0, of: clients)) } == shares)
    }

    @Test("never lose or invent a call, and give none to a client without users")
    func sharesSum() {
        var random = SeededRandom(seed: 6)
        for _ in 0..<500 {
            let users = Int.random(in: 1...300, using: &random)
            let clients = Int.random(in: 1...64, using: &random)
            let calls = Int.random(in: 0...1_000_000, using: &random)
            let schedule = UserSchedule(.constant(users), until: .count(calls))
            let stripes = (0..<clients).map { Stripe($0, of: clients) }
            let shares = stripes.map { schedule.share(of: calls, for: $0) }
            #expect(shares.reduce(0, +) == calls)
            for (stripe, share) in zip(stripes, shares) {
                let own = stripe.count(of: users)
                #expect(share >= calls / users * own && share <= (calls / users + 1) * own)
            }
        }
    }

    @Test("cannot be a line over a count of calls, which has no length")
    func noLength() async {
        await #expect(processExitsWith: .failure) {
            _ = UserSchedule(.ramp(from: 1, to: 5), until: .count(100))
        }
    }
}

@Suite("A stripe")
struct StripeTests {
    @Test("shares any total out exactly", arguments: [1, 2, 3, 7, 64])
    func exact(width: Int) {
        for total in [0, 1, 2, 63, 64, 65, 1_000, 4_999] {
            let stripes = (0..<width).map { Stripe($0, of: width) }
            #expect(stripes.reduce(0) { $0 + $1.count(of: total) } == total)
            for stripe in stripes {
                #expect(Array(stripe.numbers(below: total)).count == stripe.count(of: total))
                #expect(stripe.numbers(below: total).allSatisfy(stripe.contains))
            }
        }
    }

    @Test("is one of those there are")
    func valid() async {
        await #expect(processExitsWith: .failure) { _ = Stripe(3, of: 3) }
        await #expect(processExitsWith: .failure) { _ = Stripe(-1, of: 3) }
        await #expect(processExitsWith: .failure) { _ = Stripe(0, of: 0) }
    }
}
