import Analysis
import Core
import Recording
import Testing

@Suite("What charts are made of says what the run had")
struct ChartingTests {
    private func histogram(_ milliseconds: [Int64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in milliseconds { histogram.record(.milliseconds(value)) }
        return histogram
    }

    // MARK: Percentile curve

    @Test(
        "A percentile stands where the logarithm of what is left puts it",
        arguments: [(0.0, 0.0), (50, 0.301_03), (90, 1), (99, 2), (99.9, 3), (99.99, 4)])
    func places(percent: Double, place: Double) {
        #expect(abs(PercentileCurve.place(of: percent) - place) < 1e-5)
    }

    @Test func aCurveGoesFromTheShortestToTheLongest() throws {
        let all = histogram(Array(1...1_000))
        let curve = PercentileCurve(all)
        #expect(curve.points.first?.place == 0)
        #expect(abs((curve.points.last?.place ?? 0) - 3) < 1e-9)
        #expect(curve.points.last?.value == all.max)
        for (one, next) in zip(curve.points, curve.points.dropFirst()) {
            #expect(one.place < next.place && one.value <= next.value)
        }
        let p99 = try #require(curve.points.min { abs($0.place - 2) < abs($1.place - 2) })
        #expect(abs(p99.value.milliseconds - 990) < 2)
    }

    @Test(arguments: [0, 1, 2]) func curvesOfHardlyAnySample(count: Int) {
        let curve = PercentileCurve(histogram(Array(repeating: 7, count: count)))
        #expect(curve.points.isEmpty == (count == 0))
        for point in curve.points { #expect(point.place.isFinite && point.value > .microseconds(6_900)) }
    }

    // MARK: Course and heat map

    @Test("Columns lose nothing, however many seconds there are", arguments: [0, 1, 19, 180, 181, 721, 1_000])
    func columns(seconds: Int) throws {
        var run = SyntheticRun()
        run.rate = 2
        run.phases = [max(1, seconds)]
        if seconds == 0 { run.rate = 0 }
        let bundle = try Kinds.with(run) { $0 }
        let course = Course(bundle.latencies)
        #expect(course.columns.count <= Course.mostColumns)
        #expect(course.columns.reduce(0) { $0 + $1.ledger.completed } == 2 * seconds)
        #expect(course.columns.reduce(0) { $0 + ($1.response?.count ?? 0) } == 2 * seconds)
        for (one, next) in zip(course.columns, course.columns.dropFirst()) {
            #expect(abs(one.end - next.start) < 0.001)
        }
        let map = LatencyHeatMap(bundle.latencies)
        #expect((map == nil) == (seconds == 0))
        guard let map else { return }
        #expect(map.columns.count <= LatencyHeatMap.mostColumns)
        #expect(map.columns.allSatisfy { $0.counts.count <= LatencyHeatMap.mostBins })
        #expect(map.columns.reduce(0) { $0 + $1.counts.reduce(0, +) } == 2 * seconds)
    }

    @Test func percentilesOfAColumnAreThoseOfAllItsCalls() throws {
        let bundle = try Kinds.bundle("one-step")
        let course = Course(bundle.latencies, atMost: 1)
        let column = try #require(course.columns.first)
        let all = try #require(bundle.latencies.bySeries["response"])
        #expect(course.columns.count == 1)
        #expect(column.response?.p99 == all.value(atPercentile: 99).milliseconds)
        #expect(column.response?.maximum == all.max.milliseconds)
    }

    @Test func ratesKeepTheirHighestAndLowest() throws {
        var rows = (0..<8).map { TimelineRow(time: Double($0), length: 1, phase: 0) }
        for index in rows.indices { rows[index].ledger.scheduled = [10, 90][index % 2] }
        let totals = IntervalTotals(rows, windows: 20, phases: 1)
        let column = try #require(Course(totals, atMost: 1).columns.first)
        #expect(column.offered == 10...90 && column.rates.offered == 50)
    }

    @Test("A shade grows with the logarithm of the count, and each has its fewest calls")
    func shades() throws {
        let map = try #require(LatencyHeatMap(try Kinds.bundle("many-steps").latencies))
        #expect(map.shade(0, of: 8) == 0 && map.shade(1, of: 8) == 1 && map.shade(map.most, of: 8) == 8)
        for count in 1..<map.most { #expect(map.shade(count, of: 8) <= map.shade(count + 1, of: 8)) }
        #expect(map.edges.first == map.lowest && abs((map.edges.last ?? 0) / map.highest - 1) < 1e-9)
    }

    // MARK: Events

    private func lanes(_ events: [(Double, Int?, RunEvent.Kind, String)], end: Double = 20) -> EventLanes {
        var summary = EventSummary()
        for event in events {
            summary.add(
                RunEvent(time: Span(seconds: event.0), client: event.1, kind: event.2, subject: "a:80", what: event.3))
        }
        return EventLanes(summary, until: end, atMost: 24)
    }

    @Test func aBreakerIsOpenThenHalfOpenThenClosed() {
        let lanes = lanes([(3, 0, .breaker, "open"), (8, 0, .breaker, "half-open"), (9, 0, .breaker, "closed")])
        #expect(
            lanes.lanes.first?.stretches == [
                .init(start: 3, end: 8, what: "open", isFull: true),
                .init(start: 8, end: 9, what: "half-open", isFull: false),
            ])
    }

    @Test func aLaneShowsTheWorstOfTheClients() {
        let lanes = lanes([
            (1, 0, .ejection, "ejected"), (2, 1, .ejection, "ejected"), (5, 0, .ejection, "returned"),
            (7, 1, .ejection, "returned"),
        ])
        #expect(lanes.lanes.first?.stretches == [.init(start: 1, end: 7, what: "ejected", isFull: true)])
    }

    @Test func whatNeverEndedEndsWithTheRun() {
        let lanes = lanes([(18, nil, .alert, "begin")])
        #expect(lanes.lanes.first?.stretches == [.init(start: 18, end: 20, what: "begin", isFull: true)])
    }

    @Test func aChangeOfTheEndpointsIsAMark() {
        let lanes = lanes([(4, nil, .endpoints, "added"), (5, nil, .endpoints, "removed")])
        #expect(lanes.lanes.first?.marks.map(\.what) == ["added", "removed"])
        #expect(lanes.lanes.first?.stretches.isEmpty == true)
    }

    @Test func whereEventsWereTooManyALaneEndsWithTheLastThatWasKept() {
        var events = [(0.5, Int?.some(0), RunEvent.Kind.breaker, "open")]
        for turn in 0..<EventSummary.mostLines { events.append((1 + Double(turn) / 1_000, 1, .health, "healthy")) }
        let lanes = lanes(events)
        #expect(lanes.end < 3 && lanes.lanes.first?.stretches.first?.end == lanes.end)
    }
}
