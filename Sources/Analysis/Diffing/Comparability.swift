import Core
import Recording

/// How the two sides of a diff differ but for their figures, and what that does to the verdict.
package struct Comparability: Hashable, Sendable, Encodable {
    package enum Kind: String, CaseIterable, Hashable, Sendable, Encodable {
        case kind, load, scenarios, timeScale = "time_scale", plan, variant, settings, overrides, model
        case cpu, cores, memory, kernel, build, libcurl, tls, verification, gale, seeds, bundle
    }

    package enum Effect: String, Hashable, Sendable, Encodable {
        /// Figures of the two sides mean different things.
        case incomparable
        /// They mean the same, but who tells what made them differ?
        case confounded
        /// To be known when reading the figures.
        case note
    }

    package struct Difference: Hashable, Sendable, Encodable {
        package var kind: Kind
        package var effect: Effect
        /// In words; it may hold text from plans and machines.
        package var text: String

        package init(kind: Kind, effect: Effect, text: String) {
            self.kind = kind
            self.effect = effect
            self.text = text
        }
    }

    package private(set) var differences: [Difference] = []

    package var isComparable: Bool { !differences.contains { $0.effect == .incomparable } }
    package var isConfounded: Bool { differences.contains { $0.effect == .confounded } }

    private struct Fact: Sendable {
        var kind: Kind
        var effect: Effect
        var name: String
        var value: @Sendable (RunIdentity) -> String
    }

    private static let facts: [Fact] = [
        Fact(kind: .kind, effect: .incomparable, name: "kind of run") {
            $0.isSimulated ? "simulated" : "over a network"
        },
        Fact(kind: .load, effect: .incomparable, name: "load") { $0.load.joined(separator: ", then ") },
        Fact(kind: .timeScale, effect: .incomparable, name: "time scale") { ($0.timeScale ?? 1).trimmed(6) },
        Fact(kind: .variant, effect: .note, name: "variant") { $0.variant ?? "none" },
        Fact(kind: .settings, effect: .note, name: "--set") { list($0.settings) },
        Fact(kind: .overrides, effect: .note, name: "options of the command line") { list($0.overrides) },
        Fact(kind: .model, effect: .note, name: "model") { list($0.model) },
        Fact(kind: .cpu, effect: .confounded, name: "CPU") { $0.environment?.cpu ?? "none" },
        Fact(kind: .cores, effect: .confounded, name: "cores") { $0.environment.map { "\($0.cores)" } ?? "none" },
        Fact(kind: .build, effect: .confounded, name: "build of Gale") { $0.environment?.build ?? "none" },
        Fact(kind: .verification, effect: .confounded, name: "TLS verification") {
            $0.environment?.insecure == true ? "off" : "on"
        },
        Fact(kind: .memory, effect: .note, name: "memory") {
            $0.environment.map { Figures.bytes($0.memoryBytes) } ?? "none"
        },
        Fact(kind: .kernel, effect: .note, name: "kernel") { $0.environment?.kernel ?? "none" },
        Fact(kind: .libcurl, effect: .note, name: "libcurl") { $0.environment?.libcurl ?? "none" },
        Fact(kind: .tls, effect: .note, name: "TLS library") { $0.environment?.tls ?? "none" },
        Fact(kind: .gale, effect: .note, name: "version of Gale") { $0.gale },
    ]

    private static func list(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: ", ") }

    /// - Parameter names: of the two sides.
    package init(_ first: [RunIdentity], _ other: [RunIdentity], names: (String, String)) {
        guard !first.isEmpty, !other.isEmpty else { return }
        for fact in Self.facts {
            let sides = (first.map(fact.value), other.map(fact.value))
            guard Set(sides.0 + sides.1).count > 1 else { continue }
            add(
                fact.kind, fact.effect,
                "\(fact.name): \(Self.values(sides.0)) in \(names.0), \(Self.values(sides.1)) in \(names.1)")
        }
        compareSteps(first, other, names)
        comparePlans(first + other)
    }

    package mutating func add(_ kind: Kind, _ effect: Effect, _ text: String) {
        differences.append(Difference(kind: kind, effect: effect, text: text))
    }

    private mutating func compareSteps(_ first: [RunIdentity], _ other: [RunIdentity], _ names: (String, String)) {
        let all = (first + other).map { Set($0.steps) }
        let everywhere = all.dropFirst().reduce(all[0]) { $0.intersection($1) }
        let sides = [(names.0, first), (names.1, other)]
        for (name, runs) in sides {
            let only = Set(runs.flatMap(\.steps)).subtracting(everywhere).sorted()
            guard !only.isEmpty else { continue }
            let shown = only.prefix(Self.mostShown).joined(separator: ", ")
            let more = only.count > Self.mostShown ? " and \(only.count - Self.mostShown) more" : ""
            add(.scenarios, .incomparable, "scenarios: not every run has \(shown)\(more), which \(name) has")
        }
    }

    /// Plans that ask for the same load and steps are comparable; where else they differ is what may have been tried.
    private mutating func comparePlans(_ runs: [RunIdentity]) {
        guard Set(runs.map(\.planHash)).count > 1 else { return }
        // Of each text one.
        let texts = Array(Set(runs.map(\.planText)).sorted().prefix(Self.mostTexts))
        let keys = PlanSections.differing(texts)
        guard !keys.isEmpty else { return }
        let shown = keys.prefix(Self.mostShown).map { "`\($0.isEmpty ? "the beginning" : String($0.prefix(40)))`" }
        let more = keys.count > Self.mostShown ? " and \(keys.count - Self.mostShown) more" : ""
        add(.plan, .note, "plan: the texts differ under \(shown.joined(separator: ", "))\(more)")
    }

    private static let mostShown = 5
    private static let mostTexts = 10
    /// Of a value, in characters.
    private static let longest = 160

    /// `a`, or `a (3 runs) and b (1 run)` of runs that do not agree.
    private static func values(_ values: [String]) -> String {
        var counts = Tally()
        for value in values { counts.add(value, 1) }
        func short(_ text: String) -> String { text.count > longest ? text.prefix(longest) + "…" : text }
        guard counts.entries.count > 1 else { return short(counts.entries[0].name) }
        let shown = counts.entries.prefix(mostShown).map { "\(short($0.name)) (\(Figures.count($0.count, "run")))" }
        return shown.joined(separator: " and ") + (counts.entries.count > mostShown ? " and others" : "")
    }
}
