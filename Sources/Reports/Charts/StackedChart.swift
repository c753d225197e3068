import Core

/// Layers on top of each other over the course of a run, one column for each stretch of time.
package struct StackedChart: Sendable {
    package struct Layer: Sendable {
        package var name: String
        /// One for each column, not negative.
        package var values: [Double]
        package var colour: ChartColour

        package init(_ name: String, _ values: [Double], _ colour: ChartColour) {
            self.name = name
            self.values = values
            self.colour = colour
        }
    }

    package var title: String
    package var description: String
    package var x: Axis
    package var yTitle: String
    /// From where to where each column reaches on the first axis.
    package var columns: [ClosedRange<Double>]
    /// From the bottom to the top.
    package var layers: [Layer]
    package var marks: [LineChart.Mark] = []
    /// What is said of each column when the pointer rests there.
    package var tips: [String] = []

    package init(
        _ title: String, description: String, x: Axis, yTitle: String, columns: [ClosedRange<Double>], layers: [Layer]
    ) {
        self.title = title
        self.description = description
        self.x = x
        self.yTitle = yTitle
        self.columns = columns
        self.layers = layers
    }

    package func drawing(_ size: ChartSize) -> SVG {
        let sums = columns.indices.map { place in layers.reduce(0) { $0 + value($1, place) } }
        let y = Axis.linear(yTitle, upTo: sums.max() ?? 0)
        let names = layers.reversed().map { PlainText.cut(PlainText.clean($0.name), to: 32) }
        let rows = ChartFrame.legendRows(names, size)
        let height = (size == .wide ? 240 : 220) + Double(rows) * ChartFrame.legendRow
        let frame = ChartFrame(size, height: height, x: x, y: y, legend: rows)
        var elements = frame.grid
        var floor = [Double](repeating: 0, count: columns.count)
        for layer in layers {
            var path = ""
            for (place, column) in columns.enumerated() {
                let value = value(layer, place)
                guard value > 0 else { continue }
                let (from, to) = (frame.x(column.lowerBound), frame.x(column.upperBound))
                let (bottom, top) = (frame.y(floor[place]), frame.y(floor[place] + value))
                floor[place] += value
                // What happened is seen, however rare it was.
                let height = max(bottom - top, 0.8)
                path += "M\(Drawing.number(from)) \(Drawing.number(bottom))v\(Drawing.number(-height))"
                path += "H\(Drawing.number(max(to, from + 0.6)))v\(Drawing.number(height))z"
            }
            guard !path.isEmpty else { continue }
            elements.append(Element("path", ["class": "\(layer.colour.className) solid", "d": path]))
        }
        elements += frame.legend(zip(names, layers.reversed().map(\.colour)).map { (name: $0, style: $1) })
        if size != .narrow {
            for (column, text) in zip(columns, tips) {
                let (from, to) = (frame.x(column.lowerBound), frame.x(column.upperBound))
                elements.append(
                    Element(
                        "rect",
                        [
                            "class": "tip", "x": from, "y": frame.top, "width": max(0.5, to - from),
                            "height": frame.plotHeight,
                        ]
                    ) { Element("title") { text } })
            }
        }
        return SVG(width: size.width, height: height, title: title, description: description, elements)
    }

    private func value(_ layer: Layer, _ place: Int) -> Double {
        guard layer.values.indices.contains(place), layer.values[place].isFinite else { return 0 }
        return max(0, layer.values[place])
    }
}
