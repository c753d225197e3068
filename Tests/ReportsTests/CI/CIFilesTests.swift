import Analysis
import Core
import Glibc
import Recording
import Reports
import Testing

@Suite("What is written for a CI job, and where")
struct CIFilesTests {
    private static var texts: CITexts {
        CITexts(
            junit: { "junit" }, comment: { "comment" }, metrics: { "metrics" }, annotations: { ["::error::x"] },
            stepSummary: { "summary" })
    }
    private static let page = CIAction.append(path: "/r/page", report: "summary", limit: 1 << 20)

    @Test(
        "Options and environment say what is done",
        arguments: [
            (CIOutputs(), [:], []),
            (CIOutputs(junit: "a.xml"), ["GITHUB_STEP_SUMMARY": "/r/page"], [.write(path: "a.xml", text: "junit")]),
            (
                CIOutputs(junit: "a.xml", comment: "b.md", metrics: "c.txt"), [:],
                [
                    .write(path: "a.xml", text: "junit"), .write(path: "b.md", text: "comment"),
                    .write(path: "c.txt", text: "metrics"),
                ]
            ),
            (CIOutputs(github: true), ["GITHUB_STEP_SUMMARY": "/r/page"], [page, .print(line: "::error::x")]),
            (CIOutputs(github: true), ["GITHUB_STEP_SUMMARY": ""], [.print(line: "::error::x")]),
            (CIOutputs(github: true), [:], [.print(line: "::error::x")]),
            // Nobody asked: that it runs under GitHub's runner does not make it speak.
            (CIOutputs(), ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "/r/page"], []),
        ] as [(CIOutputs, [String: String], [CIAction])])
    func actions(outputs: CIOutputs, environment: [String: String], expected: [CIAction]) {
        #expect(CIFiles.actions(outputs, Self.texts, environment: environment) == expected)
        #expect(outputs.isEmpty == (outputs == CIOutputs()))
    }

    @Test("Of runs: the same texts as the reports, and the plan as the repository names it")
    func runs() throws {
        let summary = try Summaries.of("broken", [Summaries.result(.broken)])
        let outputs = CIOutputs(junit: "a.xml", comment: "b.md", metrics: "c.txt", github: true)
        let environment = ["GITHUB_WORKSPACE": "/w/r", "PWD": "/w/r/load", "GITHUB_STEP_SUMMARY": "/r/page"]
        let actions = CIFiles.actions(outputs, [summary], environment: environment)
        #expect(
            actions.prefix(4) == [
                .write(path: "a.xml", text: JUnitReport.text(summary)),
                .write(path: "b.md", text: CommentReport.text(summary)),
                .write(path: "c.txt", text: MetricsReport.text(summary)),
                .append(path: "/r/page", report: GitHubSummary.text(summary), limit: GitHubSummary.most),
            ])
        guard case .print(let line) = actions[4] else {
            Issue.record("\(actions[4]) is no line")
            return
        }
        #expect(line.hasPrefix("::error file=load/checkout.yaml,line=12,title=checkout%3A a budget is broken::"))
    }

    @Test(
        "Paths that would be regretted are refused before the run",
        arguments: [
            (CIOutputs(junit: ""), "--junit: `` names no file: give a path such as out/gale.xml"),
            (CIOutputs(junit: "out/"), "--junit: `out/` names no file: give a path such as out/gale.xml"),
            (CIOutputs(comment: "/dev/stdout"), "--comment: `/dev/stdout` belongs to the system"),
            (CIOutputs(metrics: "/proc/self/fd/1"), "--metrics: `/proc/self/fd/1` belongs to the system"),
            (CIOutputs(junit: "junit"), "--junit: `junit` does not end in `.xml`"),
            (
                CIOutputs(comment: "a.txt", metrics: "a.txt"),
                "--metrics: `a.txt` is the file of --comment already: give each its own"
            ),
            (CIOutputs(comment: "\u{1B}[31m/"), "--comment: `/` names no file"),
        ])
    func refused(outputs: CIOutputs, message: String) {
        let problem = #expect(throws: CIProblem.self) { try outputs.check() }
        #expect(problem?.description.hasPrefix(message) == true, "\(problem.map(String.init(describing:)) ?? "")")
    }

    @Test("Paths that are fine are taken")
    func accepted() throws {
        try CIOutputs().check()
        try CIOutputs(junit: "out/gale.xml", comment: "c.md", metrics: "/tmp/m", github: true).check()
    }

    // MARK: Doing it

    private static func withFolder(_ body: (String) throws -> Void) rethrows {
        let folder = SyntheticRun.makeFolder()
        defer { remove(folder) }
        try body(folder)
    }

    private static func remove(_ path: String) {
        guard unlink(path) != 0, let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }

    private static func mode(_ path: String) -> mode_t {
        var information = stat()
        return lstat(path, &information) == 0 ? information.st_mode & 0o7777 : 0
    }

    @Test("A file is written into folders that are made, for its owner only")
    func write() throws {
        try Self.withFolder { folder in
            let path = "\(folder)/a/b/gale.xml"
            try CIAction.write(path: path, text: "x").perform { _ in }
            #expect(Golden.read(path) == "x")
            #expect(Self.mode(path) == 0o600)
            #expect(Self.mode("\(folder)/a") == 0o700)
        }
    }

    @Test("A link in the place of a report is replaced; what it leads to stays as it is")
    func link() throws {
        try Self.withFolder { folder in
            let (path, precious) = ("\(folder)/gale.xml", "\(folder)/precious")
            try AtomicFile.write("precious", to: precious)
            symlink(precious, path)
            try CIAction.write(path: path, text: "x").perform { _ in }
            #expect(Golden.read(path) == "x")
            #expect(Golden.read(precious) == "precious")
            #expect(Self.mode(path) == 0o600, "it is a file now")
        }
    }

    @Test("Reports are added to the page of a step, as far as it goes")
    func append() throws {
        try Self.withFolder { folder in
            let path = "\(folder)/page"
            let report = String(repeating: "a line\n", count: 40)
            let action = CIAction.append(path: path, report: report, limit: 800)
            var sizes: [Int] = []
            for _ in 0..<5 {
                try action.perform { _ in }
                sizes.append(Golden.read(path)?.utf8.count ?? 0)
            }
            #expect(sizes[0] == 280 && sizes[1] == 562)
            #expect(sizes.allSatisfy { $0 <= 800 } && sizes[2] > 562, "\(sizes)")
            let text = Golden.read(path) ?? ""
            #expect(text.hasPrefix(report + "\n\n" + report + "\n\na line\n"))
            #expect(text.hasSuffix("report.md in the bundle has all.*\n"))
        }
    }

    @Test("A page that is a link is not followed")
    func linkedPage() throws {
        try Self.withFolder { folder in
            let (path, precious) = ("\(folder)/page", "\(folder)/precious")
            try AtomicFile.write("precious", to: precious)
            symlink(precious, path)
            let error = #expect(throws: FileFailure.self) {
                try CIAction.append(path: path, report: "x\n", limit: 100).perform { _ in }
            }
            #expect(error?.code == ELOOP)
            #expect(Golden.read(precious) == "precious")
        }
    }

    @Test("Lines are printed")
    func lines() throws {
        var printed: [String] = []
        try CIAction.print(line: "::error::x").perform { printed.append($0) }
        #expect(printed == ["::error::x"])
    }
}
