import Core
import Flows

/// How the values of data sources are written: files, lists, ranges, weights.
enum DataForms {
    static func table(
        _ read: @escaping @Sendable (consuming [UInt8], String) throws(DataError) -> DataTable
    ) -> Form<DataTable> {
        Form(.file) { node, context in
            guard let path = Form<String>.text("path").read(node, &context) else { return nil }
            do throws(Complaint) {
                let bytes = try context.files.data(path)
                do throws(DataError) {
                    return try read(bytes, node.source ?? path)
                } catch {
                    let line = error.line.map { ", line \($0)" } ?? ""
                    throw Complaint(
                        .data, "`\(path.printable)`\(line): \(error.message.printableMessage)", remedy: error.remedy)
                }
            } catch {
                context.complain(error, at: node.place)
                return nil
            }
        }
    }

    static let list = Form<DataTable>(.list(.any)) { node, context in
        guard case .list(let items) = node.content else {
            context.complain(
                .type, at: node.place, "a list of values belongs here, and this is \(node.noun)",
                remedy: "write `[red, green]`")
            return nil
        }
        return complaining(at: node, &context) { () throws(DataError) in
            let rows = items.compactMap { item -> [(name: String, value: Value)]? in
                guard case .map(let entries) = item.content else { return nil }
                return entries.map { ($0.key, value(of: $0.value)) }
            }
            if rows.isEmpty { return try DataTable(list: items.map(value)) }
            guard rows.count == items.count else {
                throw DataError("some items are maps and some are not", remedy: "write all of them alike")
            }
            return try DataTable(list: rows)
        }
    }

    /// A value of the plan, typed as JSON would type it.
    static func value(of node: PlanNode) -> Value {
        let json = JSONText.render(node)
        if let text = node.text, json.first == "\"" { return Value(text: text) }
        let kind: Value.Kind =
            switch json.first {
            case "{", "[": .json
            case "t", "f": .boolean
            case "n": .null
            default: .number
            }
        return Value(kind: kind, bytes: Array(json.utf8))
    }

    static let choice = Form<Choice>(.map(key: "value", .number)) { node, context in
        let weights = Forms.map(key: "value", kind: .number, of: "weights") { entry, context in
            Form<Double>.number("a weight").read(entry.value, &context).map { (Value(text: entry.key), $0) }
        }
        guard let options = weights.read(node, &context) else { return nil }
        return complaining(at: node, &context) { () throws(DataError) in
            try Choice(options.map { (value: $0.0, weight: $0.1) })
        }
    }

    static func complaining<Result>(
        at node: PlanNode, _ context: inout ReadingContext, _ make: () throws(DataError) -> Result
    ) -> Result? {
        do throws(DataError) {
            return try make()
        } catch {
            context.complain(.data, at: node.place, error.message.printableMessage, remedy: error.remedy)
            return nil
        }
    }

    static func integer(_ noun: String) -> Form<Int> {
        Form(.text("whole number"), text: { text throws(Complaint) in try NumberText.whole(text, noun) })
    }

    static func signed(_ noun: String) -> Form<Double> {
        Form(.text("number"), text: { text throws(Complaint) in try NumberText.decimal(text, noun) })
    }

    static let range = Form<ClosedRange<Int>>(
        .text("`1 to 10`"),
        text: { text throws(Complaint) in
            let ends = Units.ends(of: text)
            guard let last = ends.to else {
                throw Complaint(
                    .range, "`\(text.printable)` is no range of numbers", remedy: "write one such as `1 to 10`")
            }
            let (from, to) = (
                try NumberText.whole(ends.from, "the end of a range"), try NumberText.whole(last, "the end of a range")
            )
            guard from <= to else {
                throw Complaint(.range, "`\(text.printable)` goes backwards", remedy: "write `\(to) to \(from)`")
            }
            return from...to
        })
}
