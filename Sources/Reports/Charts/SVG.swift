/// A drawing: elements in a box of so many units, for a page or as a file of its own.
///
/// Colours are classes (`c1` to `c7` for series, `h1` to `h8` for shades) that `ChartStyle` gives their values for light and for
/// dark surroundings.
package struct SVG: Sendable {
    /// Units, which are pixels at full size.
    package let width: Double
    package let height: Double
    /// What it shows, in a few words, and in a sentence or two for those who do not see it.
    package let title: String
    package let description: String
    private let contents: [Element]

    package init(width: Double, height: Double, title: String, description: String, _ contents: [Element]) {
        self.width = width
        self.height = height
        self.title = title
        self.description = description
        self.contents = contents
    }

    /// Drawings of one width below each other, as one.
    package init(_ parts: [SVG], title: String, description: String) {
        var contents: [Element] = []
        var height = 0.0
        for part in parts {
            contents.append(
                Element("g", ["transform": "translate(0 \(Drawing.number(height)))"]) { part.contents })
            height += part.height + 14
        }
        self.init(
            width: parts.map(\.width).max() ?? ChartSize.wide.width, height: max(40, height - 14), title: title,
            description: description, contents)
    }

    /// The drawing as a part of a page that has the style of charts.
    /// - Parameter className: which of the sizes it is, for the page's style.
    package func element(_ className: StaticString) -> Element {
        Element(
            "svg",
            [
                "class": "chart \(className)", "viewBox": "0 0 \(Drawing.number(width)) \(Drawing.number(height))",
                "role": "img", "aria-label": "\(title). \(description)",
            ]
        ) {
            Element("desc") { description }
            contents
        }
    }

    /// The drawing as a file of its own, which follows the reader's choice of light or dark.
    package var file: [UInt8] {
        // A margin of 12 around it, of the colour of paper.
        let (outerWidth, outerHeight) = (width + 24, height + 24)
        let box = "-12 -12 \(Drawing.number(outerWidth)) \(Drawing.number(outerHeight))"
        let root = Element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart alone", "viewBox": box,
                "width": outerWidth, "height": outerHeight, "role": "img", "aria-label": "\(title). \(description)",
            ]
        ) {
            Element("title") { title }
            Element("desc") { description }
            Element("style") { [Element.Content.style(ChartStyle.sheet)] }
            Element(
                "rect",
                ["class": "paper", "x": -12.0, "y": -12.0, "width": outerWidth, "height": outerHeight, "rx": 8.0])
            contents
        }
        return [UInt8](root.markup.utf8)
    }
}

/// How large a chart is drawn. Text keeps its size, so what is drawn is laid out anew for each.
package enum ChartSize: Sendable, CaseIterable {
    /// For a page of 700 pixels and more, and for paper.
    case wide
    /// For a telephone.
    case narrow
    /// Two beside each other.
    case half

    var width: Double {
        switch self {
        case .wide: 960
        case .narrow: 400
        case .half: 470
        }
    }

    var className: StaticString {
        switch self {
        case .wide: "wide"
        case .narrow: "narrow"
        case .half: "half"
        }
    }

    /// Most labels on the axes.
    var labelsAcross: Int {
        switch self {
        case .wide: 12
        case .narrow: 5
        case .half: 6
        }
    }

    var labelsUp: Int {
        switch self {
        case .wide: 9
        case .narrow: 7
        case .half: 5
        }
    }
}
