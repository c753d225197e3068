import Flows

/// A YAML value as JSON with places for values. A value that is one place and nothing else keeps the type that it will have;
/// places within a text are written into it.
enum JSONTemplate {
    static func read(_ node: PlanNode, _ context: inout ReadingContext) -> Template? {
        var template = Template()
        return append(node, to: &template, &context) ? template : nil
    }

    private static func append(
        _ node: PlanNode, to template: inout Template, _ context: inout ReadingContext
    ) -> Bool {
        switch node.content {
        case .scalar(let text, _) where text.contains("{{"):
            return append(placesOf: node, to: &template, &context)
        case .scalar:
            template.append(literal: JSONText.render(node))
            return true
        case .list(let items):
            template.append(literal: "[")
            var whole = true
            for (index, item) in items.enumerated() {
                if index > 0 { template.append(literal: ",") }
                if !append(item, to: &template, &context) { whole = false }
            }
            template.append(literal: "]")
            return whole
        case .map(let entries):
            template.append(literal: "{")
            var whole = true
            for (index, entry) in entries.enumerated() {
                if !context.refusesPlaces(in: entry.key, at: entry.keyPlace) { whole = false }
                template.append(literal: (index > 0 ? "," : "") + JSONText.string(entry.key) + ":")
                if !append(entry.value, to: &template, &context) { whole = false }
            }
            template.append(literal: "}")
            return whole
        }
    }

    private static func append(
        placesOf node: PlanNode, to template: inout Template, _ context: inout ReadingContext
    ) -> Bool {
        guard let places = context.template(.jsonText, at: node) else { return false }
        if let slot = places.soleSlot {
            template.append(slot: slot, .json)
            return true
        }
        template.append(literal: "\"")
        for segment in places.segments {
            switch segment {
            case .literal(let bytes):
                var quoted: [UInt8] = []
                Escape.quote(bytes, into: &quoted)
                template.append(literal: quoted)
            case .variable(let slot, let escape): template.append(slot: slot, escape)
            }
        }
        template.append(literal: "\"")
        return true
    }
}
