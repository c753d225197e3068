import Flows

/// Texts that may hold places for values, and the other small languages of steps.
extension ReadingContext {
    /// Runs a parser of `Flows` on a text of the plan.
    /// - Parameter parse: given the slots of names, which are noted as mentioned here.
    /// - Returns: nil after a complaint.
    mutating func parse<Value>(
        _ node: PlanNode, _ rule: PlanRule, _ text: String,
        _ parse: (String, (String) -> Int) throws(FlowSyntaxError) -> Value
    ) -> Value? {
        var names: [String] = []
        // Taken out while it grows, so that it is not copied for every text.
        var table = VariableTable()
        swap(&table, &variables)
        defer { variables = table }
        do throws(FlowSyntaxError) {
            let value = try parse(text) { name in
                names.append(name)
                return table.slot(of: name)
            }
            // Names stand in the text in the order in which they were read.
            var rest = text.unicodeScalars[...]
            for name in names {
                guard let found = rest.firstRange(of: Array(name.unicodeScalars)) else {
                    mention(name, at: node.place)
                    continue
                }
                let offset = text.unicodeScalars.distance(from: text.startIndex, to: found.lowerBound)
                mention(name, at: node.place(offset: offset, length: name.unicodeScalars.count))
                rest = rest[found.upperBound...]
            }
            return value
        } catch {
            let start = String(decoding: text.utf8.prefix(error.offset), as: UTF8.self).unicodeScalars.count
            let place = error.length > 0 ? node.place(offset: start, length: error.length) : node.place
            complain(rule, at: place, error.message.printableMessage, remedy: error.remedy)
            return nil
        }
    }

    /// The text of a node as a template.
    mutating func template(_ escape: Escape, at node: PlanNode) -> Template? {
        parse(node, .template, node.template ?? node.text ?? "") { text, slot throws(FlowSyntaxError) in
            try Template(text, escape: escape, slot: slot)
        }
    }
}

extension ReadingContext {
    /// Complains of a place in a name, where none is filled: it would go out as it stands.
    /// - Returns: whether there is none.
    mutating func refusesPlaces(in name: String, at place: Place) -> Bool {
        guard name.contains("{{") else { return true }
        complain(
            .template, at: place, "`\(name.printable)` has a place, and names have none",
            remedy: "write the name out; values have places")
        return false
    }
}

extension Form where Value == Template {
    /// A text with places.
    /// - Parameters:
    ///   - named: places are shown to `check` as they stand in the plan, `{{name}}`; otherwise each is an `x`.
    ///   - check: looks at what is always there.
    static func template(
        _ word: String, _ escape: Escape, named: Bool = false,
        check: (@Sendable (String) throws(Complaint) -> Void)? = nil
    ) -> Form {
        Form(.text(word)) { node, context in
            guard Form<String>.text(word).read(node, &context) != nil,
                let template = context.template(escape, at: node)
            else { return nil }
            guard let check else { return template }
            do throws(Complaint) {
                try check(named ? template.sketch(with: context.variables.names) : template.sketch)
                return template
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }
}

extension Template {
    /// The text with `x` for every place.
    var sketch: String { sketch { _ in "x" } }

    /// The text with its places, `{{name}}`.
    /// - Parameter names: by slot.
    func sketch(with names: [String]) -> String { sketch { "{{\(names[$0])}}" } }

    private func sketch(_ place: (Int) -> String) -> String {
        var bytes: [UInt8] = []
        for segment in segments {
            switch segment {
            case .literal(let literal): bytes += literal
            case .variable(let slot, _): bytes += Array(place(slot).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Form where Value == Condition {
    static var condition: Form {
        Form(.text("condition")) { node, context in
            guard let text = Form<String>.text("condition").read(node, &context) else { return nil }
            return context.parse(node, .condition, text) { text, slot throws(FlowSyntaxError) in
                try Condition(text, slot: slot)
            }
        }
    }
}

extension Form where Value == JSONPath {
    static var path: Form {
        Form(.text("JSONPath")) { node, context in
            guard let text = Form<String>.text("JSONPath").read(node, &context) else { return nil }
            return context.parse(node, .jsonPath, text) { text, _ throws(FlowSyntaxError) in try JSONPath(text) }
        }
    }
}

extension Form where Value == Pattern {
    static var pattern: Form {
        Form(.text("regular expression")) { node, context in
            guard let text = Form<String>.text("regular expression").read(node, &context) else { return nil }
            return context.parse(node, .pattern, text) { text, _ throws(FlowSyntaxError) in try Pattern(text) }
        }
    }
}
