import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("Charts draw what they were given")
struct ChartTests {
    private func chart(_ points: [LineChart.Point], isStepped: Bool = false) -> LineChart {
        var chart = LineChart(
            "Chart", description: "What it shows.", x: .linear("x", from: 0, to: 10), y: .linear("y", from: 0, to: 10))
        chart.series = [.init("line", points, .blue, isStepped: isStepped)]
        return chart
    }

    private func paths(_ chart: LineChart, _ size: ChartSize = .wide, of name: String) throws -> [String] {
        try MarkupReader.read(chart.drawing(size).element("wide").markup).all("path")
            .filter { $0["class"]?.hasPrefix(name) == true }.compactMap { $0["d"] }
    }

    @Test func aGapSplitsALineInTwo() throws {
        let points: [LineChart.Point] = [.init(0, 1), .init(1, 2), .init(2, nil), .init(3, 4), .init(4, 5)]
        let path = try #require(try paths(chart(points), of: "c1 line").first)
        #expect(path.filter { $0 == "M" }.count == 2 && path.filter { $0 == "L" }.count == 2)
    }

    @Test func aSteppedLineGoesAcrossThenUp() throws {
        let path = try #require(
            try paths(chart([.init(0, 0), .init(5, 10), .init(10, 10)], isStepped: true), of: "c1 line").first)
        #expect(path.contains("H") && path.contains("V") && !path.contains("L"))
    }

    @Test("Names at the ends never lie on each other", arguments: ChartSize.allCases)
    func names(size: ChartSize) throws {
        var many = chart([.init(0, 5), .init(10, 5)])
        many.series = (0..<6).map { .init("line \($0)", [.init(0, 5), .init(10, 5)], .number($0)) }
        let texts = try MarkupReader.read(many.drawing(size).element("wide").markup).all("text")
            .filter { $0.text.hasPrefix("line ") }
        let heights = texts.compactMap { $0["y"] }.compactMap(Double.init).sorted()
        #expect(heights.count == 6)
        for (one, next) in zip(heights, heights.dropFirst()) { #expect(next - one >= 14.9) }
    }

    @Test("Values that are no numbers or beyond all bounds stay within the drawing", arguments: ChartSize.allCases)
    func wild(size: ChartSize) throws {
        var wild = chart([.init(.nan, .infinity), .init(-1e300, .nan), .init(1e300, -.infinity), .init(5, 5)])
        wild.bands = [.init([.init(.infinity, 0...1e308), .init(3, -1e308...1)], .green)]
        wild.marks = [
            .begin(.nan, "a"), .limit(.infinity, from: .nan, "b"), .aside(-.infinity ... .infinity, "c"),
        ]
        wild.tips = [.init(-1e300...1e300, "tip")]
        let root = try MarkupReader.read(wild.drawing(size).element("wide").markup)
        for node in root.all {
            for name in ["x", "y", "width", "height"] {
                guard let text = node[name] else { continue }
                let value = try #require(Double(text))
                #expect((-40...1_000).contains(value), "\(name)=\(text)")
            }
            let path = node["d"] ?? ""
            #expect(!path.contains("nan") && !path.contains("inf") && !path.contains("e"))
        }
    }

    @Test func theSharesOfAStackAddUp() throws {
        let layers: [StackedChart.Layer] = [
            .init("one", [1, 0, .nan], .blue), .init("two", [3, -5, .infinity], .orange),
        ]
        let stack = StackedChart(
            "Stack", description: "Two.", x: .linear("x", from: 0, to: 3), yTitle: "y",
            columns: [0...1, 1...2, 2...3], layers: layers)
        let root = try MarkupReader.read(stack.drawing(.wide).element("wide").markup)
        let paths = root.all("path").filter { $0["class"]?.hasSuffix("solid") == true }.compactMap { $0["d"] }
        #expect(paths.count == 2 && paths.allSatisfy { $0.filter { $0 == "M" }.count == 1 })
    }

    @Test func aHeatMapKeepsEveryCell() throws {
        let bundle = try Kinds.bundle("many-steps")
        let map = try #require(LatencyHeatMap(bundle.latencies))
        let charted = HeatMapChart("Map", description: "Cells.", x: .time(from: 0, to: 70), map: map)
        for size in [ChartSize.wide, .narrow] {
            let root = try MarkupReader.read(charted.drawing(size).element("wide").markup)
            let shades = root.all("path").filter { $0["class"]?.hasPrefix("h") == true }
            let used = Set(map.columns.flatMap { $0.counts.map { map.shade($0, of: 8) } }).subtracting([0])
            #expect(shades.count == used.count)
        }
    }

    @Test func percentileCurvesOfTwoBuildsLieOverEachOther() throws {
        func histogram(_ factor: Int64) -> LatencyHistogram {
            var histogram = LatencyHistogram()
            for value in 1...2_000 as ClosedRange<Int64> { histogram.record(.microseconds(value * factor)) }
            return histogram
        }
        let overlay = PercentileChart(
            "Two builds",
            [
                .init("A", histogram(10), .blue), .init("B", histogram(13), .orange),
                .init("C", LatencyHistogram(), .grey),
            ],
            limits: [.init(percent: 99, milliseconds: 22, name: "p99 < 22ms")])
        let chart = try #require(overlay.chart)
        #expect(chart.series.map(\.name) == ["A", "B"] && chart.marks.count == 1)
        #expect(chart.description.hasPrefix("A: p50 10.0 ms"))
        #expect(PercentileChart("None", [.init("A", LatencyHistogram(), .blue)]).chart == nil)
    }

    @Test func aFileStandsAlone() throws {
        let text = String(decoding: chart([.init(0, 1), .init(10, 2)]).drawing(.wide).file, as: UTF8.self)
        let root = try MarkupReader.read(text)
        #expect(root.all("style").first?.text.contains("prefers-color-scheme:dark") == true)
        #expect(root.all("title").first?.text == "Chart")
    }
}
