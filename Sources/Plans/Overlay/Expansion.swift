import Core

/// `${env:NAME}`, `${env:NAME:-default}` and `${file:path}` in the texts of a plan, replaced before its keys are read.
///
/// Values are taken as they are: nothing in them is expanded again, and `{{` in them begins no template. What came from
/// the environment or from a file is a secret; a default stands in the plan and is none. Keys are never expanded.
struct Expansion: Sendable {
    let surroundings: PlanSurroundings
    let files: PlanFiles

    /// Values that came from outside, each once.
    private(set) var values: [String] = []
    /// Where scalars begin that hold a value from outside.
    private(set) var places: Set<Place> = []
    private(set) var problems: [PlanProblem] = []
    /// The problems that are nothing but a variable without a value: another environment would have none of them.
    private(set) var unset: [PlanProblem] = []

    private var seen: Set<String> = []
    private var secretBytes = 0
    private var writtenBytes = 0
    private var contents: [String: Result<String, Complaint>] = [:]

    /// Largest file of `${file:path}`: 64 KiB.
    static let maximumFileBytes = 1 << 16
    /// Most bytes of different values: 1 MiB.
    static let maximumSecretBytes = 1 << 20
    /// Most bytes of all texts that something was put into: 16 MiB. A short plan could name a file a hundred thousand
    /// times.
    static let maximumWrittenBytes = 1 << 24

    init(surroundings: PlanSurroundings, files: PlanFiles) {
        self.surroundings = surroundings
        self.files = files
    }

    /// What must not be shown.
    var secrets: Secrets { Secrets(values) }

    /// A whole plan; what stands under `variants:` is expanded only when it is laid over the plan.
    mutating func expandPlan(_ root: PlanNode) -> PlanNode {
        guard case .map(let entries) = root.content else { return expand(root) }
        var expanded = root
        expanded.content = .map(
            entries.map { entry in
                entry.key == "variants"
                    ? entry : .init(key: entry.key, keyPlace: entry.keyPlace, value: expand(entry.value))
            })
        return expanded
    }

    /// The same tree with every scalar expanded; one that cannot be is left as it is, and `problems` says why.
    mutating func expand(_ node: PlanNode) -> PlanNode {
        var expanded = node
        switch node.content {
        case .scalar(let text, let style):
            guard text.utf8.contains(UInt8(ascii: "$")) else { return node }
            do throws(Complaint) {
                let (value, template, isOutside) = try expand(text)
                guard value != text else { return node }
                // A value that happens to be `null`, or nothing, is a text all the same.
                let plain = PlanNode(content: .scalar(value, style), place: node.place)
                expanded.content = .scalar(value, plain.isEmpty ? .quoted : style)
                expanded.unexpanded = text
                if template != value { expanded.template = template }
                if isOutside { places.insert(node.place.start) }
            } catch {
                let problem = PlanProblem(.error, error.rule, at: node.place, error.message, remedy: error.remedy)
                if error.rule == .environment { unset.append(problem) } else { problems.append(problem) }
            }
        case .list(let items):
            expanded.content = .list(items.map { expand($0) })
        case .map(let entries):
            expanded.content = .map(
                entries.map { .init(key: $0.key, keyPlace: $0.keyPlace, value: expand($0.value)) })
        }
        return expanded
    }

    /// - Returns: the text, the same as a text with places, and whether something in it came from outside the plan.
    private mutating func expand(
        _ text: String
    ) throws(Complaint) -> (text: String, template: String, isOutside: Bool) {
        let bytes = Array(text.utf8)
        var written: [UInt8] = []
        var template: [UInt8] = []
        var isOutside = false
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: Array("$${".utf8)) {
                written += Array("${".utf8)
                template += Array("${".utf8)
                index += 3
            } else if rest.starts(with: Array("${".utf8)) {
                guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else {
                    throw Complaint(
                        .expansion, "`${` is not closed in `\(text.printable)`",
                        remedy: "close it with `}`, or write `$${` for the text itself")
                }
                let (value, isSecret) = try value(of: String(decoding: bytes[(index + 2)..<close], as: UTF8.self))
                if isSecret {
                    isOutside = true
                    try keep(value)
                }
                written += Array(value.utf8)
                // A default is a text of the plan, and may have places.
                template += Array((isSecret ? Self.literal(value) : value).utf8)
                index = close + 1
            } else {
                written.append(bytes[index])
                template.append(bytes[index])
                index += 1
            }
        }
        writtenBytes += written.count
        guard writtenBytes <= Self.maximumWrittenBytes else {
            throw Complaint(
                .expansion,
                "the texts of the plan are more than \(Units.text(bytes: Self.maximumWrittenBytes)) with all "
                    + "of `${...}` in their places", remedy: "name large bodies with `file:`")
        }
        return (String(decoding: written, as: UTF8.self), String(decoding: template, as: UTF8.self), isOutside)
    }

    /// The value of what stands between `${` and `}`, and whether it is a secret; a default is none.
    private mutating func value(of inner: String) throws(Complaint) -> (value: String, isSecret: Bool) {
        let colon = inner.firstIndex(of: ":")
        let rest = colon.map { String(inner[inner.index(after: $0)...]) } ?? ""
        switch colon.map({ inner[..<$0] }) {
        case "env": return try variable(rest)
        case "file":
            return (try file(rest), true)
        default:
            throw Complaint(
                .expansion, "`${\(inner.printable)}` is neither `${env:NAME}` nor `${file:path}`",
                remedy: "write one of these, or `$${` for the text itself")
        }
    }

    private func variable(_ text: String) throws(Complaint) -> (value: String, isSecret: Bool) {
        let name = text.prefix { $0 != ":" }
        let tail = text[name.endIndex...]
        guard Self.isName(name), tail.isEmpty || tail.hasPrefix(":-") else {
            throw Complaint(
                .expansion, "`${env:\(text.printable)}` names no variable of the environment",
                remedy: "write `${env:NAME}`, or `${env:NAME:-default}`")
        }
        let value = surroundings.environment[String(name)]
        if !tail.isEmpty, value?.isEmpty ?? true { return (String(tail.dropFirst(2)), false) }
        guard let value else {
            throw Complaint(
                .environment, "the environment has no variable `\(name.printable)`",
                remedy: "set it, or write `${env:\(name.printable):-default}`")
        }
        return (value, true)
    }

    private mutating func file(_ path: String) throws(Complaint) -> String {
        let result: Result<String, Complaint>
        if let known = contents[path] {
            result = known
        } else {
            do throws(Complaint) {
                result = .success(try read(path))
            } catch {
                result = .failure(error)
            }
            contents[path] = result
        }
        return try result.get()
    }

    private func read(_ path: String) throws(Complaint) -> String {
        guard !path.isEmpty else {
            throw Complaint(.expansion, "`${file:}` names no file", remedy: "write `${file:path}`")
        }
        var bytes = try files.inside(path, limit: Self.maximumFileBytes, what: "a file in a text")
        // The break at the end belongs to the file and not to the value.
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Complaint(.file, "the file `\(path.printable)` is not UTF-8", remedy: "save it as UTF-8")
        }
        return text
    }

    private mutating func keep(_ secret: String) throws(Complaint) {
        guard seen.insert(secret).inserted else { return }
        secretBytes += secret.utf8.count
        guard secretBytes <= Self.maximumSecretBytes else {
            throw Complaint(
                .expansion,
                "the values of `${...}` are more than \(Units.text(bytes: Self.maximumSecretBytes)) together",
                remedy: "name large bodies with `file:`")
        }
        values.append(secret)
    }

    /// A value in which `{{` stands for itself.
    private static func literal(_ value: String) -> String {
        value.contains("{{")
            ? value.split(separator: "{{", omittingEmptySubsequences: false).joined(separator: "{{'{{'}}") : value
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= 256 else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}

extension Place {
    /// Where it begins: the same for every part of a scalar that is shown as a whole.
    var start: Place { Place(line: line, column: column, in: origin) }
}
