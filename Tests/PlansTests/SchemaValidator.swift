import Foundation

@testable import Plans

/// As much of JSON Schema (draft 2020-12) as the schema of plans uses. A keyword that is not known here is an error, so
/// that none goes untested.
struct SchemaValidator {
    private let root: [String: Any]
    private let patterns: [String: NSRegularExpression]

    struct UnknownKeyword: Error {
        let name: String
    }

    init(_ text: String) throws {
        root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        var patterns: [String: NSRegularExpression] = [:]
        func collect(_ value: Any) throws {
            if let object = value as? [String: Any] {
                if let pattern = object["pattern"] as? String {
                    patterns[pattern] = try NSRegularExpression(pattern: pattern)
                }
                for inner in object.values { try collect(inner) }
            } else if let list = value as? [Any] {
                for inner in list { try collect(inner) }
            }
        }
        try collect(root)
        self.patterns = patterns
    }

    func accepts(_ value: JSONValue) throws -> Bool { try accepts(value, root) }

    /// Whether a value is one of a key: `record` by its name in the reference.
    func accepts(_ value: JSONValue, key: String, of record: String) throws -> Bool {
        let holder = record == PlanReference.plan.name ? root : definition("record.\(record)")
        let properties = holder["properties"] as? [String: Any] ?? [:]
        guard let schema = properties[key] as? [String: Any] else { return false }
        return try accepts(value, schema)
    }

    private func definition(_ name: String) -> [String: Any] {
        (root["$defs"] as? [String: Any])?[name] as? [String: Any] ?? ["not": true]
    }

    private func accepts(_ value: JSONValue, _ schema: [String: Any]) throws -> Bool {
        try schema.allSatisfy { keyword, rule in
            switch keyword {
            case "$schema", "$defs", "title", "description", "properties": return true
            case "$ref":
                let name = (rule as? String ?? "").replacing("#/$defs/", with: "")
                return try accepts(value, definition(name))
            case "anyOf":
                return try (rule as? [[String: Any]] ?? []).contains { try accepts(value, $0) }
            case "type":
                let types = rule as? [String] ?? [rule as? String ?? ""]
                return types.contains { value.isOf(type: $0) }
            case "enum":
                return (rule as? [Any] ?? []).contains { value.isEqual(to: $0) }
            case "pattern":
                guard case .string(let text) = value, let pattern = patterns[rule as? String ?? ""] else { return true }
                return pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
            case "minimum":
                guard case .number(let number) = value else { return true }
                return number >= (rule as? NSNumber)?.doubleValue ?? .infinity
            case "maximum":
                guard case .number(let number) = value else { return true }
                return number <= (rule as? NSNumber)?.doubleValue ?? -.infinity
            case "minItems":
                guard case .list(let items) = value else { return true }
                return items.count >= rule as? Int ?? .max
            case "items":
                guard case .list(let items) = value else { return true }
                return try items.allSatisfy { try accepts($0, rule as? [String: Any] ?? ["not": true]) }
            case "minProperties":
                guard case .object(let members) = value else { return true }
                return members.count >= rule as? Int ?? .max
            case "required":
                guard case .object(let members) = value else { return true }
                return (rule as? [String] ?? [""]).allSatisfy { members[$0] != nil }
            case "additionalProperties":
                guard case .object(let members) = value else { return true }
                let known = schema["properties"] as? [String: Any] ?? [:]
                return try members.allSatisfy { name, member in
                    if let inner = known[name] as? [String: Any] { return try accepts(member, inner) }
                    guard let inner = rule as? [String: Any] else { return false }
                    return try accepts(member, inner)
                }
            default: throw UnknownKeyword(name: keyword)
            }
        }
    }
}

/// A plan as an editor sees it: with the types of YAML 1.2's core schema.
enum JSONValue {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    init(_ node: PlanNode) {
        switch node.content {
        case .scalar(let text, .plain):
            if node.isEmpty {
                self = .null
            } else if ["true", "True", "TRUE", "false", "False", "FALSE"].contains(text) {
                self = .boolean(text.lowercased() == "true")
            } else if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil {
                self = Double(text).map { .number($0) } ?? .string(text)
            } else {
                self = .string(text)
            }
        case .scalar(let text, _): self = .string(text)
        case .list(let items): self = .list(items.map { JSONValue($0) })
        case .map(let entries):
            self = .object(Dictionary(entries.map { ($0.key, JSONValue($0.value)) }) { first, _ in first })
        }
    }

    func isOf(type: String) -> Bool {
        switch (self, type) {
        case (.null, "null"), (.boolean, "boolean"), (.number, "number"), (.string, "string"), (.list, "array"),
            (.object, "object"):
            true
        case (.number(let number), "integer"): number == number.rounded()
        default: false
        }
    }

    func isEqual(to other: Any) -> Bool {
        switch self {
        case .string(let text): other as? String == text
        case .number(let number): (other as? NSNumber)?.doubleValue == number
        case .boolean(let value): other as? Bool == value
        default: false
        }
    }
}
