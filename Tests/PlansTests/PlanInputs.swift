import Foundation

@testable import Plans

/// Where the tests' plans lie, and how they are read.
enum PlanInputs {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let inputs = tests.appending(path: "Inputs")
    static let repository = tests.deletingLastPathComponent().deletingLastPathComponent()
    static let examples = repository.appending(path: "Plans")

    /// A libcurl of the kind that cannot do HTTP/2.
    static let old = PlanAbilities(http2: false, libcurl: "7.88.1")
    static let new = PlanAbilities(http2: true, libcurl: "8.14.1")

    /// Names of the files in a folder with that ending, sorted.
    static func names(in folder: URL, ending: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return all.filter { $0.hasSuffix(ending) }.sorted()
    }

    /// What was found in a text, errors or warnings; nil when there was nothing.
    static func problems(_ text: String, file: String = "plan.yaml", abilities: PlanAbilities = old) -> PlanProblems? {
        do throws(PlanProblems) {
            return try PlanReader.read(text: text, file: file, directory: inputs.path(), abilities: abilities).warnings
        } catch {
            return error
        }
    }

    /// A plan with a target and a load around `text`, where `text` has none.
    static func plan(_ text: String, abilities: PlanAbilities = new) throws(PlanProblems) -> Plan {
        try PlanReader.read(
            text: framed(text), file: "plan.yaml", directory: inputs.path(), abilities: abilities
        ).plan
    }

    static func framed(_ text: String) -> String {
        var framed = text + "\n"
        if text.firstMatch(of: /(?:^|\n)load:/) == nil { framed += "load: [{ rate: 200/s, for: 10s }]\n" }
        if !text.contains("target:"), !text.contains("lab:") { framed += "target: https://shop.example\n" }
        return framed
    }

    static var updatesGoldens: Bool { ProcessInfo.processInfo.environment["GALE_UPDATE_GOLDENS"] == "1" }

    /// Compares a text with a golden file, or writes the file when goldens are updated.
    static func matches(_ text: String, golden: URL) throws -> (found: String, expected: String) {
        if updatesGoldens { try text.write(to: golden, atomically: true, encoding: .utf8) }
        return (text, try String(contentsOf: golden, encoding: .utf8))
    }
}
