import Foundation
import Importers
import Plans
import Testing

/// What several suites do with the files of the tests.
enum Imports {
    static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let inputs = tests.appending(path: "Inputs")
    static let goldens = tests.appending(path: "Goldens")
    /// Files of other projects, which are no part of this one: `../shared/data` beside the repository.
    static let shared = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "shared/data")

    static func bytes(_ url: URL) throws -> [UInt8] { Array(try Data(contentsOf: url)) }

    static func input(_ name: String) throws -> [UInt8] { try bytes(inputs.appending(path: name)) }

    /// Names of the files in a folder, sorted; none where there is no such folder.
    static func names(in folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    static func plan(_ kind: ImportKind, _ text: String, name: String = "plan") throws(ImportError) -> ImportedPlan {
        try kind.read(Array(text.utf8), options: ImportOptions(name: name))
    }

    static func written(_ kind: ImportKind, _ text: String) throws(ImportError) -> String {
        PlanWriter.text(try plan(kind, text))
    }

    /// The plan's text as a reader of YAML sees it.
    static func parsed(_ text: String) throws(PlanProblem) -> YAMLDocument {
        try YAMLDocument(parsing: text, maximumBytes: 1 << 20, maximumDepth: 64)
    }

    /// What the reader of plans says against a text, apart from files that a person is asked to put beside the plan. Every
    /// variable of the environment that the text names has a value, one that may be a target, too.
    static func complaints(_ text: String) -> [String] {
        var environment: [String: String] = [:]
        for part in text.components(separatedBy: "${env:").dropFirst() {
            let name = String(part.prefix { $0 != "}" && $0 != ":" })
            environment[name] = (text.contains("://${env:\(name)") ? "" : "http://") + "v4lue.example"
        }
        do throws(PlanProblems) {
            _ = try PlanReader.read(
                text: text, file: "plan.yaml", directory: goldens.path(),
                abilities: PlanAbilities(http2: false, libcurl: "7.88.1"),
                surroundings: PlanSurroundings(environment: environment))
            return []
        } catch {
            return error.problems.filter { $0.severity == .error && $0.rule != .file }.map(error.text)
        }
    }

    /// Compares a file with a golden one; `GALE_UPDATE_GOLDENS=1` writes that anew.
    static func check(_ found: [UInt8], _ name: String) throws {
        let file = goldens.appending(path: name)
        if ProcessInfo.processInfo.environment["GALE_UPDATE_GOLDENS"] == "1" { try Data(found).write(to: file) }
        guard let golden = try? bytes(file) else {
            Issue.record("\(name) does not exist; GALE_UPDATE_GOLDENS=1 writes it")
            return
        }
        // As texts, because a difference between texts is what a person can read.
        #expect(String(decoding: found, as: UTF8.self) == String(decoding: golden, as: UTF8.self), "\(name) differs")
        #expect(found == golden, "\(name) differs")
    }
}
