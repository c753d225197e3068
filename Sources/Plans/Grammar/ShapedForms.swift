/// Forms of values that may be written in more than one shape.
extension Forms {
    /// `none`, which is nil, or what `form` reads. A variant switches something off by it.
    static func orNone<Value>(_ form: Form<Value>) -> Form<Value?> {
        Form<Value?>(.either([.choice(["none"]), form.kind])) { node, context in
            if node.text == "none" { return .some(nil) }
            return form.read(node, &context).map { .some($0) }
        }
    }

    /// A map, or a single value for what is most often wanted of it.
    static func textOrMap<Value>(_ text: Form<Value>, _ map: Form<Value>) -> Form<Value> {
        Form(.either([text.kind, map.kind])) { node, context in
            if case .map = node.content { return map.read(node, &context) }
            return text.read(node, &context)
        }
    }

    /// One item, or a list of them.
    static func oneOrMany<Item>(_ item: Form<Item>, of noun: String) -> Form<[Item]> {
        let many = list(item, of: noun)
        return Form(.either([item.kind, many.kind])) { node, context in
            if case .list = node.content { return many.read(node, &context) }
            return item.read(node, &context).map { [$0] }
        }
    }
}

extension Form where Value == Double {
    /// A number within bounds.
    static func number(_ noun: String, in range: ClosedRange<Double>) -> Form {
        number(noun).checked { number throws(Complaint) in
            guard range.contains(number) else {
                throw Complaint(
                    .range,
                    "\(noun) lies between \(Units.number(range.lowerBound)) and \(Units.number(range.upperBound)), and "
                        + "this is \(Units.number(number))", remedy: "write one within these bounds")
            }
        }
    }

    /// `p95`, `p99.9`: above 0 and below 100.
    static var percentile: Form {
        Form(
            .text("`p95`"),
            text: { text throws(Complaint) in
                guard let percent = StatisticText.percentile(text) else {
                    throw Complaint(
                        .number, "`\(text.printable)` is no percentile, which is `p` and a number below 100",
                        remedy: "write one such as `p95`")
                }
                return percent
            })
    }
}

/// A key that makes sense only beside another.
enum OwnerRule {
    /// Complains of each of `keys` that stands in the map.
    /// - Parameters:
    ///   - owner: what the keys belong to, in backquotes.
    ///   - instead: what stands there, in words.
    /// - Returns: whether none stands there.
    static func refuse<Draft>(
        _ keys: [String], of owner: String, _ instead: String, in entries: Entries<Draft>,
        _ context: inout ReadingContext
    ) -> Bool {
        let present = entries.present(keys)
        for key in present {
            context.complain(
                .conflict, at: entries[key] ?? entries.node.place, "`\(key)` belongs to \(owner), and \(instead)",
                remedy: "remove `\(key)`, or write \(owner)")
        }
        return present.isEmpty
    }
}
