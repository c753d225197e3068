import Core

/// Lanes beside each other over the course of a run: in which state something was, and when something happened to it.
package struct LaneChart: Sendable {
    package struct Stretch: Sendable {
        package var range: ClosedRange<Double>
        /// Said when the pointer rests there.
        package var text: String
        /// Drawn solid; otherwise it is on its way back.
        package var isFull: Bool

        package init(_ range: ClosedRange<Double>, _ text: String, isFull: Bool) {
            self.range = range
            self.text = text
            self.isFull = isFull
        }
    }

    package struct Lane: Sendable {
        package var name: String
        package var colour: ChartColour
        package var stretches: [Stretch]
        /// When something happened, and what.
        package var marks: [(at: Double, text: String)]

        package init(_ name: String, _ colour: ChartColour, stretches: [Stretch], marks: [(at: Double, text: String)]) {
            self.name = name
            self.colour = colour
            self.stretches = stretches
            self.marks = marks
        }
    }

    package var title: String
    package var description: String
    package var x: Axis
    package var lanes: [Lane]

    package init(_ title: String, description: String, x: Axis, lanes: [Lane]) {
        self.title = title
        self.description = description
        self.x = x
        self.lanes = lanes
    }

    /// The name of a lane stands above it where there is no room beside it.
    package func drawing(_ size: ChartSize) -> SVG {
        let isNarrow = size == .narrow
        let row = isNarrow ? 36.0 : 24.0
        let left = isNarrow ? 6.0 : 250.0
        let right = size.width - 16
        let (top, bottom) = (6.0, 38.0)
        let floor = top + row * Double(lanes.count)
        func place(_ value: Double) -> Double { left + x.share(of: value) * (right - left) }
        var elements: [Element] = []
        for tick in x.ticks(atMost: isNarrow ? 5 : 9) {
            let at = place(tick.value)
            let path = "M\(Drawing.number(at)) \(Drawing.number(top))V\(Drawing.number(floor))"
            elements.append(Element("path", ["class": "grid", "d": path]))
            elements.append(ChartFrame.text(tick.label, at, floor + 16, anchor: "middle", isMuted: true))
        }
        elements.append(ChartFrame.text(x.title, right, floor + 32, anchor: "end", isMuted: true))
        for (index, lane) in lanes.enumerated() {
            let above = top + row * Double(index)
            let (barTop, barHeight) = isNarrow ? (above + 18, 12.0) : (above + 6, 12.0)
            let name = PlainText.cut(PlainText.clean(lane.name), to: isNarrow ? 54 : 36)
            elements.append(
                isNarrow
                    ? ChartFrame.text(name, left, above + 13, anchor: "start")
                    : ChartFrame.text(name, left - 10, barTop + 10, anchor: "end"))
            let line = barTop + barHeight / 2
            let path = "M\(Drawing.number(left)) \(Drawing.number(line))H\(Drawing.number(right))"
            elements.append(Element("path", ["class": "grid", "d": path]))
            for stretch in lane.stretches {
                let (from, to) = (place(stretch.range.lowerBound), place(stretch.range.upperBound))
                elements.append(
                    Element(
                        "rect",
                        [
                            "class": "\(lane.colour.className) \(stretch.isFull ? "solid" : "soft")", "x": from,
                            "y": barTop,
                            "width": max(2, to - from), "height": barHeight,
                        ]
                    ) { Element("title") { stretch.text } })
            }
            for mark in lane.marks {
                elements.append(
                    Element(
                        "circle",
                        ["class": "\(lane.colour.className) dot", "cx": place(mark.at), "cy": line, "r": 5.0]
                    ) { Element("title") { mark.text } })
            }
        }
        return SVG(
            width: size.width, height: floor + bottom, title: title, description: description, elements)
    }
}
