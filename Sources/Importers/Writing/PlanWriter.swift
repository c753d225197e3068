/// An imported plan as text: YAML that a person can go on with. The same plan gives the same text, always.
package enum PlanWriter {
    /// Longest text, in bytes: below what a plan may have, so that there is room to edit it.
    static let maximumBytes = 900_000

    package static func text(_ plan: ImportedPlan) -> String {
        var lines = plan.notes.flatMap { YAMLWriter.comment($0, hanging: true) }
        lines += head(plan)
        lines.append("load:")
        lines += plan.load.flatMap { YAMLWriter.lines(.list([load($0)], isBlock: true), indent: 2) }
        lines.append("scenarios:")
        var budget = maximumBytes - lines.reduce(0) { $0 + $1.utf8.count + 1 }
        var left = 0
        for flow in plan.flows {
            var items: [String] = []
            for item in flow.items {
                let written = YAMLWriter.lines(.list([self.item(item)], isBlock: true), indent: 6)
                let bytes = written.reduce(0) { $0 + $1.utf8.count + 1 }
                // One that is too large takes the later ones along, because they may need what it does.
                guard left == 0, bytes <= budget else {
                    left += item.stepCount
                    continue
                }
                budget -= bytes
                items += written
            }
            guard !items.isEmpty else { continue }
            lines += opening(flow) + items
        }
        if left > 0 {
            lines += YAMLWriter.comment("\(left) further requests are left out: a plan has at most 1 MiB.")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func head(_ plan: ImportedPlan) -> [String] {
        var entries: [YAMLValue.Entry] = [.init("name", .text(plan.name))]
        if let target = plan.target {
            entries.append(.init("target", .text(target)))
        } else {
            entries.append(
                .init(
                    "target", .text("http://127.0.0.1:8080"),
                    comments: ["The file names no host: write the target's address here."]))
        }
        if plan.keepsCookies { entries.append(.init("client", .map([.init("cookies", .plain("true"))]))) }
        if !plan.data.isEmpty {
            entries.append(.init("data", .map(plan.data.map { .init($0.name, source($0.source)) }, isBlock: true)))
        }
        return YAMLWriter.lines(.map(entries, isBlock: true), indent: 0)
    }

    private static func opening(_ flow: ImportedFlow) -> [String] {
        let name = YAMLScalar.written(flow.name, isFlow: false)
        var lines = ["  \(name):"]
        if flow.weight != 1 { lines.append("    weight: \(flow.weight)") }
        if flow.continues { lines.append("    on-failure: continue") }
        return lines + ["    steps:"]
    }

    private static func load(_ load: ImportedLoad) -> YAMLValue {
        switch load {
        case .rate(let rate, let duration): .map([.init("rate", .text(rate)), .init("for", .text(duration))])
        case .replay(let file): .map([.init("replay", .text(file))])
        }
    }

    private static func source(_ source: ImportedData.Source) -> YAMLValue {
        switch source {
        case .list(let values): .map([.init("list", .list(values.map { .word(dataText($0)) }))])
        case .integer(let from, let to): .map([.init("integer", .plain("\(from) to \(to)"))])
        case .uuid: .map([.init("uuid", .plain("random"))])
        case .timestamp(let kind): .map([.init("timestamp", .plain(kind))])
        case .string(let length): .map([.init("string", .plain("\(length)"))])
        case .csv(let file): .map([.init("csv", .text(file))])
        }
    }

    /// A value of a list has no places in it, but the environment is filled in everywhere; `$${` is `${` itself.
    private static func dataText(_ text: String) -> String {
        text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
    }

    // MARK: Steps

    private static func item(_ item: ImportedItem) -> YAMLValue {
        switch item {
        case .step(let step): self.step(step)
        case .group(let name, let items):
            .map(
                [.init("group", .text(name)), .init("steps", .list(items.map { self.item($0) }, isBlock: true))],
                isBlock: true)
        }
    }

    private static func step(_ step: ImportedStep) -> YAMLValue {
        var entries: [YAMLValue.Entry] = []
        if let name = step.name { entries.append(.init("name", .text(name))) }
        if let method = step.method.literal, HTTPWords.keyed.contains(method) {
            entries.append(.init(method.lowercased(), .text(step.path.written)))
        } else {
            entries.append(.init("method", .text(step.method.written)))
            entries.append(.init("path", .text(step.path.written)))
        }
        for (key, pairs) in [("query", step.query), ("headers", step.headers), ("cookies", step.cookies)]
        where !pairs.isEmpty {
            entries.append(.init(key, self.pairs(pairs)))
        }
        if let body = step.body { entries.append(self.body(body)) }
        if let status = step.status { entries.append(.init("expect", .map([.init("status", .plain(status))]))) }
        if let think = step.think { entries.append(.init("think", .plain(duration(think)))) }
        if !entries.isEmpty { entries[0].comments = step.notes }
        return .map(entries, isBlock: true)
    }

    private static func pairs(_ pairs: [ImportedPair]) -> YAMLValue {
        .map(pairs.map { .init($0.name, .word($0.value.written)) })
    }

    private static func body(_ body: ImportedBody) -> YAMLValue.Entry {
        switch body {
        case .text(let text): .init("text", .text(text.written))
        case .json(let value): .init("json", json(value))
        case .form(let pairs): .init("form", self.pairs(pairs))
        case .multipart(let parts):
            .init(
                "multipart",
                .map(
                    parts.map { part in
                        switch part.content {
                        case .text(let text): return .init(part.name, .word(text.written))
                        case .file(let file, let type):
                            let entries = [YAMLValue.Entry("file", .text(file))]
                            return .init(
                                part.name, .map(entries + (type.map { [.init("type", .text($0))] } ?? [])))
                        }
                    }))
        case .file(let file): .init("file", .text(file))
        }
    }

    private static func json(_ value: ImportedValue) -> YAMLValue {
        switch value {
        case .null: .plain("null")
        case .boolean(let value): .plain(value ? "true" : "false")
        case .number(let digits): .plain(digits)
        case .string(let text): .text(text.written)
        case .list(let items): .list(items.map { json($0) })
        case .map(let members): .map(members.map { .init($0.name, json($0.value)) })
        }
    }

    private static func duration(_ milliseconds: Int) -> String {
        milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
