package import Analysis
import Core

/// The response time over the course of a run: how many calls took how long when.
package struct HeatMapChart: Sendable {
    package var title: String
    package var description: String
    package var x: Axis
    package var map: LatencyHeatMap

    /// As many as `ChartStyle` has colours for.
    static let shades = 8

    package init(_ title: String, description: String, x: Axis, map: LatencyHeatMap) {
        self.title = title
        self.description = description
        self.x = x
        self.map = map
    }

    package func drawing(_ size: ChartSize) -> SVG {
        let y = Axis.logarithmic("response time, ms", from: map.lowest, to: map.highest)
        let height = size == .wide ? 330.0 : 290.0
        let frame = ChartFrame(size, height: height, x: x, y: y, legend: 1)
        let edges = map.edges.map(frame.y)
        var paths = [String](repeating: "", count: Self.shades + 1)
        for bin in 0..<max(0, edges.count - 1) {
            // Cells of one shade beside each other are one rectangle.
            var start = 0
            while start < map.columns.count {
                let shade = shade(start, bin)
                var end = start + 1
                while end < map.columns.count, self.shade(end, bin) == shade, isNext(end) { end += 1 }
                if shade > 0 {
                    let from = frame.x(map.columns[start].start)
                    let to = frame.x(map.columns[end - 1].start + map.columns[end - 1].seconds)
                    paths[shade] += "M\(Drawing.number(from)) \(Drawing.number(edges[bin]))"
                    paths[shade] += "H\(Drawing.number(max(to, from + 0.5)))V\(Drawing.number(edges[bin + 1]))"
                    paths[shade] += "H\(Drawing.number(from))z"
                }
                start = end
            }
        }
        var elements = frame.grid
        for shade in 1...Self.shades where !paths[shade].isEmpty {
            elements.append(Element("path", ["class": "h\(shade)", "d": paths[shade]]))
        }
        return SVG(
            width: size.width, height: height, title: title, description: description, elements + key(frame))
    }

    private func shade(_ column: Int, _ bin: Int) -> Int { map.shade(map.columns[column].counts[bin], of: Self.shades) }

    /// Whether a column begins where the one before it ends.
    private func isNext(_ column: Int) -> Bool {
        let before = map.columns[column - 1]
        return map.columns[column].start <= before.start + before.seconds * 1.01
    }

    /// What the shades mean: the fewest calls of the palest, and the most of the deepest.
    private func key(_ frame: ChartFrame) -> [Element] {
        let cell = 16.0
        let first = "calls in a cell: 1"
        let start = 2 + Drawing.width(of: first) + 8
        var elements = [ChartFrame.text(first, 2, 32, anchor: "start", isMuted: true)]
        var at = start
        for shade in 1...Self.shades {
            // With few calls several shades would mean the same count, and some none at all.
            let least = map.least(ofShade: shade, of: Self.shades)
            guard map.shade(least, of: Self.shades) == shade else { continue }
            elements.append(
                Element("rect", ["class": "h\(shade)", "x": at, "y": 23.0, "width": cell, "height": 11.0]))
            at += cell
        }
        elements.append(ChartFrame.text(Figures.count(map.most), at + 7, 32, anchor: "start", isMuted: true))
        return elements
    }
}
