package import Recording

/// What a run was, as far as two runs must agree about it to be compared.
package struct RunIdentity: Hashable, Sendable {
    package var name: String
    package var target: String
    /// Each phase in words, with whether it is open and whether it is a warm-up.
    package var load: [String]
    /// `scenario/step`, and transactions, in the plan's order.
    package var steps: [String]
    /// File of the plan; nil for a run without one.
    package var file: String?
    package var planHash: String
    package var planText: String
    package var variant: String?
    package var settings: [String]
    package var overrides: [String]
    package var timeScale: Double?
    package var isSimulated: Bool
    /// The target of a simulation in words.
    package var model: [String]
    /// Nil for a simulation.
    package var environment: EnvironmentRecord?
    package var gale: String

    package init(_ record: RunRecord) {
        name = record.name
        target = record.target
        load = record.phases.map {
            "\($0.text) (\($0.open ? "open" : "closed")\($0.warmUp && !$0.text.contains("warm-up") ? ", warm-up" : ""))"
        }
        steps = record.steps.map { "\($0.scenario)/\($0.step)" }
        steps += record.transactions.map { "transaction \($0.scenario)/\($0.step)" }
        file = record.plan.file
        planHash = record.plan.hash
        planText = record.plan.text
        variant = record.plan.variant
        settings = record.plan.settings
        // A seed is no difference of two builds: which pairs share one is said elsewhere.
        overrides = record.plan.overrides.filter { !$0.hasPrefix("--lab-seed ") }
        timeScale = record.plan.timeScale
        isSimulated = record.model != nil
        model = record.model ?? []
        environment = record.environment
        gale = record.gale
    }
}

/// The text of a plan by its keys at the top, without comments and empty lines.
struct PlanSections {
    private var texts: [String: String] = [:]

    /// What may differ between plans that ask the same of the same kind of target.
    static let aside: Set<String> = ["budgets", "target", "name", "endpoints"]

    init(_ text: String) {
        var key = ""
        for line in text.split(whereSeparator: \.isNewline) {
            let body = line.drop { $0 == " " || $0 == "\t" }
            if body.isEmpty || body.first == "#" { continue }
            let isTop = body.startIndex == line.startIndex && body.first != "-"
            if isTop, let colon = line.firstIndex(of: ":") { key = String(line[..<colon]) }
            texts[key, default: ""] += line + "\n"
        }
    }

    /// The keys whose texts differ, in order, those aside left out.
    static func differing(_ texts: [String]) -> [String] {
        let all = texts.map { PlanSections($0).texts }
        let keys = Set(all.flatMap(\.keys)).subtracting(aside).sorted()
        return keys.filter { key in Set(all.map { $0[key] ?? "" }).count > 1 }
    }
}
