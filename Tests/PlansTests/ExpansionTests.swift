import Core
import Flows
import Foundation
import Testing

@testable import Plans

/// `${env:NAME}` and `${file:path}`.
struct ExpansionTests {
    static func read(
        _ text: String, _ environment: [String: String] = [:], variant: String? = nil,
        directory: String = PlanInputs.inputs.path()
    ) throws(PlanProblems) -> PlanReader.Reading {
        try PlanReader.read(
            text: PlanInputs.framed(text), file: "plan.yaml", directory: directory, abilities: PlanInputs.new,
            variant: variant, surroundings: PlanSurroundings(environment: environment))
    }

    static func header(_ value: String, _ environment: [String: String] = [:]) throws(PlanProblems) -> String {
        let text = "scenarios: { a: [{ get: /, headers: { X: \"\(value)\" } }] }"
        return try read(text, environment).plan.scenarios[0].steps[0].headers[0].value.sketch
    }

    @Test(arguments: [
        ("${env:TOKEN}", "s3cret"), ("Bearer ${env:TOKEN}!", "Bearer s3cret!"),
        ("${env:TOKEN}${env:TOKEN}", "s3crets3cret"),
        ("${env:NONE:-x}", "x"), ("${env:EMPTY:-x}", "x"), ("${env:NONE:-}", ""), ("${env:EMPTY}", ""),
        ("${env:TOKEN:-x}", "s3cret"), ("${env:NONE:-a:-b}", "a:-b"), ("$${env:TOKEN}", "${env:TOKEN}"),
        ("$$${env:TOKEN}", "$${env:TOKEN}"), ("$", "$"), ("$TOKEN {x} }", "$TOKEN {x} }"),
        ("${env:NESTED}", "${env:TOKEN}"),
        ("${env:_a1}", "under"), ("${file:order.json}", "{\"product\": 17}"), ("$ {", "$ {"),
    ])
    func aTextIsExpandedOnce(text: String, expanded: String) throws {
        let order = try String(contentsOf: PlanInputs.inputs.appending(path: "order.json"), encoding: .utf8)
        let environment = ["TOKEN": "s3cret", "EMPTY": "", "NESTED": "${env:TOKEN}", "_a1": "under"]
        let wanted = text.contains("order.json") ? String(order.dropLast(order.hasSuffix("\n") ? 1 : 0)) : expanded
        #expect(try Self.header(text, environment) == wanted)
    }

    @Test(arguments: [
        ("client: { clients: \"${env:N}\" }", "4", 4), ("client: { clients: \"${env:N:-3}\" }", nil, 3),
    ])
    func aKeyThatTakesANumberTakesOneFromOutside(text: String, value: String?, clients: Int) throws {
        #expect(try Self.read(text, value.map { ["N": $0] } ?? [:]).plan.client.clients == clients)
    }

    @Test func aValueInJSONIsANumberWhenThePlanHasNoQuotes() throws {
        let text =
            "scenarios:\n  a:\n    - post: /\n      json:\n        a: ${env:N}\n        b: \"${env:N}\"\n        c: ${env:NULL}\n"
        let body = try Self.read(text, ["N": "17", "NULL": "null"]).plan.scenarios[0].steps[0].body?.constant ?? []
        #expect(String(decoding: body, as: UTF8.self) == #"{"a":17,"b":"17","c":"null"}"#)
    }

    @Test func keysAreNotExpanded() throws {
        let text = "scenarios: { \"${A}\": [{ post: /, json: { \"${env:A}\": \"${env:A}\" } }] }"
        let scenario = try Self.read(text, ["A": "value"]).plan.scenarios[0]
        #expect(scenario.name == "${A}")
        #expect(String(decoding: scenario.steps[0].body?.constant ?? [], as: UTF8.self) == #"{"${env:A}":"value"}"#)
    }

    @Test func valuesAreTheSecretsOfThePlanAndDefaultsAreNot() throws {
        let text = "scenarios: { a: [{ get: /, headers: { X: \"${env:T} ${env:D:-default} ${env:S}\" } }] }"
        let secrets = try Self.read(text, ["T": "tokentoken", "S": "abc"]).plan.secrets
        #expect(secrets == Secrets(["tokentoken"]))
        #expect(secrets.mask("tokentoken default abc") == "*** default abc")
        #expect(try Self.read("").plan.secrets.isEmpty)
    }

    @Test func namesAreMadeOfWhatThePlanSays() throws {
        let text = "scenarios: { a: [{ get: \"/${env:T}/x\" }, ], b: [{ method: \"${env:M}\", path: \"/${env:T}\" }] }"
        let plan = try Self.read(text, ["T": "tokentoken", "M": "PURGE"]).plan
        #expect(plan.scenarios.flatMap(\.steps).map(\.path) == ["/tokentoken/x", "/tokentoken"])
        #expect(plan.scenarios.flatMap(\.steps).map(\.method) == ["GET", "PURGE"])
        #expect(plan.scenarios.flatMap(\.steps).map(\.name) == ["GET /${env:T}/x", "${env:M} /${env:T}"])
    }

    @Test(arguments: ["name: \"${env:T}\"", "scenarios: { a: [{ get: /, name: \"x${env:T}\" }] }"])
    func aNameTakesNothingFromOutside(text: String) {
        do throws(PlanProblems) {
            _ = try Self.read(text, ["T": "tokentoken"])
            Issue.record("the name was taken")
        } catch {
            #expect(error.problems.map(\.rule) == [.name])
            #expect(!error.description.contains("tokentoken"))
        }
    }

    @Test func aVariantThatIsNotChosenNeedsNoVariables() throws {
        let text = "target: https://base.example\nvariants: { a: { target: \"https://${env:HOST}\" } }"
        let reading = try Self.read(text)
        #expect(reading.warnings?.problems.map(\.rule) == [.environment])
        #expect(reading.plan.secrets.isEmpty)
        #expect(throws: PlanProblems.self) { try Self.read(text, variant: "a") }
        let chosen = try Self.read(text, ["HOST": "shop.example"], variant: "a").plan
        #expect(chosen.target == .url("https://shop.example"))
        #expect(chosen.secrets == Secrets(["shop.example"]))
    }

    // MARK: Files

    @Test func aFileLosesOneBreakAtItsEnd() throws {
        try Folder.with(["a": "value\n\n", "b": "value\r\n", "c": "value", "d": ""]) { folder in
            for (name, value) in [("a", "value\n"), ("b", "value"), ("c", "value"), ("d", "")] {
                let text = "scenarios: { a: [{ post: /, text: \"${file:\(name)}\" }] }"
                let plan = try Self.read(text, directory: folder).plan
                #expect(plan.scenarios[0].steps[0].body == Template(literal: value))
            }
        }
    }

    @Test func aFileLiesInsideThePlansDirectoryAndIsSmall() throws {
        try Folder.with([
            "large": String(repeating: "x", count: (1 << 16) + 1), "fit": String(repeating: "x", count: 1 << 16),
        ]) {
            folder in
            let inner = folder + "/inner"
            try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: inner + "/link", withDestinationPath: folder + "/fit")
            try Data([0xFF, 0xFE]).write(to: URL(filePath: folder + "/binary"))
            func message(_ path: String, in directory: String) -> String {
                do throws(PlanProblems) {
                    _ = try Self.read(
                        "scenarios: { a: [{ post: /, text: \"${file:\(path)}\" }] }", directory: directory)
                    return ""
                } catch {
                    #expect(error.problems.map(\.rule) == [.file])
                    return error.problems[0].message
                }
            }
            #expect(message("fit", in: folder) == "")
            #expect(message("large", in: folder).contains("has more than 64KiB"))
            #expect(message("binary", in: folder).contains("is not UTF-8"))
            #expect(message("inner", in: folder).contains("is no regular file"))
            for path in ["../fit", "link", folder + "/fit", "/etc/passwd"] {
                #expect(message(path, in: inner).contains("lies outside the plan's directory"))
            }
        }
    }

    @Test func aShortPlanCannotBecomeALongOne() throws {
        try Folder.with(["a": String(repeating: "x", count: 60_000)]) { folder in
            let text = "scenarios: { a: [{ post: /, text: \"" + String(repeating: "${file:a}", count: 300) + "\" }] }"
            do throws(PlanProblems) {
                _ = try Self.read(text, directory: folder)
                Issue.record("18 MB were taken")
            } catch {
                #expect(error.problems.map(\.rule) == [.expansion])
            }
        }
    }

    @Test func manyLargeValuesAreRefused() {
        let environment = Dictionary(
            uniqueKeysWithValues: (0..<20).map { ("V\($0)", String(repeating: "abcdefg\($0)", count: 10_000)) })
        let values = (0..<20).map { "${env:V\($0)}" }.joined()
        #expect(throws: PlanProblems.self) { try Self.header(values, environment) }
    }

    /// Where a text is no template, the value is what it is outside.
    @Test func aValueWithBracesIsItselfEverywhere() throws {
        let text = PlanInputs.framed(
            """
            data: { a: { list: ["${env:T}"] } }
            scenarios:
              main:
                - { post: "/{{a}}", json: ["${env:T}"], headers: { X-A: "${env:T}" }, extract: { b: { regex: "${env:R}" } } }
            """)
        let plan = try PlanReader.read(
            text: text, file: "plan.yaml", abilities: PlanInputs.new,
            surroundings: PlanSurroundings(environment: ["T": "x{{y}}", "R": "[{][{]z"])
        ).plan
        guard case .table(let table, _, _) = plan.data[0].kind else {
            Issue.record("the source is no table")
            return
        }
        #expect(table.value(row: 0, column: 0) == Value(text: "x{{y}}"))
        let step = plan.scenarios[0].steps[0]
        #expect(step.body == #"["x{{y}}"]"#)
        #expect(step.headers[0].value == "x{{y}}")
        #expect(plan.variables.names == ["a", "b"])
    }

    @Test func bracesInAValueBeginNoTemplate() throws {
        var expansion = Expansion(
            surroundings: PlanSurroundings(environment: ["T": "a{{b}}"]), files: PlanFiles(directory: "."))
        let node = PlanNode(content: .scalar("x${env:T}{{c}}", .quoted), place: Place(line: 1, column: 1))
        let expanded = expansion.expand(node)
        #expect(expanded.text == "xa{{b}}{{c}}")
        #expect(expanded.template == "xa{{'{{'}}b}}{{c}}")
        #expect(expansion.values == ["a{{b}}"])
    }
}

/// A folder of files for the length of a test.
enum Folder {
    static func with(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gale-plans-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try body(folder.path())
    }
}
