import Core

/// Lines and bands over two axes, each line named at its end.
package struct LineChart: Sendable {
    package struct Point: Hashable, Sendable {
        package var x: Double
        /// Nil where there is no value: the line has a gap.
        package var y: Double?

        package init(_ x: Double, _ y: Double?) {
            self.x = x
            self.y = y
        }
    }

    package struct Series: Sendable {
        /// Stands at the end of the line; none for an empty name.
        package var name: String
        /// Ascending in x.
        package var points: [Point]
        package var colour: ChartColour
        /// Keeps its height up to the next point: counts of a stretch of time.
        package var isStepped = false
        package var isDashed = false
        package var isThin = false
        /// Each point gets a dot: a few measured values.
        package var hasDots = false

        package init(
            _ name: String, _ points: [Point], _ colour: ChartColour, isStepped: Bool = false, isDashed: Bool = false,
            isThin: Bool = false, hasDots: Bool = false
        ) {
            self.name = name
            self.points = points
            self.colour = colour
            self.isStepped = isStepped
            self.isDashed = isDashed
            self.isThin = isThin
            self.hasDots = hasDots
        }
    }

    /// The room between two lines.
    package struct Band: Sendable {
        package struct Part: Hashable, Sendable {
            package var x: Double
            /// Nil where there is nothing.
            package var range: ClosedRange<Double>?

            package init(_ x: Double, _ range: ClosedRange<Double>?) {
                self.x = x
                self.range = range
            }
        }

        package var parts: [Part]
        package var colour: ChartColour
        package var isStepped: Bool
        package var isStrong: Bool

        package init(_ parts: [Part], _ colour: ChartColour, isStepped: Bool = false, isStrong: Bool = false) {
            self.parts = parts
            self.colour = colour
            self.isStepped = isStepped
            self.isStrong = isStrong
        }
    }

    package enum Mark: Hashable, Sendable {
        /// Where something begins, on the first axis.
        case begin(Double, String)
        /// A limit on the second axis, from a place on the first one on.
        case limit(Double, from: Double?, String)
        /// A stretch of the first axis that does not count.
        case aside(ClosedRange<Double>, String)
    }

    /// What is said of a stretch of the first axis when the pointer rests there.
    package struct Tip: Hashable, Sendable {
        package var range: ClosedRange<Double>
        package var text: String

        package init(_ range: ClosedRange<Double>, _ text: String) {
            self.range = range
            self.text = text
        }
    }

    package var title: String
    /// What it shows in words, with the figures that matter, for those who do not see it.
    package var description: String
    package var x: Axis
    package var y: Axis
    package var series: [Series] = []
    package var bands: [Band] = []
    package var marks: [Mark] = []
    package var tips: [Tip] = []
    /// Units; nil for what suits the size.
    package var height: Double?

    package init(_ title: String, description: String, x: Axis, y: Axis) {
        self.title = title
        self.description = description
        self.x = x
        self.y = y
    }

    /// The chart laid out for a size.
    package func drawing(_ size: ChartSize) -> SVG {
        let names = series.map { PlainText.cut(PlainText.clean($0.name), to: size == .narrow ? 14 : 24) }
        let longest = names.map { $0.isEmpty ? 0 : Drawing.width(of: $0) + 28 }.max() ?? 0
        let height = height ?? (size == .wide ? 320 : size == .narrow ? 280 : 210)
        let frame = ChartFrame(size, height: height, x: x, y: y, right: max(18, longest))
        var elements = marks.compactMap { Self.aside($0, frame) } + frame.grid
        elements += bands.map { Self.band($0, frame) }
        elements += series.flatMap { Self.line($0, frame) }
        elements += marks.flatMap { Self.mark($0, frame) }
        elements += ends(names, frame)
        if size != .narrow { elements += tips.map { Self.tip($0, frame) } }
        return SVG(width: size.width, height: height, title: title, description: description, elements)
    }

    // MARK: Parts

    private static func line(_ series: Series, _ frame: ChartFrame) -> [Element] {
        var path = ""
        var run: [(x: Double, y: Double)] = []
        func close() {
            // A single value between two gaps would be no line at all.
            if run.count == 1, !series.hasDots, let only = run.first { run.append((only.x + 1.5, only.y)) }
            if !run.isEmpty { path += series.isStepped ? Drawing.steps(run) : Drawing.line(run) }
            run = []
        }
        for point in series.points {
            if let y = point.y { run.append((frame.x(point.x), frame.y(y))) } else { close() }
        }
        close()
        guard !path.isEmpty else { return [] }
        var name = "\(series.colour.className) line"
        if series.isDashed { name += " dashed" }
        if series.isThin { name += " thin" }
        let dots =
            series.hasDots
            ? series.points.compactMap { point in
                point.y.map {
                    Element(
                        "circle",
                        [
                            "class": "\(series.colour.className) dot", "cx": frame.x(point.x), "cy": frame.y($0),
                            "r": 4.0,
                        ])
                }
            } : []
        return [Element("path", ["class": name, "d": path])] + dots
    }

    private static func band(_ band: Band, _ frame: ChartFrame) -> Element {
        var path = ""
        var upper: [(x: Double, y: Double)] = []
        var lower: [(x: Double, y: Double)] = []
        func close() {
            guard let first = upper.first, let last = lower.last else { return }
            if band.isStepped {
                path += Drawing.steps(upper) + "V\(Drawing.number(last.y))"
                for index in lower.indices.dropFirst().reversed() {
                    path += "H\(Drawing.number(lower[index].x))V\(Drawing.number(lower[index - 1].y))"
                }
                path += "H\(Drawing.number(first.x))Z"
            } else {
                path += Drawing.line(upper + lower.reversed()) + "Z"
            }
            (upper, lower) = ([], [])
        }
        for part in band.parts {
            guard let range = part.range else {
                close()
                continue
            }
            upper.append((frame.x(part.x), frame.y(range.upperBound)))
            lower.append((frame.x(part.x), frame.y(range.lowerBound)))
        }
        close()
        return Element("path", ["class": "\(band.colour.className) band\(band.isStrong ? " strong" : "")", "d": path])
    }

    private static func aside(_ mark: Mark, _ frame: ChartFrame) -> Element? {
        guard case .aside(let range, _) = mark else { return nil }
        let (from, to) = (frame.x(range.lowerBound), frame.x(range.upperBound))
        return Element(
            "rect",
            ["class": "aside", "x": from, "y": frame.top, "width": to - from, "height": frame.plotHeight])
    }

    private static func mark(_ mark: Mark, _ frame: ChartFrame) -> [Element] {
        func name(_ text: String, _ x: Double, _ y: Double, room: Double) -> Element? {
            Drawing.width(of: text) + 6 < room
                ? ChartFrame.text(text, x + 4, y, anchor: "start", isMuted: true, hasHalo: true) : nil
        }
        switch mark {
        case .begin(let at, let text):
            let x = frame.x(at)
            let path = "M\(Drawing.number(x)) \(Drawing.number(frame.top))V\(Drawing.number(frame.floor))"
            return [Element("path", ["class": "mark", "d": path])]
                + [name(text, x, frame.top + 12, room: frame.edge - x)].compactMap { $0 }
        case .limit(let at, let from, let text):
            let x = from.map(frame.x) ?? frame.left
            let y = frame.y(at)
            let path = "M\(Drawing.number(x)) \(Drawing.number(y))H\(Drawing.number(frame.edge))"
            // A name that finds no room to the right of its place stands before the edge.
            let start = min(x, frame.edge - Drawing.width(of: text) - 10)
            return [Element("path", ["class": "limit", "d": path])]
                + [name(text, max(frame.left, start), y - 5, room: frame.plotWidth)].compactMap { $0 }
        case .aside(let range, let text):
            let x = frame.x(range.lowerBound)
            return [name(text, x, frame.top + 12, room: frame.x(range.upperBound) - x)].compactMap { $0 }
        }
    }

    private static func tip(_ tip: Tip, _ frame: ChartFrame) -> Element {
        let (from, to) = (frame.x(tip.range.lowerBound), frame.x(tip.range.upperBound))
        return Element(
            "rect",
            ["class": "tip", "x": from, "y": frame.top, "width": max(0.5, to - from), "height": frame.plotHeight]
        ) { Element("title") { tip.text } }
    }

    /// The names at the ends of the lines, pushed apart where they would lie on each other.
    private func ends(_ names: [String], _ frame: ChartFrame) -> [Element] {
        var labels: [(y: Double, index: Int)] = []
        for (index, series) in series.enumerated() where !names[index].isEmpty {
            guard let last = series.points.last(where: { $0.y != nil }), let y = last.y else { continue }
            labels.append((frame.y(y), index))
        }
        labels.sort { ($0.y, $0.index) < ($1.y, $1.index) }
        let gap = 15.0
        for place in labels.indices.dropFirst() {
            labels[place].y = max(labels[place].y, labels[place - 1].y + gap)
        }
        // What was pushed below the floor goes up again, and pushes the others.
        var lowest = frame.floor
        for place in labels.indices.reversed() {
            labels[place].y = min(labels[place].y, lowest)
            lowest = labels[place].y - gap
        }
        return labels.flatMap { label -> [Element] in
            let series = series[label.index]
            let swatch = "M\(Drawing.number(frame.edge + 5)) \(Drawing.number(label.y))h12"
            return [
                Element(
                    "path",
                    [
                        "class": "\(series.colour.className) line\(series.isDashed ? " dashed" : "")"
                            + (series.isThin ? " thin" : ""), "d": swatch,
                    ]),
                ChartFrame.text(names[label.index], frame.edge + 21, label.y + 4, anchor: "start"),
            ]
        }
    }
}
