import Foundation
import Testing

@testable import Plans

struct PlanReaderTests {
    @Test func aPlanIsNamedByItselfOrByItsFile() throws {
        func name(_ text: String, file: String) throws(PlanProblems) -> String {
            try PlanReader.read(text: PlanInputs.framed(text), file: file, abilities: PlanInputs.old).plan.name
        }
        #expect(try name("name: Check out", file: "a.yaml") == "Check out")
        #expect(try name("", file: "Plans/check-out.yaml") == "check-out")
    }

    @Test func theHashIsThatOfTheText() throws {
        // Vectors of FNV-1a, 64 bits, by its authors.
        #expect(PlanHash.of("") == 0xcbf2_9ce4_8422_2325)
        #expect(PlanHash.of("a") == 0xaf63_dc4c_8601_ec8c)
        #expect(PlanHash.of("foobar") == 0x8594_4171_f739_67e8)
        #expect(try PlanInputs.plan("name: a").hash == PlanHash.of(PlanInputs.framed("name: a")))
    }

    @Test func moreThanAMegabyteIsNotRead() throws {
        let text = String(repeating: "# comment\n", count: 110_000)
        let problems = try #require(PlanInputs.problems(text))
        #expect(problems.problems.map(\.rule) == [.size])
        #expect(
            problems.description.hasPrefix(
                "plan.yaml:1:1: the plan has 1100000 bytes, and at most 1048576 are read: put large bodies into files"))
    }

    /// The problems of a plan made by a program that is wrong in every line.
    @Test func aFloodOfProblemsIsCutShort() throws {
        let keys = (0..<200).map { "completely\($0): wrong\n" }.joined()
        let problems = try #require(PlanInputs.problems(PlanInputs.framed(keys)))
        #expect(problems.problems.count == 200)
        #expect(problems.description.hasSuffix("plan.yaml: and 150 more\n"))
    }

    @Test func aLongLineIsCutAroundItsProblem() throws {
        let padding = String(repeating: "x", count: 5_000)
        let text =
            "{ name: \(padding), load: [{ rate: 200, for: 1s }], target: lab, lab: { services: { a: { time: 1 } } } }"
        let problems = try #require(PlanInputs.problems(text))
        for line in problems.description.split(separator: "\n") where line.contains(" | ") { #expect(line.count < 140) }
        let last = try #require(problems.description.split(separator: "\n").last)
        let above = try #require(problems.description.split(separator: "\n").dropLast().last)
        let marked = zip(above, last).filter { $0.1 == "^" }.map { String($0.0) }.joined()
        #expect(marked == "1")
    }

    @Test func anEscapeSequenceDoesNotReachTheTerminal() throws {
        let text = PlanInputs.framed("name: \"\\e[31mred\"\n\"\\e[2J\": 1")
        let problems = try #require(PlanInputs.problems(text))
        #expect(!problems.problems.isEmpty)
        #expect(!problems.description.unicodeScalars.contains("\u{1B}"))
        let raw = try #require(PlanInputs.problems("name: a\u{1B}[31m\n"))
        #expect(!raw.description.unicodeScalars.contains("\u{1B}"))
    }

    @Test func problemsStandInTheOrderOfTheText() throws {
        let text = "budgets: [p99]\nload: [{ rate: 1 }]\nname: .a\n"
        let places = try #require(PlanInputs.problems(text)).problems.map(\.place)
        #expect(places.count == 3)
        #expect(places == places.sorted())
    }

    // MARK: Files

    @Test func aPlanIsReadFromItsFile() throws {
        let (reading, text) = try PlanReader.read(
            file: PlanInputs.examples.appending(path: "ramp.yaml").path(), abilities: PlanInputs.old)
        #expect(reading.plan.name == "ramp")
        #expect(reading.plan.hash == PlanHash.of(text))
    }

    @Test func aFileThatCannotBeReadIsAProblem() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gale-plans-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let broken = folder.appending(path: "broken.yaml")
        try Data([0x6E, 0xFF, 0xFE]).write(to: broken)
        let large = folder.appending(path: "large.yaml")
        try Data(repeating: 0x23, count: 1 << 21).write(to: large)
        func rule(_ url: URL) -> PlanRule? {
            do throws(PlanProblems) {
                _ = try PlanReader.read(file: url.path(), abilities: PlanInputs.old)
                return nil
            } catch {
                return error.problems.first?.rule
            }
        }
        #expect(rule(folder.appending(path: "missing.yaml")) == .file)
        #expect(rule(folder) == .file)
        #expect(rule(large) == .file)
        #expect(rule(broken) == .syntax)
    }

    @Test(arguments: [("a.yaml", "."), ("Plans/a.yaml", "Plans"), ("/a.yaml", "/"), ("/x/y/a.yaml", "/x/y")])
    func aPlansDirectoryIsThatOfItsFile(file: String, directory: String) {
        #expect(PlanFiles.directory(of: file) == directory)
    }
}
