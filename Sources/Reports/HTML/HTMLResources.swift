import Analysis
import Core

/// What was behind the services of the lab: a small chart for each thing that was counted.
enum HTMLResources {
    /// Resources that are drawn, and charts of each.
    private static let mostDrawn = 20
    private static let mostCharts = 12

    static func contents(_ summary: RunSummary, _ records: [ResourceRecord]) -> [Element?] {
        let resources = summary.resources ?? []
        guard !resources.isEmpty || summary.model != nil else { return [] }
        var elements: [Element?] = []
        if let model = summary.model, !model.isEmpty {
            elements += [Element("h3") { "Model" }, HTML.list(Array(model.prefix(HTMLTable.mostRows)))]
        }
        if !resources.isEmpty {
            elements.append(
                HTML.note(
                    "Warm-up is in these figures. time runs from coming in to being done, waiting included; p99 of a point is that "
                        + "of its worst second; busy, waiting and workers are means over time."))
        }
        for (index, resource) in resources.enumerated().prefix(HTMLTable.mostRows) {
            let courses = index < min(mostDrawn, records.count) ? ResourceCourse.all(of: records[index]) : []
            elements += [
                Element("h3") { "\(resource.name), \(resource.kind)" },
                courses.isEmpty
                    ? nil
                    : Element("div", ["class": "small"]) { courses.prefix(mostCharts).map(small) },
                HTML.details("\(resource.name) in figures", table(resource)) ?? HTML.note("Nothing happened there."),
            ]
        }
        return elements
    }

    private static func small(_ course: ResourceCourse) -> Element {
        let known = course.values.compactMap { $0 }
        let (least, most) = (known.min() ?? 0, known.max() ?? 0)
        let unit = course.column.unit
        let range =
            least == most
            ? MarkdownResources.text(most, unit)
            : "\(MarkdownResources.text(least, unit)) to \(MarkdownResources.text(most, unit))"
        let name = course.column.name.replacing("_", with: " ")
        return Element("figure") {
            Element("figcaption") {
                name
                Element("span", ["class": "range"]) { " \(range)" }
            }
            drawing(course, name, range, least, most)
        }
    }

    /// From zero to the most; below zero where something is.
    private static func drawing(
        _ course: ResourceCourse, _ name: String, _ range: String, _ least: Double, _ most: Double
    ) -> Element {
        let (low, high) = (min(least, 0), max(most, 0))
        let y = Axis.linear("", from: low, to: high > low ? high : low + 1)
        let x = Axis.linear("", from: 0, to: course.bounds.last ?? 1)
        func place(_ at: Double) -> Double { x.share(of: at) * 220 }
        func height(_ value: Double) -> Double { 44 - y.share(of: value) * 40 }
        var line = ""
        var area = ""
        var run: [(x: Double, y: Double)] = []
        func close(at end: Double) {
            guard let first = run.first, let last = run.last else { return }
            let steps = Drawing.steps(run + [(place(end), last.y)])
            line += steps
            area += "\(steps)V\(Drawing.number(height(0)))H\(Drawing.number(first.x))Z"
            run = []
        }
        for (index, value) in course.values.enumerated() {
            if let value {
                run.append((place(course.bounds[index]), height(value)))
            } else {
                close(at: course.bounds[index])
            }
        }
        close(at: course.bounds.last ?? 0)
        return SVG(
            width: 220, height: 46, title: name, description: range,
            [
                Element("path", ["class": "grid", "d": "M0 44H220"]),
                Element("path", ["class": "c1 band", "d": area]),
                Element("path", ["class": "c1 line thin", "d": line]),
            ]
        ).element("tiny")
    }

    private static func table(_ resource: ResourceSummary) -> Element? {
        let shown = resource.columns.indices.filter { place in
            resource.totals[place] != 0 || resource.course.contains { ($0[place] ?? 0) != 0 }
        }
        guard !shown.isEmpty else { return nil }
        let columns = resource.columns
        func cells(_ first: String, _ values: [Double?]) -> [String] {
            [first] + shown.map { MarkdownResources.text(values[$0], columns[$0].unit) }
        }
        let rows = resource.course.enumerated().map { index, values in
            cells(Figures.seconds(Double(index * resource.windowSeconds)), values)
        }
        return HTMLTable(
            "\(resource.name), by stretches of the run",
            [">from"] + shown.map { ">" + columns[$0].name.replacing("_", with: " ") },
            texts: (rows.count > 1 ? rows : []) + [cells("whole run", resource.totals)]
        ).element()
    }
}
