import Core
import Policies
import Testing

extension Trial<OutlierDetector> {
    /// A detector of so many endpoints whose first interval begins at 0 s.
    convenience init(hosts: Int, _ settings: OutlierSettings = OutlierSettings(), jitter: Span = .zero) {
        self.init(OutlierDetector(settings, jitter: jitter))
        value.setMembers(Array(0..<hosts))
        _ = value.tick(at: .running(0))
    }

    @discardableResult
    func fail(_ place: Int, times: Int = 1, at seconds: Double) -> Ejection? {
        var ejection: Ejection?
        for _ in 0..<times { ejection = value.ended(place, failed: true, at: .running(seconds)) ?? ejection }
        return ejection
    }

    /// So many attempts, of which the first ones fail, never two in a row if it can be helped.
    func attempt(_ place: Int, times: Int, failures: Int, at seconds: Double) {
        for number in 0..<times {
            let failed = (number + 1) * failures / times > number * failures / times
            value.ended(place, failed: failed, at: .running(seconds))
        }
    }

    func tick(at seconds: Double) -> [OutlierEvent] { value.tick(at: .running(seconds)) }
}

@Suite("An outlier detector")
struct OutlierDetectorTests {
    @Test("ejects at the fifth failure in a row, and nobody before")
    func consecutive() {
        let detector = Trial(hosts: 10)
        #expect(detector.fail(3, times: 4, at: 1) == nil)
        detector.value.ended(3, failed: false, at: .running(1))
        #expect(detector.fail(3, times: 4, at: 1) == nil)
        let ejection = detector.fail(3, at: 2)
        #expect(ejection == Ejection(place: 3, reason: .consecutive, until: .running(32)))
        #expect(detector.value.isEjected(3))
        #expect(detector.ejected == 1)
        #expect(ejection?.reason.description == "consecutive")
    }

    @Test("ejects for 30, 60, 90 … 300 s, and 30 s less for each clean interval")
    func lengths() throws {
        var settings = OutlierSettings()
        settings.deviations = nil
        let detector = Trial(hosts: 10, settings)
        var now = 0.5
        for number in 1...12 {
            let ejection = try #require(detector.fail(0, times: 5, at: now))
            let length = min(30.0 * Double(number), 300)
            #expect(ejection.until == .running(now + length))
            now += length
            #expect(detector.tick(at: now - 0.001).isEmpty)
            #expect(detector.tick(at: now) == [.returned(place: 0)])
        }
        // Ten is the multiplier now. The interval in which it returned is not clean; three others are.
        for interval in 1...4 { #expect(detector.tick(at: now + 10 * Double(interval)).isEmpty) }
        let ejection = detector.fail(0, times: 5, at: now + 41)
        #expect(ejection?.until == .running(now + 41 + 240))
    }

    @Test("lets an endpoint return at its time, and says when to be asked next")
    func nextTick() {
        let detector = Trial(OutlierDetector(OutlierSettings()))
        #expect(detector.nextTick == .unset)
        detector.value.setMembers([0, 1, 2, 3, 4])
        #expect(detector.tick(at: 0).isEmpty)
        #expect(detector.nextTick == .running(10))
        detector.fail(0, times: 5, at: 4)
        #expect(detector.nextTick == .running(10))
        for seconds in [10.0, 20, 30] { #expect(detector.tick(at: seconds).isEmpty) }
        #expect(detector.nextTick == .running(34))
        #expect(detector.tick(at: 34) == [.returned(place: 0)])
        #expect(detector.nextTick == .running(40))
        // After a long sleep the intervals go on in step.
        #expect(detector.tick(at: 97).isEmpty)
        #expect(detector.nextTick == .running(100))
    }

    /// Rows: endpoints, the share that may be ejected, and how many of them are when all fail.
    @Test(
        "leaves as many as it must: one may always be ejected, others within the share",
        arguments: [
            (5, 0.1, 1), (1, 0.1, 1), (10, 0.1, 1), (19, 0.1, 1), (20, 0.1, 2), (100, 0.1, 10), (4, 0.5, 2),
            (3, 1, 3), (100, 0.07, 7), (5, 0, 0), (5, -1, 0),
        ])
    func cap(hosts: Int, most: Double, expected: Int) {
        var settings = OutlierSettings()
        settings.most = most
        let detector = Trial(hosts: hosts, settings)
        for place in 0..<hosts { detector.fail(place, times: 20, at: 1) }
        #expect(detector.ejected == expected)
        #expect((0..<hosts).filter { detector.value.isEjected($0) } == Array(0..<expected))
    }

    @Test("ejects an endpoint that goes on failing as soon as there is room")
    func room() {
        let detector = Trial(hosts: 5)
        #expect(detector.fail(0, times: 5, at: 1) != nil)
        #expect(detector.fail(1, times: 7, at: 2) == nil)
        #expect(detector.tick(at: 31) == [.returned(place: 0)])
        #expect(detector.fail(1, at: 31)?.place == 1)
    }

    /// Rows: endpoints, how many of them deviate, failures of each per 1,000 attempts, and how many are ejected with room for all.
    @Test(
        "compares success rates: one that deviates has z = √(n − 1), two have √((n − 2) / 2)",
        arguments: [
            (4, 1, 1_000, 0), (4, 1, 1, 0), (5, 1, 1_000, 1), (5, 1, 1, 1), (6, 1, 10, 1), (9, 2, 500, 0),
            (10, 2, 500, 2), (10, 2, 1, 2), (10, 0, 0, 0), (50, 1, 1, 1),
        ])
    func deviation(hosts: Int, deviating: Int, failures: Int, expected: Int) {
        var settings = OutlierSettings()
        settings.consecutive = nil
        settings.deviationHosts = 2
        settings.most = 1
        let detector = Trial(hosts: hosts, settings)
        for place in 0..<hosts {
            detector.attempt(place, times: 1_000, failures: place < deviating ? failures : 0, at: 1)
        }
        #expect(detector.tick(at: 9.999).isEmpty)
        let events = detector.tick(at: 10)
        let ejections = (0..<expected).map { Ejection(place: $0, reason: .successRate, until: .running(40)) }
        #expect(events == ejections.map { .ejected($0) })
        #expect(events.allSatisfy { $0.description == "ejected" })
        // What was counted is gone with its interval.
        #expect(detector.tick(at: 20).isEmpty)
    }

    @Test("never ejects for the same success rate that all have", arguments: [1, 37, 333, 500, 999])
    func equalRates(failures: Int) {
        var settings = OutlierSettings()
        settings.consecutive = nil
        settings.most = 1
        let detector = Trial(hosts: 7, settings)
        for place in 0..<7 { detector.attempt(place, times: 1_000, failures: failures, at: 1) }
        #expect(detector.tick(at: 10).isEmpty)
    }

    /// Rows: attempts of each endpoint, endpoints that have so many, endpoints that have none.
    @Test(
        "compares only with enough attempts to enough endpoints",
        arguments: [(100, 5, 0, true), (99, 5, 0, false), (100, 4, 3, false), (100, 5, 3, true)])
    func volume(attempts: Int, hosts: Int, idle: Int, ejects: Bool) {
        var settings = OutlierSettings()
        settings.consecutive = nil
        let detector = Trial(hosts: hosts + idle, settings)
        for place in 0..<hosts { detector.attempt(place, times: attempts, failures: place == 2 ? attempts : 0, at: 1) }
        #expect(detector.tick(at: 10).isEmpty == !ejects)
        #expect(detector.value.isEjected(2) == ejects)
    }

    /// Rows: share that ejects, failures per 100 attempts of the one, and whether it goes.
    @Test(
        "ejects by the share of failures, when it is told to",
        arguments: [(0.85, 84, false), (0.85, 85, true), (0.85, 100, true), (0.07, 7, true), (0, 0, false)])
    func failureShare(limit: Double, failures: Int, ejects: Bool) {
        var settings = OutlierSettings()
        settings.consecutive = nil
        settings.deviations = nil
        settings.failures = limit
        let detector = Trial(hosts: 5, settings)
        for place in 0..<5 { detector.attempt(place, times: 100, failures: place == 4 ? failures : 0, at: 1) }
        let expected = Ejection(place: 4, reason: .failureShare, until: .running(40))
        #expect(detector.tick(at: 10) == (ejects ? [.ejected(expected)] : []))
        #expect(expected.reason.description == "failures")
    }

    @Test("ejects the worst first when not all may go")
    func worstFirst() {
        var settings = OutlierSettings()
        settings.consecutive = nil
        settings.deviations = nil
        settings.failures = 0.5
        settings.most = 0.4
        let detector = Trial(hosts: 5, settings)
        for (place, failures) in [60, 0, 90, 70, 0].enumerated() {
            detector.attempt(place, times: 100, failures: failures, at: 1)
        }
        #expect(detector.tick(at: 10).count == 2)
        #expect((0..<5).filter { detector.value.isEjected($0) } == [2, 3])
    }

    @Test("lets a good health check end an ejection at once, and keeps its multiplier")
    func healthCheck() {
        let detector = Trial(hosts: 5)
        #expect(detector { $0.unejected(byHealthCheck: 0) } == false)
        detector.fail(0, times: 5, at: 1)
        #expect(detector { $0.unejected(byHealthCheck: 0) })
        #expect(detector.ejected == 0)
        #expect(detector.nextTick == .running(10))
        #expect(detector.fail(0, times: 5, at: 2)?.until == .running(62))
    }

    @Test("does not count what an ejected endpoint, or one it does not know, still answers")
    func others() {
        let detector = Trial(hosts: 5)
        detector.fail(0, times: 5, at: 1)
        #expect(detector.fail(0, times: 100, at: 2) == nil)
        for place in [-1, 5, 4_096, .max, .min] { #expect(detector.fail(place, times: 10, at: 2) == nil) }
        detector.value.setMembers([1, 2, -7, 4_096, .max, 2])
        #expect(detector.fail(3, times: 10, at: 3) == nil)
        #expect(detector.fail(4_096, times: 10, at: 3) == nil)
        #expect(detector.ejected == 0)
        #expect(detector.fail(2, times: 5, at: 3)?.place == 2)
    }

    @Test("forgets who goes, and keeps who stays")
    func members() {
        let detector = Trial(hosts: 5)
        detector.fail(0, times: 5, at: 1)
        detector.fail(1, times: 4, at: 1)
        detector.value.setMembers([0, 1, 7])
        #expect(detector.value.isEjected(0))
        #expect(detector.ejected == 1)
        detector.value.setMembers([1, 7])
        #expect(detector.ejected == 0)
        #expect(detector.nextTick == .running(10))
        #expect(detector.fail(1, at: 2)?.place == 1)
        detector.value.setMembers([0, 7])
        // It is as new: neither ejected nor with a multiplier.
        #expect(!detector.value.isEjected(0))
        #expect(detector.fail(0, times: 5, at: 3)?.until == .running(33))
    }

    @Test("draws the jitter that it is given on top")
    func jitter() {
        var settings = OutlierSettings()
        settings.most = 1
        let detector = Trial(hosts: 50, settings, jitter: .seconds(5))
        let ends = (0..<50).compactMap { detector.fail($0, times: 5, at: 0)?.until }
        #expect(ends.count == 50)
        #expect(Set(ends).count == 50)
        #expect(ends.allSatisfy { $0 > .running(30) && $0 <= .running(35) })
    }

    @Test("keeps count of who is ejected, within the cap, whatever happens", arguments: 0..<40)
    func property(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var settings = OutlierSettings()
        settings.most = [0.1, 0.3, 0.5, 1][Int(seed % 4)]
        settings.failures = seed.isMultiple(of: 2) ? 0.6 : nil
        settings.deviationVolume = 5
        settings.failureVolume = 5
        settings.consecutive = 3
        let detector = Trial(OutlierDetector(settings, jitter: .seconds(1), random: random))
        var known: Set<Int> = []
        var away: [Int: Instant] = [:]
        var now = Instant.running(0)
        for _ in 0..<800 {
            now = now + Span.milliseconds(Int64(random.below(1_000)))
            switch random.below(40) {
            case 0:
                known = Set((0..<Int(random.below(12))).map { _ in Int(random.below(20)) })
                detector.value.setMembers(known.sorted())
                away = away.filter { known.contains($0.key) }
            case 1:
                let place = Int(random.below(20))
                let was = detector { $0.unejected(byHealthCheck: place) }
                #expect(was == (away.removeValue(forKey: place) != nil))
            case 2..<8:
                for event in detector({ $0.tick(at: now) }) {
                    switch event {
                    case .ejected(let ejection):
                        #expect(away.updateValue(ejection.until, forKey: ejection.place) == nil)
                    case .returned(let place):
                        let until = away.removeValue(forKey: place)
                        #expect(until.map { $0 <= now } == true)
                    }
                }
                #expect(detector.nextTick > now)
                #expect(away.values.allSatisfy { $0 > now })
            default:
                let place = Int(random.below(20))
                if let ejection = detector({ $0.ended(place, failed: random.below(3) > 0, at: now) }) {
                    #expect(known.contains(place))
                    #expect(away.updateValue(ejection.until, forKey: place) == nil)
                    let most = max(1, Int(settings.most * Double(known.count) + 1e-9))
                    #expect(detector.ejected <= most)
                }
            }
            #expect(detector.ejected == away.count)
            #expect((0..<20).allSatisfy { detector.value.isEjected($0) == (away[$0] != nil) })
        }
    }
}
