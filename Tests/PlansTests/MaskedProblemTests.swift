import Core
import Foundation
import Testing

@testable import Plans

/// A value from outside in every position of a plan, with every kind of mistake: no form of it is in any sentence.
struct MaskedProblemTests {
    /// Values that make their keys wrong, or right, in many ways.
    static let secrets = [
        "hunter2-and-more", "q7x!", "9999hunter2unit",
        "https://user:hunter2@shop.example/hunter2path?hunter2query#hunter2fragment",
        "https://shop.example:hunter2port", "ftp://hunter2host", "HUNTER2 with blanks",
        "hunter2\nhunter3\thunter4\u{1B}[31m",
        "p(hunter2) < hunter2limit", "hunter2: p99 < 250ms", "back`quote`hunter2`x", "{{hunter2}}", "${env:hunter2}",
        String(repeating: "hunter2", count: 40), "hünter-zwei-🙂-🙂", "12345678ms", "1_000_000_000_001", "-hunter2",
        "lab/hunter2service",
        "/hunter2 path", "hunter2/24", "10.77.88.99/8", "599-511", "/secret/hunter2/file.pem",
    ]

    /// Every scalar of these is replaced, one at a time.
    static let plans: [String] = {
        var texts = PlanReference.plan.family.map { PlanInputs.framed($0.example) }
        for name in PlanInputs.names(in: PlanInputs.examples, ending: ".yaml") {
            texts +=
                (try? String(contentsOf: PlanInputs.examples.appending(path: name), encoding: .utf8)).map { [$0] } ?? []
        }
        return texts
    }()

    /// The parts of a secret that nobody may see.
    private static func parts(of secret: String) -> [String] {
        let bytes = Data(secret.utf8)
        var parts = [secret, secret.lowercased(), secret.uppercased(), bytes.base64EncodedString()]
        if secret.lowercased().contains("hunter") { parts += ["hunter", "HUNTER", "Hunter"] }
        return parts
    }

    @Test(arguments: plans.indices)
    func noProblemShowsASecret(index: Int) throws {
        let text = Self.plans[index]
        let root = try PlanText.parse(text, lines: SourceLines(text))
        let count = root.scalarCount
        var found = 0
        for (number, secret) in Self.secrets.enumerated() {
            // A few positions for each secret, all of them over all secrets.
            for position in stride(from: number % 3, to: count, by: 3) {
                var left = position
                let tree = root.replacingScalar(&left, with: "${env:SECRET}")
                let files = PlanFiles(directory: PlanInputs.inputs.path())
                let pass = PlanPass(
                    file: "plan.yaml", hash: 0, files: files, abilities: PlanInputs.old,
                    surroundings: PlanSurroundings(environment: ["SECRET": secret]), settings: [])
                let result = pass.readAll(OverlaidPlan(tree))
                found += result.problems.count
                for problem in result.problems {
                    for part in Self.parts(of: secret) {
                        #expect(!problem.message.contains(part), "\(problem)")
                        #expect(!problem.remedy.contains(part), "\(problem)")
                    }
                }
                for step in result.plan?.scenarios.flatMap(\.steps) ?? [] { #expect(!step.name.contains(secret)) }
                if let plan = result.plan { #expect(!plan.name.contains(secret)) }
            }
        }
        #expect(found > 10)
    }

    @Test func aMessageSaysAsMuchAsItMay() throws {
        func message(_ text: String, _ secret: String) -> String {
            do throws(PlanProblems) {
                _ = try ExpansionTests.read(text, ["S": secret])
                return ""
            } catch {
                return error.description
            }
        }
        #expect(
            message("client: { clients: \"${env:S}\" }", "hunter2") == """
                plan.yaml:1:20: `***` is not a number of clients, which begins with a number: write it like `1`
                  1 | client: { clients: "${env:S}" }
                    |                    ^^^^^^^^^^

                """)
        #expect(message("client: { http: \"${env:S}\" }", "hunter2").contains("`***` is none of `1.1`, `2`"))
        #expect(
            message("load: [{ rate: \"${env:S}\", for: 1s }]", "12345/hunter2").contains(
                "`***` is none of /s, /m or /h"))
    }

    @Test func aSecretInAPlanIsNoSecretAtOtherPlaces() throws {
        let text = "nmae: x\nscenarios: { a: [{ get: /, headers: { X: \"${env:S}\" } }] }"
        do throws(PlanProblems) {
            _ = try ExpansionTests.read(text, ["S": "name"])
            Issue.record("the key was taken")
        } catch {
            #expect(error.problems[0].message == "unknown key `nmae` in the plan")
            #expect(error.problems[0].remedy == "did you mean `***`?")
        }
    }
}

extension PlanNode {
    fileprivate var scalarCount: Int {
        switch content {
        case .scalar: 1
        case .list(let items): items.map(\.scalarCount).reduce(0, +)
        case .map(let entries): entries.map(\.value.scalarCount).reduce(0, +)
        }
    }

    /// The tree with its scalar number `left` replaced.
    fileprivate func replacingScalar(_ left: inout Int, with text: String) -> PlanNode {
        var node = self
        switch content {
        case .scalar:
            if left == 0 { node.content = .scalar(text, .plain) }
            left -= 1
        case .list(let items):
            node.content = .list(items.map { $0.replacingScalar(&left, with: text) })
        case .map(let entries):
            node.content = .map(
                entries.map {
                    .init(key: $0.key, keyPlace: $0.keyPlace, value: $0.value.replacingScalar(&left, with: text))
                })
        }
        return node
    }
}
