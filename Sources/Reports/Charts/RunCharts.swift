package import Analysis
import Core
import Recording

/// The charts of one run. Each is nil when there is nothing to show.
package struct RunCharts: Sendable {
    private let bundle: Bundle
    private let summary: RunSummary
    let course: Course
    /// From the start of the run to its end, in seconds.
    let time: Axis

    package init(_ bundle: Bundle, _ summary: RunSummary) {
        self.bundle = bundle
        self.summary = summary
        course = Course(bundle.latencies)
        let end = max(course.columns.map(\.end).max() ?? 0, summary.run.phases.map { $0.start + $0.seconds }.max() ?? 0)
        time = .time(from: 0, to: max(end, 0.1))
    }

    var run: Measurement { summary.run }

    // MARK: Latency

    package var percentiles: LineChart? {
        func histogram(_ series: SeriesName) -> LatencyHistogram {
            bundle.latencies.bySeries[series.tag] ?? LatencyHistogram()
        }
        var curves = [
            PercentileChart.Curve("response", histogram(.response), .blue),
            PercentileChart.Curve("service", histogram(.service), .orange, isDashed: true),
        ]
        guard curves.contains(where: { !$0.histogram.isEmpty }) else { return nil }
        curves.append(
            PercentileChart.Curve("warm-up", histogram(.warmUpResponse), .grey, isDashed: true, isThin: true))
        let limits = summary.budgets.prefix(4).compactMap { result -> PercentileChart.Limit? in
            guard case .percentile(let percent) = result.budget.statistic, result.budget.scope == nil,
                result.budget.comparison == .below || result.budget.comparison == .atMost
            else { return nil }
            return PercentileChart.Limit(
                percent: percent, milliseconds: result.budget.limit / 1e6,
                name: PlainText.cut(result.budget.text, to: 40))
        }
        return PercentileChart("Latency by percentile", curves, limits: limits).chart
    }

    /// p50, p90, p99 and the longest time, each with the room up to the next.
    package var bands: LineChart? {
        let known = course.columns.compactMap(\.response)
        guard let longest = known.map(\.maximum).max(), let shortest = known.map(\.p50).min() else { return nil }
        let y = Axis.logarithmic("response time, ms, logarithmic", from: shortest, to: longest)
        let worst = course.columns.max { ($0.response?.p99 ?? -1) < ($1.response?.p99 ?? -1) }
        var text = "p50 from \(Self.time(known.map(\.p50).min())) to \(Self.time(known.map(\.p50).max())), "
        text += "p99 from \(Self.time(known.map(\.p99).min())) to \(Self.time(known.map(\.p99).max()))"
        if let worst { text += ", worst at \(Figures.seconds(worst.start))" }
        var chart = LineChart("Response time over the run", description: text + ".", x: time, y: y)
        func points(_ path: KeyPath<Course.Percentiles, Double>) -> [LineChart.Point] {
            spread { $0.response?[keyPath: path] }
        }
        func parts(
            _ low: KeyPath<Course.Percentiles, Double>, _ high: KeyPath<Course.Percentiles, Double>
        ) -> [LineChart.Band.Part] {
            zip(points(low), points(high)).map { low, high in
                guard let from = low.y, let to = high.y, from <= to else { return .init(low.x, nil) }
                return .init(low.x, from...to)
            }
        }
        chart.bands = [
            .init(parts(\.p50, \.p90), .blue, isStrong: true), .init(parts(\.p90, \.p99), .blue),
        ]
        chart.series = [
            .init("max", points(\.maximum), .grey, isThin: true), .init("p99", points(\.p99), .vermilion),
            .init("p90", points(\.p90), .sky, isThin: true), .init("p50", points(\.p50), .blue),
        ]
        chart.marks = marks
        chart.tips = tips { column in
            guard let response = column.response else { return "no call ended" }
            return
                "p50 \(Self.time(response.p50)), p90 \(Self.time(response.p90)), p99 \(Self.time(response.p99)), max "
                + "\(Self.time(response.maximum)) of \(Figures.count(response.count, "call"))"
        }
        return chart
    }

    package var heatMap: HeatMapChart? {
        guard let map = LatencyHeatMap(bundle.latencies) else { return nil }
        let text =
            "Calls by response time, from \(Self.time(map.lowest)) to \(Self.time(map.highest)), in \(map.columns.count) "
            + "stretches of time; the deeper the shade, the more calls."
        return HeatMapChart("Where the calls were", description: text, x: time, map: map)
    }

    // MARK: Load

    /// What was offered, what came through, and what was dropped.
    package var rates: LineChart? {
        guard !course.columns.isEmpty, run.ledger.scheduled + run.ledger.completed > 0 else { return nil }
        let highest = course.columns.map { max($0.offered.upperBound, $0.completed.upperBound) }.max() ?? 0
        let dropped = run.ledger.dropped
        var text = "\(Figures.rate(run.rates.offered)) offered, \(Figures.rate(run.rates.achieved)) completed"
        text += dropped > 0 ? ", \(Figures.count(dropped, "arrival")) dropped." : ", none dropped."
        var chart = LineChart(
            "Offered and completed rate", description: text, x: time,
            y: .linear("arrivals per second", upTo: highest * Self.headroom))
        let joins = course.columns.contains { $0.completed.lowerBound < $0.completed.upperBound }
        if joins {
            chart.bands = [
                .init(stepped.map { .init($0.x, $0.column?.completed) }, .blue, isStepped: true)
            ]
        }
        chart.series = [
            .init(
                "offered", stepped.map { .init($0.x, $0.column?.rates.offered) }, .orange, isStepped: true,
                isDashed: true),
            .init("completed", stepped.map { .init($0.x, $0.column?.rates.achieved) }, .blue, isStepped: true),
        ]
        if dropped > 0 {
            let points = stepped.map { step in
                LineChart.Point(step.x, step.column.map { Double($0.ledger.dropped) / $0.seconds })
            }
            chart.series.append(.init("dropped", points, .vermilion, isStepped: true))
        }
        chart.marks = marks
        chart.tips = tips { column in
            "\(Figures.rate(column.rates.offered)) offered, \(Figures.rate(column.rates.achieved)) completed"
                + (column.ledger.dropped > 0 ? ", \(Figures.count(column.ledger.dropped)) dropped" : "")
        }
        return chart
    }

    /// Failed calls by kind, and those that the client turned away.
    package var failures: StackedChart? {
        var totals: [(name: String, count: Int, values: [Double])] = []
        for kind in FailureKind.allCases {
            let counts = course.columns.map { $0.failures[kind] ?? 0 }
            let sum = counts.reduce(0, +)
            if sum > 0 { totals.append((kind.name, sum, Self.perSecond(counts, course.columns))) }
        }
        let rejected = course.columns.map(\.ledger.rejected)
        let turned = rejected.reduce(0, +)
        if turned > 0 { totals.append(("rejected by the client", turned, Self.perSecond(rejected, course.columns))) }
        guard !totals.isEmpty else { return nil }
        totals.sort { ($1.count, $0.name) < ($0.count, $1.name) }
        let most = 6
        var layers = totals.prefix(most).enumerated().map { index, entry in
            StackedChart.Layer(
                "\(entry.name) (\(Figures.count(entry.count)))", entry.values, Self.failureColours[index])
        }
        let rest = totals.dropFirst(most)
        if !rest.isEmpty {
            let sums = course.columns.indices.map { place in rest.reduce(0) { $0 + $1.values[place] } }
            let count = rest.reduce(0) { $0 + $1.count }
            layers.append(.init("\(rest.count) more kinds (\(Figures.count(count)))", sums, .grey))
        }
        let text = totals.prefix(most).map { "\($0.name) \(Figures.count($0.count))" }.joined(separator: ", ")
        var chart = StackedChart(
            "Failures by kind over the run", description: text + ".", x: time, yTitle: "failures per second",
            columns: course.columns.map { $0.start...$0.end }, layers: layers)
        chart.tips = course.columns.map { column in
            let kinds = FailureKind.allCases.compactMap { kind in
                column.failures[kind].map { "\(kind.name) \(Figures.count($0))" }
            }
            let all = kinds + (column.ledger.rejected > 0 ? ["rejected \(Figures.count(column.ledger.rejected))"] : [])
            return "\(Self.stretch(column)): \(all.isEmpty ? "none" : all.joined(separator: ", "))"
        }
        return chart
    }

    private static let failureColours: [ChartColour] = [.vermilion, .orange, .purple, .blue, .green, .sky]

    private static func perSecond(_ counts: [Int], _ columns: [Course.Column]) -> [Double] {
        zip(counts, columns).map { Double($0) / $1.seconds }
    }

    package var inFlight: LineChart? {
        levels(
            "Calls in flight and connections", "count",
            [
                ("in flight", .blue, { Double($0.inFlight) }), ("connections", .orange, { Double($0.connections) }),
            ]
        ) { Figures.count(Int($0)) }
    }

    // MARK: Generator

    package var sendLag: LineChart? {
        levels("Send lag, worst second", "send lag p99, ms", [("p99", .blue, { $0.sendLagP99Ms })]) { Self.time($0) }
    }

    package var busiestLoop: LineChart? {
        levels(
            "Busiest loop, worst second", "% of a core", [("busiest", .blue, { $0.busiestLoop.map { $0 * 100 } })]
        ) { "\($0.trimmed(1)) %" }
    }

    // MARK: Policies

    package var retryBudget: LineChart? {
        levels(
            "Retry budget left", "% of the budget, least", [("left", .green, { $0.retryBudgetLeft.map { $0 * 100 } })]
        ) { "\($0.trimmed(1)) %" }
    }

    package var availability: LineChart? {
        levels(
            "Endpoints available", "endpoints",
            [
                ("all", .grey, { $0.endpoints.map { Double($0) } }),
                ("available", .green, { $0.endpointsAvailable.map { Double($0) } }),
            ]
        ) { Figures.count(Int($0)) }
    }

    /// Breakers, ejections, checks, discovery and alerts.
    package var events: LaneChart? {
        guard run.events.total > 0 else { return nil }
        let lanes = EventLanes(run.events, until: time.high, atMost: Self.mostLanes)
        guard !lanes.lanes.isEmpty else { return nil }
        let text =
            "\(Figures.count(run.events.total, "event")) in \(Figures.count(lanes.lanes.count, "lane")): "
            + run.events.groups.prefix(6).map { "\($0.kind) \($0.what) \(Figures.count($0.count))" }
            .joined(separator: ", ") + "."
        let kinds = RunEvent.Kind.allCases.map(\.rawValue)
        return LaneChart(
            "What happened when", description: text, x: time,
            lanes: lanes.lanes.map { lane in
                let colour = Self.laneColours[kinds.firstIndex(of: lane.kind) ?? 0]
                let stretches = lane.stretches.prefix(Self.mostShapes).map {
                    LaneChart.Stretch(
                        $0.start...$0.end, "\($0.what) from \(Self.second($0.start)) to \(Self.second($0.end))",
                        isFull: $0.isFull)
                }
                let marks = lane.marks.prefix(Self.mostShapes).map {
                    (
                        at: $0.time,
                        text: PlainText.cut("\(Self.second($0.time)): \($0.what) \($0.detail)", to: 120)
                    )
                }
                let name = lane.subject.isEmpty ? lane.kind : "\(lane.kind) \(lane.subject)"
                return LaneChart.Lane(name, colour, stretches: stretches, marks: marks)
            })
    }

    private static let mostLanes = 24
    private static let mostShapes = 400
    private static let laneColours: [ChartColour] = [.vermilion, .orange, .purple, .blue, .grey, .green]

    // MARK: Parts

    /// Where a chart of points has them: in the middle of each column, and nothing where a column is missing.
    private func spread(_ value: (Course.Column) -> Double?) -> [LineChart.Point] {
        course.columns.map { LineChart.Point($0.start + $0.seconds / 2, value($0)) }
    }

    /// Where a chart of steps has them: at the start of each column, and at the end of the last one.
    private var stepped: [(x: Double, column: Course.Column?)] {
        var steps: [(x: Double, column: Course.Column?)] = course.columns.map { ($0.start, $0) }
        if let last = course.columns.last { steps.append((last.end, last)) }
        return steps
    }

    private func tips(_ text: (Course.Column) -> String) -> [LineChart.Tip] {
        course.columns.map { LineChart.Tip($0.start...$0.end, "\(Self.stretch($0)): \(text($0))") }
    }

    /// Gauges of the columns, as steps.
    private func levels(
        _ title: String, _ unit: String,
        _ values: [(name: String, colour: ChartColour, of: (Course.Column) -> Double?)],
        _ text: (Double) -> String
    ) -> LineChart? {
        var series: [LineChart.Series] = []
        var words: [String] = []
        var highest = 0.0
        for value in values {
            let points = stepped.map { LineChart.Point($0.x, $0.column.flatMap(value.of)) }
            guard let most = points.compactMap(\.y).max(), let least = points.compactMap(\.y).min() else { continue }
            highest = max(highest, most)
            words.append("\(value.name) from \(text(least)) to \(text(most))")
            series.append(.init(value.name, points, value.colour, isStepped: true))
        }
        guard !series.isEmpty else { return nil }
        var chart = LineChart(
            title, description: words.joined(separator: ", ") + ".", x: time,
            y: .linear(unit, upTo: unit.hasPrefix("%") ? highest : highest * Self.headroom))
        chart.series = series
        chart.tips = tips { column in
            values.compactMap { value in value.of(column).map { "\(value.name) \(text($0))" } }.joined(separator: ", ")
        }
        return chart
    }

    /// Warm-up, and where the phases of the load begin.
    private var marks: [LineChart.Mark] {
        var marks: [LineChart.Mark] = []
        let measured = run.phases.filter { !$0.warmUp }
        if let first = measured.first, run.phases.first?.warmUp == true, first.start > 0 {
            marks.append(.aside(0...first.start, "warm-up"))
        }
        for (index, phase) in measured.enumerated().dropFirst().prefix(Self.mostPhases) {
            let next = index + 1 < measured.count ? measured[index + 1].start : time.high
            let text = PlainText.cut(PlainText.clean(phase.text), to: 28)
            // A name is shown where the phase is long enough for it on a wide page.
            let room = (next - phase.start) / max(time.high, 1e-9) * 800
            marks.append(.begin(phase.start, Drawing.width(of: text) + 10 < room ? text : ""))
        }
        return marks
    }

    private static let mostPhases = 24
    /// A line along the upper edge of a chart is hard to see.
    private static let headroom = 1.04

    private static func stretch(_ column: Course.Column) -> String {
        "\(second(column.start)) to \(second(column.end))"
    }

    private static func second(_ seconds: Double) -> String { "\(seconds.trimmed(1)) s" }

    /// Milliseconds in the unit a person would choose.
    private static func time(_ milliseconds: Double?) -> String {
        milliseconds.map { Span(seconds: $0 / 1e3).description } ?? "–"
    }
}
