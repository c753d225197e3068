import Core
import Testing

@testable import Model

@Suite struct ResourceMeterTests {
    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: 1) + .milliseconds(milliseconds) }

    private func column(_ metric: ResourceMetric, of kind: String = "database") -> Int {
        ResourceMetric.columns(of: kind).firstIndex(of: metric) ?? -1
    }

    @Test func levelsAreIntegratedAndCountsBelongToTheirSecond() {
        var meter = ResourceMeter("database")
        meter.begin(at: at(0))
        meter.set(.waiting, 2, at: at(250))
        meter.add(.queries, at: at(999))
        meter.add(.queries, at: at(1_000))
        meter.set(.waiting, 6, at: at(2_500))
        meter.record(.milliseconds(30), at: at(2_600))
        let (seconds, totals) = meter.values(at: at(3_500))
        #expect(seconds.count == 4)
        #expect(seconds.map { $0[column(.waiting)] } == [1.5, 2, 4, 6])
        #expect(seconds.map { $0[column(.queries)] } == [1, 1, 0, 0])
        #expect(seconds.map { $0[column(.time)] } == [0, 0, 0.03, 0])
        #expect(totals[column(.queries)] == 2)
        #expect(abs(totals[column(.waiting)] - (2 * 2.25 + 6) / 3.5) < 1e-9)
    }

    @Test func toAskChangesNothing() {
        var meter = ResourceMeter("cache")
        meter.begin(at: at(0))
        meter.set(.entries, 7, at: at(100))
        let once = meter.values(at: at(5_000))
        #expect(once.seconds.count == 5)
        #expect(once.seconds.allSatisfy { $0[column(.entries, of: "cache")] == 7 })
        #expect(meter.values(at: at(5_000)).seconds == once.seconds)
        #expect(meter.values(at: at(5_000)).totals == once.totals)
        #expect(meter.values(at: at(200)).seconds.count == 1)
    }

    @Test func whatWasBeforeTheLoadIsInTheTotalsAlone() {
        var meter = ResourceMeter("queue")
        meter.add(.sent, 5, at: at(0))
        meter.set(.waiting, 5, at: at(0))
        meter.begin(at: at(10_000))
        meter.add(.sent, at: at(10_100))
        meter.set(.waiting, 0, at: at(10_500))
        let (seconds, totals) = meter.values(at: at(11_000))
        #expect(seconds.map { $0[column(.sent, of: "queue")] } == [1])
        #expect(totals[column(.sent, of: "queue")] == 6)
        #expect(totals[column(.waiting, of: "queue")] == 2.5)
    }

    @Test func aLevelFromBeforeAllTimeHoldsFromTheFirstTimeOn() {
        var meter = ResourceMeter("database")
        meter.set(.workers, 20, at: .unset)
        meter.set(.waiting, 4, at: at(5_000))
        let totals = meter.values(at: at(6_000)).totals
        #expect(totals[column(.workers)] == 20)
        #expect(totals[column(.waiting)] == 4)
    }

    /// A clock that jumps by years makes no more rows than there may be.
    @Test func theSecondsThatAreKeptAreBounded() {
        var meter = ResourceMeter("service")
        meter.begin(at: at(0))
        meter.add(.calls, at: at(0) + .seconds(1_000_000_000))
        meter.add(.calls, at: at(0) + .seconds(2_000_000_000))
        let (seconds, totals) = meter.values(at: at(0) + .seconds(3_000_000_000))
        #expect(seconds.count == ResourceMeter.mostSeconds)
        #expect(totals[column(.calls, of: "service")] == 2)
    }

    @Test func everyColumnHasANameAUnitAndAMeaningOfItsOwn() {
        for kind in ["database", "cache", "queue", "store", "service"] {
            let columns = ResourceMetric.columns(of: kind)
            #expect(Set(columns.map(\.name)).count == columns.count)
            #expect(columns.allSatisfy { !$0.name.isEmpty && !$0.unit.isEmpty && !$0.meaning.isEmpty })
        }
        #expect(ResourceMetric.columns(of: "teapot").isEmpty)
        #expect(ResourceMetric.openings.name == "openings")
        #expect(ResourceMetric.changes.name == "changes")
    }
}
