import Core

/// The room of a chart that two axes span, with the grid and the names around it.
struct ChartFrame {
    let size: ChartSize
    let height: Double
    let x: Axis
    let y: Axis
    /// What is kept free around the plot, for names.
    let left: Double
    let right: Double
    let top: Double
    let bottom = 40.0

    private let across: [Axis.Tick]
    private let up: [Axis.Tick]

    /// - Parameters:
    ///   - right: room for names of lines, in units.
    ///   - legend: rows of names above the plot.
    init(_ size: ChartSize, height: Double, x: Axis, y: Axis, right: Double = 18, legend: Int = 0) {
        self.size = size
        self.height = height
        self.x = x
        self.y = y
        self.right = right
        across = x.ticks(atMost: size.labelsAcross)
        up = y.ticks(atMost: size.labelsUp)
        let longest = up.map { Drawing.width(of: $0.label) }.max() ?? 0
        left = max(34, longest + 14)
        top = 26 + Double(legend) * Self.legendRow
    }

    static let legendRow = 18.0

    var plotWidth: Double { max(10, size.width - left - right) }
    var plotHeight: Double { max(10, height - top - bottom) }
    var edge: Double { left + plotWidth }
    var floor: Double { top + plotHeight }

    func x(_ value: Double) -> Double { left + x.share(of: value) * plotWidth }
    func y(_ value: Double) -> Double { floor - y.share(of: value) * plotHeight }

    /// Lines, ticks, and the titles of both axes.
    var grid: [Element] {
        var lines: [Element] = []
        for tick in up {
            let at = y(tick.value)
            lines.append(rule("M\(Drawing.number(left)) \(Drawing.number(at))H\(Drawing.number(edge))", tick))
        }
        for tick in across {
            let at = x(tick.value)
            lines.append(rule("M\(Drawing.number(at)) \(Drawing.number(top))V\(Drawing.number(floor))", tick))
        }
        lines.append(
            Element(
                "path",
                ["class": "base", "d": "M\(Drawing.number(left)) \(Drawing.number(floor))H\(Drawing.number(edge))"]))
        return lines + names
    }

    private func rule(_ path: String, _ tick: Axis.Tick) -> Element {
        Element("path", ["class": tick.label.isEmpty ? "grid faint" : "grid", "d": path])
    }

    private var names: [Element] {
        var names: [Element] = []
        for tick in up where !tick.label.isEmpty {
            names.append(Self.text(tick.label, left - 7, y(tick.value) + 4, anchor: "end", isMuted: true))
        }
        var last = -Double.infinity
        for tick in across where !tick.label.isEmpty {
            let (at, width) = (x(tick.value), Drawing.width(of: tick.label))
            // Names that would run into each other: the first of them stays.
            guard at - width / 2 > last + 4 else { continue }
            last = at + width / 2
            names.append(Self.text(tick.label, at, floor + 16, anchor: "middle", isMuted: true))
        }
        names.append(Self.text(y.title, 2, 12, anchor: "start", isMuted: true))
        names.append(Self.text(x.title, edge, height - 6, anchor: "end", isMuted: true))
        return names
    }

    static func text(
        _ text: String, _ x: Double, _ y: Double, anchor: StaticString, isMuted: Bool = false, hasHalo: Bool = false
    ) -> Element {
        let classes = [isMuted ? "muted" : nil, hasHalo ? "halo" : nil].compactMap { $0 }
        return Element(
            "text",
            [
                "class": classes.isEmpty ? nil : classes.joined(separator: " "), "x": x, "y": y,
                "text-anchor": "\(anchor)" == "start" ? nil : "\(anchor)",
            ]
        ) { text }
    }

    // MARK: Legend

    /// Names with their colours above the plot, in as many rows as they take.
    static func legendRows(_ names: [String], _ size: ChartSize) -> Int {
        names.isEmpty ? 0 : (places(names, size).last?.row ?? 0) + 1
    }

    func legend(_ entries: [(name: String, style: ChartColour)]) -> [Element] {
        let places = Self.places(entries.map(\.name), size)
        return zip(entries, places).flatMap { entry, place -> [Element] in
            let y = 18 + Double(place.row) * Self.legendRow
            return [
                Element(
                    "rect",
                    ["class": "\(entry.style.className) solid", "x": place.x, "y": y, "width": 10.0, "height": 10.0]),
                Self.text(entry.name, place.x + 14, y + 9, anchor: "start"),
            ]
        }
    }

    private static func places(_ names: [String], _ size: ChartSize) -> [(x: Double, row: Int)] {
        var (x, row) = (2.0, 0)
        return names.map { name in
            let width = 14 + Drawing.width(of: name) + 14
            if x > 2, x + width > size.width { (x, row) = (2, row + 1) }
            defer { x += width }
            return (x, row)
        }
    }
}

/// The colour of a series; the first seven differ for every kind of colour vision.
package enum ChartColour: Int, CaseIterable, Sendable {
    case blue = 1, orange, green, vermilion, purple, sky, grey

    /// The colours in turn; after the seventh it begins again.
    package static func number(_ index: Int) -> ChartColour { allCases[max(0, index) % allCases.count] }

    var className: String { "c\(rawValue)" }
}
