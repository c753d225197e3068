/// A change of the plan from the command line: `--set client.timeout.total=5s`.
///
/// The path's parts are keys, or numbers of items, from 0; a key that has a dot stands in double quotes
/// (`lab.services."shop.eu".time=5ms`). The value is YAML. Maps that are not there yet are made.
struct PlanSetting: Sendable {
    struct Part: Sendable {
        let text: String
        let place: Place
    }

    let path: [Part]
    let value: PlanNode

    /// What stands before the text in messages.
    static let name = "--set "

    /// - Parameters:
    ///   - text: what followed `--set`.
    ///   - number: of the option, for places.
    init(_ text: String, option number: Int) throws(PlanProblem) {
        let origin = Place.Origin.option(number)
        let start = Self.name.unicodeScalars.count
        let scalars = Array(text.unicodeScalars)
        func problem(at offset: Int, _ length: Int, _ message: String, remedy: String) -> PlanProblem {
            let place = Place(line: 1, column: start + offset + 1, length: max(1, length), in: origin)
            return PlanProblem(.error, .setting, at: place, message, remedy: remedy)
        }
        var path: [Part] = []
        var part = String.UnicodeScalarView()
        var begin = 0
        var index = 0
        var sign: Int?
        while index < scalars.count, sign == nil {
            let scalar = scalars[index]
            switch scalar {
            case "\"" where index == begin:
                guard let close = scalars[(index + 1)...].firstIndex(of: "\"") else {
                    throw problem(at: index, 1, "`\"` is not closed", remedy: "close it after the key")
                }
                part.append(contentsOf: scalars[(index + 1)..<close])
                index = close
                let next = index + 1 < scalars.count ? scalars[index + 1] : "="
                guard next == "." || next == "=" else {
                    throw problem(
                        at: index + 1, 1, "a quoted key ends here, and `\(String(next).printable)` follows",
                        remedy: "go on with `.` or `=`")
                }
            case ".", "=":
                guard !part.isEmpty else {
                    throw problem(
                        at: index, 1, "`\(String(scalar))` stands where a key belongs",
                        remedy: "write it like `client.timeout.total=5s`")
                }
                path.append(
                    Part(
                        text: String(part),
                        place: Place(line: 1, column: start + begin + 1, length: index - begin, in: origin)))
                part = .init()
                begin = index + 1
                if scalar == "=" { sign = index }
            case _ where scalar.properties.isWhitespace || scalar.value < 0x20:
                // Line breaks would upset the places, and blanks around a key are a slip.
                throw problem(
                    at: index, 1, "`\(text.printable)` has a blank before `=`",
                    remedy: "put such a key in double quotes")
            default: part.append(scalar)
            }
            index += 1
        }
        guard let sign else {
            throw problem(
                at: 0, scalars.count, "`\(text.printable)` has no `=`",
                remedy: "write it like `client.timeout.total=5s`")
        }
        guard path.count <= PlanText.maximumDepth else {
            throw problem(
                at: 0, sign, "the path has more than \(PlanText.maximumDepth) parts", remedy: "write a shorter one")
        }
        self.path = path
        var rest = String.UnicodeScalarView()
        rest.append(contentsOf: scalars[(sign + 1)...])
        value = try Self.value(String(rest), offset: start + sign + 1, origin: origin)
    }

    /// - Parameter offset: scalars of the option's first line before the text.
    private static func value(
        _ text: String, offset: Int, origin: Place.Origin
    ) throws(PlanProblem) -> PlanNode {
        func move(_ place: Place) -> Place {
            Place(
                line: place.line, column: place.column + (place.line == 1 ? offset : 0), length: place.length,
                in: origin)
        }
        guard !text.trimmed.isEmpty else {
            return PlanNode(content: .scalar("", .plain), place: move(Place(line: 1, column: 1)))
        }
        do throws(PlanProblem) {
            return try PlanText.parse(text, lines: SourceLines(text)).relocated(move)
        } catch {
            // What ends too early is missed on the line after the last one.
            let lines = SourceLines(text)
            var problem = error
            if problem.place.line > lines.count {
                problem.place = Place(line: lines.count, column: lines.length(of: lines.count) + 1)
            }
            problem.place = move(problem.place)
            throw problem
        }
    }

    /// The plan with the value at its path.
    func apply(to root: PlanNode) throws(PlanProblem) -> PlanNode { try apply(path[...], to: root, known: []) }

    private func apply(
        _ path: ArraySlice<Part>, to node: PlanNode, known: [Part]
    ) throws(PlanProblem) -> PlanNode {
        // Unlike an overlay a setting replaces a map, too: it has named the place.
        guard let part = path.first else { return value }
        let rest = path.dropFirst()
        let here = known.isEmpty ? "the plan" : "`\(known.map(\.text).joined(separator: ".").printable)`"
        var changed = node
        switch node.content {
        case .map(var entries):
            if let index = entries.firstIndex(where: { $0.key == part.text }) {
                let old = entries[index]
                let value = try apply(rest, to: old.value, known: known + [part])
                entries[index] = .init(
                    key: old.key, keyPlace: rest.isEmpty ? part.place : old.keyPlace, value: value)
            } else {
                entries.append(.init(key: part.text, keyPlace: part.place, value: made(rest)))
            }
            changed.content = .map(entries)
        case .list(var items):
            guard part.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int(part.text),
                items.indices.contains(index)
            else {
                throw PlanProblem(
                    .error, .setting, at: part.place,
                    "`\(part.text.printable)` is no item of \(here), a list of \(items.count)",
                    remedy: items.count == 1 ? "write `0`" : "write a number from 0 to \(items.count - 1)")
            }
            items[index] = try apply(rest, to: items[index], known: known + [part])
            changed.content = .list(items)
        case .scalar:
            // A key that has no value is one that can be given a map.
            guard !node.isEmpty else { return made(path) }
            throw PlanProblem(
                .error, .setting, at: part.place,
                "`\(part.text.printable)` leads into \(here), which is a text and has no keys",
                remedy: "write `\(known.map(\.text).joined(separator: ".").printable)=...`")
        }
        return changed
    }

    /// Maps along the rest of a path, with the value at its end.
    private func made(_ path: ArraySlice<Part>) -> PlanNode {
        path.reversed().reduce(value) { inner, part in
            PlanNode(
                content: .map([.init(key: part.text, keyPlace: part.place, value: inner)]), place: part.place)
        }
    }
}
