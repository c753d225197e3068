import Foundation
import TestSupport
import Testing
import Yams

/// The jobs of `Docs/ci.md`, run as a CI system would run them, and what the options for CI write.
@Suite("In a CI job", .serialized, .timeLimit(.minutes(10)))
struct CITests {
    // MARK: The examples

    /// The blocks of YAML of the page, by the path in their first line.
    private static let files: [String: String] = {
        let path = URL(fileURLWithPath: GaleProcess.plans).deletingLastPathComponent()
            .appendingPathComponent("Docs/ci.md")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        var files: [String: String] = [:]
        for block in text.components(separatedBy: "\n```yaml\n").dropFirst() {
            let body = block.components(separatedBy: "\n```\n")[0] + "\n"
            guard body.hasPrefix("# "), let end = body.firstIndex(of: "\n") else { continue }
            files[String(body[..<end].dropFirst(2))] = body
        }
        return files
    }()

    @Test("the page has the jobs that it speaks of, and each is YAML")
    func jobs() throws {
        #expect(
            Self.files.keys.sorted() == [
                ".github/workflows/again.yml", ".github/workflows/capacity.yml", ".github/workflows/compare.yml",
                ".github/workflows/load.yml", ".gitlab-ci.yml", "load/checkout.yaml",
            ])
        for (path, text) in Self.files {
            #expect(try Yams.compose(yaml: text)?.mapping != nil, "\(path)")
        }
    }

    @Test(
        "each workflow runs, and commands its runner nothing but annotations",
        arguments: ["again", "capacity", "compare", "load"])
    func workflow(name: String) async throws {
        try await withFolder { folder in
            let runner = try Workspace(folder, plan: Self.file("load/checkout.yaml"))
            defer { runner.stopServices() }
            let steps = try Self.steps(ofWorkflow: Self.file(".github/workflows/\(name).yml"))
            #expect(!steps.isEmpty)
            var hasFailed = false
            for step in steps where !hasFailed || step.isAlways {
                let outcome = try await runner.run(step)
                // 75: a busy machine may make a run invalid; what it writes must be right all the same.
                #expect([0, 75, 99].contains(outcome.status), "\(step.name): \(outcome)")
                if outcome.status != 0 { hasFailed = true }
                let levels = Set(runner.commands(outcome))
                #expect(levels.isSubset(of: ["error", "warning", "notice"]), "\(step.name): \(outcome)")
            }
            let page = runner.text(of: runner.page)
            #expect(name == "compare" && hasFailed || page.contains("\n"), "the page is empty")
            if name == "load" {
                #expect(page.hasPrefix("# checkout: "))
                #expect(
                    runner.text(of: "out/gale.xml").hasPrefix(
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "))
                #expect(runner.text(of: "out/comment.md").hasPrefix("<!-- gale:checkout -->\n### "))
                let calls = runner.text(of: "gh.log")
                #expect(calls.contains("api repos/owner/shop/issues/7/comments --paginate --jq"))
                #expect(calls.contains("pr comment 7 --body-file out/comment.md"))
            }
        }
    }

    @Test("a second run replaces the comment of the first")
    func comment() async throws {
        try await withFolder { folder in
            let runner = try Workspace(folder, plan: Self.file("load/checkout.yaml"))
            try runner.write("991\n", to: "comments")
            try runner.write("<!-- gale:checkout -->\n", to: "out/comment.md")
            let steps = try Self.steps(ofWorkflow: Self.file(".github/workflows/load.yml"))
            let step = try #require(steps.first { $0.name == "Comment" })
            let outcome = try await runner.run(step)
            #expect(outcome.status == 0, "\(outcome)")
            let calls = runner.text(of: "gh.log")
            #expect(calls.contains(#"select(.body | startswith("<!-- gale:checkout -->")) | .id"#))
            #expect(
                calls.contains("api --method PATCH repos/owner/shop/issues/comments/991 --field body=@out/comment.md"))
            #expect(!calls.contains("pr comment"))
        }
    }

    @Test("the GitLab job runs, and its reports are where it says")
    func gitlab() async throws {
        try await withFolder { folder in
            let runner = try Workspace(folder, plan: Self.file("load/checkout.yaml"))
            let job = try #require(try Yams.compose(yaml: Self.file(".gitlab-ci.yml"))?["load"])
            for line in (job["script"]?.sequence).map(Array.init) ?? [] {
                let outcome = try await runner.run(Step(name: "script", script: line.string ?? "false"))
                #expect([0, 75].contains(outcome.status), "\(outcome)")
                #expect(runner.commands(outcome) == [])
            }
            let reports = try #require(job["artifacts"]?["reports"])
            let junit = runner.text(of: reports["junit"]?.string ?? "")
            #expect(junit.contains("<testcase classname=\"checkout\" name=\"errors &lt; 1%\" time=\"0.000\""))
            let metrics = runner.text(of: reports["metrics"]?.string ?? "")
            #expect(
                metrics.hasSuffix("\n# EOF\n") && metrics.contains("gale_response_seconds_count{plan=\"checkout\"} "))
            #expect(runner.text(of: runner.page) == "", "nobody asked for GitHub")
        }
    }

    // MARK: The options

    private static let broken = """
        name: shop
        target: lab/shop
        lab: { services: { shop: { time: { p50: 5ms, p99: 20ms } } } }
        load: [ { rate: 200/s, for: 10s } ]
        budgets:
          - errors < 1%
          - p99 < 1us
        """

    @Test("a broken budget is named at its line, in the report and on the page")
    func brokenBudget() async throws {
        try await withFolder { folder in
            let runner = try Workspace(folder, plan: Self.broken)
            let outcome = try await runner.run(
                Step(
                    name: "Load",
                    script:
                        "cd load; gale simulate checkout.yaml --quiet --out ../out/b --junit ../out/a/gale.xml --github"
                ))
            #expect(outcome.status == 99, "\(outcome)")
            let errors = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("::error ") }
            #expect(errors.count == 1)
            #expect(
                errors.first?.hasPrefix(
                    "::error file=load/checkout.yaml,line=7,title=shop%3A a budget is broken::`p99 < 1us` is broken: ")
                    == true,
                "\(outcome)")
            #expect(runner.text(of: runner.page).hasPrefix("# shop: broken\n"))
            #expect(runner.text(of: "out/a/gale.xml").contains("<failure type=\"broken\" message=\""))
            let mode = try FileManager.default.attributesOfItem(atPath: folder + "/out/a/gale.xml")[.posixPermissions]
            #expect(mode as? Int == 0o600)

            // The same again from the bundle, on the page of another step.
            let page = runner.text(of: runner.page)
            let again = try await runner.run(
                Step(
                    name: "Gate",
                    script: "gale gate out/b --quiet --junit out/gate.xml --comment out/c.md --metrics out/m.txt"))
            #expect(again.status == 99, "\(again)")
            #expect(runner.text(of: "out/gate.xml") == runner.text(of: "out/a/gale.xml"))
            #expect(runner.text(of: "out/c.md").contains("❌ shop: broken"))
            #expect(runner.text(of: "out/m.txt").contains(#"gale_verdict{plan="shop",gale_verdict="broken"} 1"#))
            #expect(runner.text(of: runner.page) == page)
        }
    }

    @Test(
        "a path that cannot be is refused before anything runs",
        arguments: [
            (["--junit", "junit"], "does not end in `.xml`"), (["--comment", "/dev/stdout"], "belongs to the system"),
            (["--comment", "a", "--metrics", "a"], "is the file of --comment already"),
        ])
    func refused(options: [String], message: String) async throws {
        try await withFolder { folder in
            try Self.broken.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(
                ["simulate", "plan.yaml", "--out", "bundle"] + options, in: folder)
            #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/bundle"))
        }
    }

    @Test("a page that is a link is not followed, and says so")
    func linkedPage() async throws {
        try await withFolder { folder in
            try Self.broken.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            try "precious".write(toFile: folder + "/precious", atomically: true, encoding: .utf8)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/page", withDestinationPath: folder + "/precious")
            let outcome = try await GaleProcess.run(
                ["simulate", "plan.yaml", "--out", "bundle", "--quiet", "--github"], in: folder,
                environment: ["GITHUB_STEP_SUMMARY": folder + "/page"])
            #expect(
                outcome.status == 70 && outcome.errors.contains("a symbolic link stands in its place"), "\(outcome)")
            #expect(try String(contentsOfFile: folder + "/precious", encoding: .utf8) == "precious")
        }
    }

    // MARK: Reading the page

    private static func file(_ path: String) throws -> String { try #require(files[path]) }

    private static func steps(ofWorkflow text: String) throws -> [Step] {
        let jobs = try #require(try Yams.compose(yaml: text)?["jobs"]?.mapping)
        let steps = jobs.values.flatMap { ($0["steps"]?.sequence).map(Array.init) ?? [] }
        return steps.compactMap { step in
            guard let script = step["run"]?.string else { return nil }
            var found = Step(name: step["name"]?.string ?? "", script: script)
            found.isAlways = step["if"]?.string?.contains("always()") ?? false
            for (key, value) in step["env"]?.mapping ?? [:] {
                found.environment[key.string ?? ""] = value.string ?? ""
            }
            return found
        }
    }
}

/// A step of a job that runs lines of a shell.
struct Step: Sendable {
    var name: String
    var script: String
    var isAlways = false
    var environment: [String: String] = [:]
}

/// What a runner gives a job: a folder with the repository, files to write to, programs on the path, an environment.
struct Workspace: Sendable {
    let folder: String
    /// What `$GITHUB_STEP_SUMMARY` names.
    let page = "page"
    private let ports: [String: String]

    /// - Parameter plan: becomes `load/checkout.yaml`.
    init(_ folder: String, plan: String) throws {
        // A temporary folder may lie behind a link; the paths of a runner do not.
        self.folder = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let free = try freePorts(2)
        ports = ["8081": "\(free[0])", "8082": "\(free[1])"]
        try write(plan, to: "load/checkout.yaml")
        try write("", to: page)
        // Searches and comparisons take minutes where nothing shortens them.
        try write(
            """
            #!/bin/sh
            case "$1" in
                search) exec "$GALE" "$@" --simulate --to 400/s ;;
                compare) exec "$GALE" "$@" --for 1s ;;
                *) exec "$GALE" "$@" ;;
            esac
            """, to: "bin/gale", isProgram: true)
        try write(
            """
            #!/bin/sh
            echo "$@" >> "$GITHUB_WORKSPACE/gh.log"
            case "$*" in *--paginate*) cat "$GITHUB_WORKSPACE/comments" 2>/dev/null || true ;; esac
            """, to: "bin/gh", isProgram: true)
        try write(
            """
            #!/bin/bash
            # Foundation learns of the end of a step by a socket that everything started by it has too, unless it lets go of it.
            for descriptor in /proc/$$/fd/*; do
                number=${descriptor##*/}
                if [ "$number" -gt 2 ]; then eval "exec $number>&-"; fi
            done
            "$GALE" lab --port "$2" > "$1.log" 2>&1 &
            echo $! >> services
            for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                grep -q http "$1.log" && exit 0
                sleep 0.5
            done
            exit 1
            """, to: "start.sh", isProgram: true)
    }

    func write(_ text: String, to path: String, isProgram: Bool = false) throws {
        let url = URL(fileURLWithPath: folder).appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (text + (isProgram ? "\n" : "")).write(to: url, atomically: true, encoding: .utf8)
        if isProgram { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path) }
    }

    func text(of path: String) -> String { (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? "" }

    func stopServices() {
        for line in text(of: "services").split(separator: "\n") {
            if let process = Int32(line) { kill(process, SIGTERM) }
        }
    }

    /// Runs a step as GitHub's runner does: `bash -e` on a file, with the expressions of its environment replaced.
    func run(_ step: Step) async throws -> GaleProcess.Outcome {
        var environment = [
            "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_WORKSPACE": folder, "GITHUB_REPOSITORY": "owner/shop",
            "GITHUB_STEP_SUMMARY": "\(folder)/\(page)", "GALE": GaleProcess.executable,
            "PATH": "\(folder)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"),
        ]
        for (name, value) in step.environment {
            environment[name] = value.replacingOccurrences(of: "${{ github.token }}", with: "token")
                .replacingOccurrences(of: "${{ github.event.number }}", with: "7")
        }
        let script = ports.reduce(step.script) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        try write(script, to: "step.sh")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-e", "\(folder)/step.sh"]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        // Foundation's own idea of the current folder may be older than that.
        environment["PWD"] = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a service that a step leaves behind would hold a pipe open.
        let outputs = ["output", "errors"].map { "\(folder)/step.\($0)" }
        for path in outputs { #expect(FileManager.default.createFile(atPath: path, contents: nil)) }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputs[0]))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: outputs[1]))
        let ending = ProcessEnding(of: process)
        try process.run()
        await ending.wait()
        return GaleProcess.Outcome(
            status: process.terminationStatus, output: text(of: "step.output"), errors: text(of: "step.errors"))
    }

    /// The names of what the lines of an output command a runner, in the present form and the older one.
    func commands(_ outcome: GaleProcess.Outcome) -> [String] {
        (outcome.output + "\n" + outcome.errors).split(whereSeparator: \.isNewline).compactMap { line in
            let trimmed = line.drop { $0.isWhitespace }
            if trimmed.hasPrefix("::") { return String(trimmed.dropFirst(2).prefix { $0.isLetter || $0 == "-" }) }
            guard let older = line.range(of: "##[") else { return nil }
            return String(line[older.upperBound...].prefix { $0.isLetter || $0 == "-" })
        }
    }
}
