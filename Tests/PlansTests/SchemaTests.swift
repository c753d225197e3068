import Foundation
import Testing

@testable import Plans

/// The schema for editors and the reader say the same, as far as a schema can know.
struct SchemaTests {
    static let schema = PlanSchema.text

    private static func tree(_ text: String) throws -> PlanNode { try PlanText.parse(text, lines: SourceLines(text)) }

    @Test func theSchemaOfTheRepositoryIsTheOneOfTheDeclarations() throws {
        let file = PlanInputs.repository.appending(path: "Docs/plan.schema.json")
        let (found, expected) = try PlanInputs.matches(Self.schema, golden: file)
        #expect(found == expected)
        #expect(PlanSchema.text == Self.schema)
    }

    @Test func aRecordHasEveryKeyThatIsBuiltAndNoOther() throws {
        let root = try #require(
            try JSONSerialization.jsonObject(with: Data(Self.schema.utf8)) as? [String: Any])
        let definitions = try #require(root["$defs"] as? [String: [String: Any]])
        #expect(root["$schema"] as? String == PlanSchema.draft)
        for record in PlanReference.plan.family {
            let schema = record.name == PlanReference.plan.name ? root : definitions["record.\(record.name)"] ?? [:]
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            let built = record.keys.filter { $0.standing != .planned }
            #expect(Set(properties.keys) == Set(built.map(\.name)), "\(record.name)")
            #expect(schema["additionalProperties"] as? Bool == false)
            #expect(schema["required"] as? [String] ?? [] == built.filter { $0.standing == .required }.map(\.name))
            for key in built {
                #expect((properties[key.name]?["description"] as? String)?.hasPrefix(key.doc) == true)
            }
        }
    }

    // MARK: Right plans

    @Test(arguments: PlanReference.plan.family.map(\.name))
    func theExampleOfEveryKeyIsRight(name: String) throws {
        let validator = try SchemaValidator(Self.schema)
        let record = try #require(PlanReference.plan.family.first { $0.name == name })
        for key in record.keys where key.standing != .planned {
            let entry = try #require(try Self.tree("\(key.name): \(key.example)").entry(key.name))
            #expect(
                try validator.accepts(JSONValue(entry.value), key: key.name, of: name),
                "\(name).\(key.name): \(key.example)")
            guard case .optional(let standard?) = key.standing, !standard.contains(" ") else { continue }
            let value = try #require(try Self.tree("\(key.name): \(standard)").entry(key.name)).value
            #expect(
                try validator.accepts(JSONValue(value), key: key.name, of: name), "\(name).\(key.name): \(standard)")
        }
    }

    @Test(arguments: PlanReference.plan.family.map(\.name))
    func theExampleOfARecordIsAPlan(name: String) throws {
        let record = try #require(PlanReference.plan.family.first { $0.name == name })
        let text = PlanInputs.framed(record.example)
        #expect(try SchemaValidator(Self.schema).accepts(JSONValue(try Self.tree(text))))
    }

    @Test func everyPlanThatTheReaderTakesIsRight() throws {
        let validator = try SchemaValidator(Self.schema)
        var count = 0
        for folder in [PlanInputs.examples, PlanInputs.inputs] {
            for name in PlanInputs.names(in: folder, ending: ".yaml") where !name.contains(".invalid.") {
                let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
                #expect(try validator.accepts(JSONValue(try Self.tree(text))), "\(name)")
                count += 1
            }
        }
        #expect(count >= 8)
    }

    @Test(arguments: [
        "client: { clients: \"4\" }", "client: { clients: 10_0 }", "client: { http: 1.1 }", "client: { http: \"2\" }",
        "client: { decompress: \"true\" }", "client: { clients: \"${env:N}\" }", "client: { decompress: \"${env:B}\" }",
        "client: { timeout: { total: 1m30s, connect: \"${file:a}ms\" } }", "client: { timeout: { total: 1.5s } }",
        "client: { timeout: { total: 20µs, connect: 1us } }", "load: [{ rate: 1.5/s to 10_000/h, for: 10s }]",
        "load: [{ users: 1 to 20, for: 1d }]", "load: [{ users: \"5\", count: 1_000 }]", "name: 17", "name: true",
        "endpoints: [\"10.0.0.1:80\", { address: \"10.0.0.2:80\", weight: 5 }]", "endpoints: { dns: \"shop:80\" }",
        "endpoints: none", "client: { retry: 3 }", "client: { retry: none }", "client: { retry: { on: [429, 5xx] } }",
        "client: { retry: { budget: { tokens: 10, ratio: 0.1 } } }", "client: { retry: { budget: 10% } }",
        "client: { bulkhead: 5 }", "client: { bulkhead: [{ running: 5 }] }", "client: { hedge: 50ms }",
        "client: { breaker: { failure-rate: 50%, window: 100 } }", "client: { throttle: 1.5 }",
        "client: { shard: { by: range, bounds: [1, 2] } }", "client: { health: { outliers: { deviations: none } } }",
        "client: { timeout: { adaptive: p95 } }", "client: { balance: { weights: plan } }",
        "scenarios: { a: [{ post: /, json: null }] }", "scenarios: { a: { weight: 0.5, steps: [{ get: / }] } }",
    ])
    func whatTheReaderTakesIsRight(text: String) throws {
        let text = PlanInputs.framed(text)
        let environment = ["N": "4", "B": "true"]
        try Folder.with(["a": "5"]) { folder in
            #expect(throws: Never.self) {
                try PlanReader.read(
                    text: text, file: "plan.yaml", directory: folder, abilities: PlanInputs.new,
                    surroundings: PlanSurroundings(environment: environment))
            }
        }
        #expect(try SchemaValidator(Self.schema).accepts(JSONValue(try Self.tree(text))))
    }

    // MARK: Wrong plans

    @Test(arguments: [
        "keys.invalid.choice", "keys.invalid.empty", "keys.invalid.missing", "keys.invalid.type",
        "keys.invalid.unknown",
        "keys.invalid.unsupported", "values.invalid.units",
    ])
    func aPlanThatIsWrongByItsKeysIsRefused(name: String) throws {
        let text = try String(contentsOf: PlanInputs.inputs.appending(path: "\(name).yaml"), encoding: .utf8)
        let problems = try #require(PlanInputs.problems(text)).problems
        let known: Set<PlanRule> = [.unknownKey, .missing, .type, .choice, .unit, .number, .empty, .unsupported]
        #expect(problems.contains { known.contains($0.rule) })
        #expect(try !SchemaValidator(Self.schema).accepts(JSONValue(try Self.tree(text))))
    }

    @Test(arguments: [
        "tagret: https://shop.example", "variants:", "variants: {}", "load: []", "load: { rate: 1/s }",
        "load: [{ rate: 10, for: 1s }]", "load: [{ rate: 10/s, for: 1sec }]",
        "load: [{ rate: 10/s, for: 1s, warm-up: yes }]",
        "client: { clients: 0 }", "client: { clients: 1.5 }", "client: { clients: many }", "client: { http: 3 }",
        "client: { timeout: 5s }", "scenarios: { a: { weight: 1 } }", "scenarios: { a: [] }",
        "scenarios: { a: [{ get: [/] }] }",
        "lab: { services: { shop: { faults: [{ share: 1% }] } } }",
        "lab: { services: { shop: { faults: [{ fault: nap }] } } }",
        "lab: { services: { shop: { body: 2 } } }", "lab: {}", "alerts: [a]", "name: null", "tls: [insecure]",
        "load: [{ rate: -1/s, for: 1s }]", "load: [{ rate: 1__0/s, for: 1s }]", "load: [{ rate: 10/s to, for: 1s }]",
        "lab: { services: { shop: { faults: [{ fault: reset, share: 5 }] } } }",
        "endpoints: []", "endpoints: [{ weight: 5 }]", "client: { retry: 1 }", "client: { retry: { budget: 1 } }",
        "client: { bulkhead: [] }", "client: { bulkhead: {} }", "client: { balance: fastest }",
        "client: { breaker: 5 }",
        "client: { shard: { nodes: 0 } }", "client: { pool: 5 }", "scenarios: { a: [{ get: /, retry: some }] }",
    ])
    func whatTheReaderRefusesIsWrong(text: String) throws {
        let text = PlanInputs.framed(text)
        let problems = try #require(PlanInputs.problems(text)).problems
        #expect(problems.contains { $0.severity == .error })
        #expect(try !SchemaValidator(Self.schema).accepts(JSONValue(try Self.tree(text))))
    }
}
