import Analysis
import Core

/// A table of a page: a caption, names of columns, and rows whose first cell names them.
struct HTMLTable {
    /// What stands in a cell.
    enum Cell: ExpressibleByStringInterpolation {
        case text(String)
        case strong(String)
        /// A text with something drawn beside it.
        case drawn(String, Element)
        case element(Element)

        init(stringLiteral text: String) { self = .text(text) }

        var contents: [Element.Content] {
            switch self {
            case .text(let text): [.text(text)]
            case .strong(let text): [.element(Element("strong") { text })]
            case .drawn(let text, let element): [.text(text), .element(element)]
            case .element(let element): [.element(element)]
            }
        }
    }

    /// Rows beyond these are left out, with a word about it: a page has an end.
    static let mostRows = 200

    private let caption: String
    private let columns: [String]
    private let rows: [[Cell]]
    private let left: Int
    private let rest: String?

    /// - Parameters:
    ///   - columns: names; those that begin with `>` stand on the right, without the `>`.
    ///   - rows: as many cells in each as there are columns.
    ///   - rest: where the rows are that are left out: `summary.csv`.
    init(_ caption: String, _ columns: [String], _ rows: [[Cell]], rest: String? = nil) {
        self.caption = caption
        self.columns = columns
        self.rows = Array(rows.prefix(Self.mostRows))
        left = rows.count - self.rows.count
        self.rest = rest
    }

    /// The same of texts.
    init(_ caption: String, _ columns: [String], texts rows: [[String]], rest: String? = nil) {
        self.init(caption, columns, rows.prefix(Self.mostRows + 1).map { $0.map { .text($0) } }, rest: rest)
    }

    /// Nil for a table without rows. It scrolls within itself where it is wider than the page, for the keyboard too.
    /// - Parameter isKeys: a table of two columns of words, which breaks its lines instead.
    func element(isKeys: Bool = false) -> Element? {
        guard !rows.isEmpty else { return nil }
        let isRight = columns.map { $0.hasPrefix(">") }
        let names = columns.map { $0.hasPrefix(">") ? String($0.dropFirst()) : $0 }
        return Element(
            "div",
            [
                "class": isKeys ? "scroll keys" : "scroll", "role": "region", "tabindex": 0,
                "aria-label": caption,
            ]
        ) {
            Element("table") {
                Element("caption") { caption }
                Element("thead") {
                    Element("tr") {
                        names.indices.map { index in
                            Element("th", ["scope": "col", "class": isRight[index] ? "n" : nil]) { names[index] }
                        }
                    }
                }
                Element("tbody") {
                    rows.map { row in
                        Element("tr") {
                            row.indices.map { index in
                                let isNumber = index < isRight.count && isRight[index]
                                return index == 0
                                    ? Element("th", ["scope": "row", "class": isNumber ? "n" : nil]) {
                                        row[index].contents
                                    } : Element("td", ["class": isNumber ? "n" : nil]) { row[index].contents }
                            }
                        }
                    }
                }
            }
            if left > 0 {
                Element("p", ["class": "note"]) {
                    "… and more" + (rest.map { ", in \($0)" } ?? "") + "."
                }
            }
        }
    }
}

/// What is drawn within a cell beside its figure; a reader of the screen has the figure alone.
enum CellDrawing {
    /// A share, 0 to 1, as a bar.
    static func bar(_ share: Double, isWarning: Bool = false) -> Element {
        let width = share.isFinite ? min(max(share, 0), 1) * 100 : 0
        return Element("span", ["class": isWarning ? "bar warn" : "bar", "aria-hidden": "true"]) {
            Element("span", ["style": "width:\(width.trimmed(1))%"])
        }
    }

    /// Latencies of several rows on one logarithmic axis: from p50 to p99 a bar, up to the longest a line.
    static func spread(_ latency: LatencySummary, on axis: Axis) -> Element {
        func x(_ span: Span) -> Double { 2 + axis.share(of: span.milliseconds) * 176 }
        let (low, high, end) = (x(latency.p50), x(latency.p99), x(latency.maximum))
        return Element("svg", ["class": "spread chart", "viewBox": "0 0 180 16", "aria-hidden": "true"]) {
            Element("path", ["class": "grid", "d": "M2 8H178"])
            Element("path", ["class": "c1 line thin", "d": "M\(Drawing.number(high)) 8H\(Drawing.number(end))"])
            Element(
                "rect", ["class": "c1 soft", "x": low, "y": 4.0, "width": max(1, high - low), "height": 8.0, "rx": 1.0])
            Element("rect", ["class": "c1 solid", "x": low - 1, "y": 2.0, "width": 2.5, "height": 12.0])
        }
    }

    /// The axis on which all of these have their place; nil when there is none.
    static func axis(of latencies: [LatencySummary]) -> Axis? {
        let known = latencies.filter { !$0.isEmpty }
        guard let low = known.map(\.p50.milliseconds).min(), let high = known.map(\.maximum.milliseconds).max() else {
            return nil
        }
        return .logarithmic("ms", from: low, to: high)
    }
}
