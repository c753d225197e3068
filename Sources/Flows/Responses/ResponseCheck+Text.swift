import Core

extension ResponseCheck {
    /// How a rule reads in a report: `body contains ok`, `$.total == 17`, `header Content-Type exists`, `size < 10000 B`,
    /// `latency < 500ms`.
    /// - Parameter name: the name of a variable's slot, to be written in `{{ }}`.
    package static func text(of rule: Rule, name: (Int) -> String) -> String {
        switch rule {
        case .header(let header, let rule): "header \(header) \(rule.text(name))"
        case .body(let rule): "body \(rule.text(name))"
        case .json(let path, .compare(let relation, let template)):
            "\(path.text) \(relation.rawValue) \(template.text(name))"
        case .json(let path, .exists): "\(path.text) exists"
        case .json(let path, .absent): "\(path.text) is absent"
        case .size(let comparison, let bytes): "size \(comparison.rawValue) \(bytes) B"
        case .latency(let comparison, let span): "latency \(comparison.rawValue) \(span.shortest)"
        }
    }
}

extension ResponseCheck.TextRule {
    fileprivate func text(_ name: (Int) -> String) -> String {
        switch self {
        case .equals(let template): "equals \(template.text(name))"
        case .contains(let template): "contains \(template.text(name))"
        case .lacks(let template): "lacks \(template.text(name))"
        case .matches(let pattern): "matches \(pattern.text)"
        case .exists: "exists"
        case .absent: "is absent"
        }
    }
}

extension Template {
    fileprivate func text(_ name: (Int) -> String) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .variable(let slot, _): "{{\(name(slot))}}"
            }
        }.joined()
    }
}

extension Span {
    /// In the largest unit in which it is whole: `500ms`, `2s`, `1500ms`.
    fileprivate var shortest: String {
        for (unit, length) in [("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000)]
            as [(String, Int64)]
            + [("ms", 1_000_000), ("us", 1_000)] where nanoseconds != 0 && nanoseconds % length == 0
        {
            return "\(nanoseconds / length)\(unit)"
        }
        return "\(nanoseconds)ns"
    }
}

extension Comparison {
    /// Whether it holds between values that are not real numbers.
    func holds<Measure: Comparable>(_ value: Measure, _ limit: Measure) -> Bool {
        switch self {
        case .below: value < limit
        case .atMost: value <= limit
        case .above: value > limit
        case .atLeast: value >= limit
        }
    }
}
