import Core

/// Numbers and paths of a drawing.
enum Drawing {
    /// A coordinate with at most one decimal: `12.3`, `40`; never more than 100,000 away from the origin.
    static func number(_ value: Double) -> String {
        guard !value.isNaN else { return "0" }
        return min(max(value, -100_000), 100_000).trimmed(1)
    }

    /// `M12.3 40L13 41…`, a line through the points.
    static func line(_ points: [(x: Double, y: Double)]) -> String {
        var path = ""
        for (index, point) in points.enumerated() {
            path += "\(index == 0 ? "M" : "L")\(number(point.x)) \(number(point.y))"
        }
        return path
    }

    /// A line that keeps each height up to the next point.
    static func steps(_ points: [(x: Double, y: Double)]) -> String {
        guard let first = points.first else { return "" }
        var path = "M\(number(first.x)) \(number(first.y))"
        for point in points.dropFirst() { path += "H\(number(point.x))V\(number(point.y))" }
        return path
    }

    /// About how wide a text is in the font of the charts, in units of the drawing: figures and letters of a system font take
    /// a little more than half of their height.
    static func width(of text: String, size: Double = 12) -> Double { Double(text.count) * size * 0.56 }
}
