import Arrivals
import Core
import Flows
import Foundation
import Testing

@testable import Plans

/// Plans that nobody would write, with variants, settings and values from outside: there is an answer to each, it points
/// into the text or into an option, and it shows nothing secret.
struct OverlayFuzzTests {
    private static let secret = "hunter2-$ecret"
    private static let surroundings = PlanSurroundings(environment: ["T": secret, "N": "4", "E": ""])

    private static let pieces = [
        "${env:T}", "${env:N}", "${env:E}", "${env:NONE}", "${env:T:-x}", "${file:order.json}", "${file:../x}", "$${",
        "${", "}",
        ":-", "variants:\n  a:\n    ", "variants: { a: { name: b } }\n", "allow-hosts: [a.example]\n", "10.0.0.0/8",
        "*.",
        "client: { clients: ${env:N} }\n", "{{", "\"", "'", ": ", "- ", "\n  ", "[", "{", "#", "~", "\u{0}", "🙂", "\t",
        "&a", "*a",
    ]

    private static let settings = [
        "name=a", "client.clients=2", "client.timeout={ total: 5s }", "load.0.rate=10/s", "load.7.rate=1/s", "load.x=1",
        "scenarios.a.0.get=/${env:T}", "data.colour={ list: [${env:T}] }",
        "scenarios.journey.steps.0.expect={ body: { contains: [${env:T}] } }",
        "scenarios.journey.steps.0.json={ a: ${env:T} }", "target=https://${env:T}.example", "=", "a", "a.b.c.d=1",
        "name.x=1", "load=[",
        "lab=",
        "client.tiemout=1s", "load.0={ rate: ${env:T}, for: 1s }", "\"a.b\".c=1", "name=\"a\nb\"", "x=*a",
        "budgets=[${env:T} < 1s]",
    ]

    @Test(arguments: 0..<4)
    func aMutatedPlanWithOptionsIsAnswered(stream: Int) throws {
        var random = SeededRandom(seed: 77, stream: UInt64(stream))
        func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }
        let good = FuzzTests.examples + [SettingTests.text]
        let plans = FuzzTests.examples + FuzzTests.broken + [SettingTests.text, FirstPlan.text]
        var right = 0
        for round in 0..<500 {
            // Every other round begins with a plan that is right, and changes little.
            let isGood = round.isMultiple(of: 2)
            var scalars = Array((isGood ? good[below(good.count)] : plans[below(plans.count)]).unicodeScalars)
            for _ in 0..<(isGood ? below(2) : 1 + below(3)) {
                let at = below(scalars.count + 1)
                switch below(5) {
                case 0: scalars.removeSubrange(at..<min(scalars.count, at + below(12)))
                // A whole scalar of the plan gives way, so that many mutations stay YAML.
                case 1, 2:
                    let end = scalars[at...].firstIndex { [",", "\n", "}", "]"].contains($0) } ?? scalars.count
                    let start = scalars[..<at].lastIndex { [" ", "\n"].contains($0) }.map { $0 + 1 } ?? 0
                    scalars.replaceSubrange(
                        start..<max(start, end), with: "\"\(Self.pieces[below(6)])\"".unicodeScalars)
                default: scalars.insert(contentsOf: Self.pieces[below(Self.pieces.count)].unicodeScalars, at: at)
                }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            let settings = (0..<below(3)).map { _ in Self.settings[below(Self.settings.count)] }
            let variant = [nil, nil, nil, nil, nil, "a", "staging", "stagin"][below(8)]
            do throws(PlanProblems) {
                let reading = try PlanReader.read(
                    text: text, file: "plan.yaml", directory: PlanInputs.inputs.path(), abilities: PlanInputs.old,
                    variant: variant, settings: settings, surroundings: Self.surroundings)
                right += 1
                Self.check(reading.plan)
                if let warnings = reading.warnings { Self.check(warnings, text, settings, variant) }
            } catch {
                #expect(error.problems.contains { $0.severity == .error })
                Self.check(error, text, settings, variant)
            }
        }
        #expect(right > 20)
    }

    private static func check(_ plan: Plan) {
        let names = [plan.name] + plan.scenarios.flatMap { [$0.name] + $0.steps.map(\.name) + $0.transactions }
        let checks = plan.scenarios.flatMap(\.steps).flatMap(\.expect.checks).map(\.text)
        #expect(!checks.contains { $0.contains("hunter2") })
        #expect(!plan.variables.names.contains { $0.contains("hunter2") })
        #expect(!names.contains { $0.contains("hunter2") })
        for step in plan.scenarios.flatMap(\.steps) where step.path.sketch.contains(secret) {
            #expect(!plan.secrets.mask(step.path.sketch).contains("hunter2"))
        }
    }

    private static func check(_ problems: PlanProblems, _ text: String, _ settings: [String], _ variant: String?) {
        let lines = SourceLines(text)
        let options = settings.map { "--set \($0)" } + (variant.map { ["--variant \($0)"] } ?? [])
        for problem in problems.problems {
            let place = problem.place
            switch place.origin {
            case .plan: #expect(lines[place.line] != nil || place.line == lines.count + 1)
            case .option(let number):
                #expect(options.indices.contains(number))
                let line = options.indices.contains(number) ? SourceLines(options[number])[place.line] : nil
                #expect(place.column - 1 <= line?.unicodeScalars.count ?? -1)
            }
            #expect(place.column >= 1 && place.length >= 1)
            #expect(!problems.headline(problem).contains("\n"))
            #expect(!problem.message.contains("hunter2") && !problem.remedy.contains("hunter2"))
        }
        #expect(!problems.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(!problems.description.contains("hunter2"))
    }
}
