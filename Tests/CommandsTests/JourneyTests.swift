import Core
import Foundation
import Lab
import Model
import TestSupport
import Testing

/// Whole journeys by the command that a person types.
@Suite("Journeys", .serialized, .timeLimit(.minutes(5)))
struct JourneyTests {
    /// Every form in which a secret could be read.
    private static func forms(of secret: String) -> [String] {
        let plain = [secret, secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? secret]
        // In base64 a text has three forms, by its place among the bytes before it; the middle of each is its own.
        let middles = (0..<3).map { shift in
            let text = Data((String(repeating: "x", count: shift) + secret).utf8).base64EncodedString()
            return String(text.dropFirst(4).dropLast(6))
        }
        return plain + middles
    }

    @Test("a secret of the environment is sent, and stands in no output and no file of the bundle, in no form")
    func secrets() async throws {
        let secret = "s3cret/Token+with=signs&more"
        let plan = """
            name: secrets
            target: lab
            load: [{ users: 2, count: 6 }]
            scenarios:
              main:
                - post: /login/${env:GALE_TEST_SECRET}
                  headers: { Authorization: "Bearer ${env:GALE_TEST_SECRET}" }
                  form: { password: "${env:GALE_TEST_SECRET}" }
                  extract: { said: $.headers.authorization }
                  expect: { body: { contains: "never there", json: { $.id: "${env:GALE_TEST_SECRET}" } } }
                  count: { logins: { tags: { who: "{{said}}" } } }
                - get: /next
                  headers: { X-Said: "{{said}}" }
            budgets: [p50 < 1s warn]
            lab: { services: { shop: { answer: echo } } }
            """
        try await withFolder { folder in
            try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            for command in [["check", "plan.yaml"], ["run", "plan.yaml", "--out", "bundle"], ["report", "bundle"]] {
                let outcome = try await GaleProcess.run(
                    command, in: folder, environment: ["GALE_TEST_SECRET": secret])
                #expect([0, 75, 99].contains(outcome.status), "\(outcome)")
                for form in Self.forms(of: secret) {
                    #expect(!outcome.output.contains(form), "\(command) prints \(form)")
                    #expect(!outcome.errors.contains(form), "\(command) prints \(form)")
                }
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/bundle")
            #expect(files.count >= 6)
            for file in files {
                let text = String(
                    decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/bundle/\(file)")), as: UTF8.self)
                for form in Self.forms(of: secret) { #expect(!text.contains(form), "\(file) holds \(form)") }
            }
            // The sample of the failed check shows the answer, which had the secret in it.
            let report = try String(contentsOfFile: folder + "/bundle/report.md", encoding: .utf8)
            #expect(report.contains("never there") && report.contains(#"\*\*\*"#))
        }
    }

    @Test("a variable that has no value is named, with its place, and nothing is sent")
    func missingVariable() async throws {
        try await withFolder { folder in
            try
                "target: http://127.0.0.1:1/\nload: [{ rate: 1/s, for: 1s }]\nscenarios: { a: [{ get: \"/${env:GALE_NOT_THERE}\" }] }\n"
                .write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(["run", "plan.yaml"], in: folder)
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("plan.yaml:3:"))
            #expect(outcome.errors.contains("GALE_NOT_THERE"))
        }
    }

    @Test(
        "a variant, a setting and a time scale change what runs, the lab's side of it included",
        arguments: [
            ([], "10 arrivals", 200), (["--variant", "more"], "30 arrivals", 202),
            (["--set", "load.0.rate=5/s"], "5 arrivals", 200),
            (["--variant", "more", "--set", "lab.services.shop.status=204"], "30 arrivals", 204),
            (["--time-scale", "5"], "10 arrivals", 200),
        ] as [([String], String, Int)])
    func variants(options: [String], phase: String, status: Int) async throws {
        let plan = """
            load: [{ rate: 10/s, for: 1s }]
            variants: { more: { load: [{ rate: 30/s, for: 1s }], lab: { services: { shop: { status: 202 } } } } }
            lab: { services: { shop: { body: 1kB } } }
            """
        try await withFolder { folder in
            try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let check = try await GaleProcess.run(["check", "plan.yaml"] + options, in: folder)
            #expect(check.output.contains(phase), "\(check)")
            let run = try await GaleProcess.run(
                ["run", "plan.yaml", "--quiet", "--out", "bundle"] + options, in: folder)
            #expect([0, 75].contains(run.status), "\(run)")
            let record = try Record.read(folder + "/bundle")
            #expect(record.steps[0].statuses?.keys.sorted() == [String(status)])
        }
    }

    @Test(
        "load on a public host that nobody has named is refused before anything is sent",
        arguments: [
            ("target: http://198.18.0.1/", [], 64, "--allow-host 198.18.0.1"),
            ("target: http://169.254.169.254/", ["--allow-host", "198.18.0.0/15"], 64, "169.254.169.254"),
        ] as [(String, [String], Int32, String)])
    func publicHosts(target: String, options: [String], status: Int32, words: String) async throws {
        try await withFolder { folder in
            try "\(target)\nload: [{ rate: 1/s, for: 1s }]\n"
                .write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(["run", "plan.yaml", "--quiet"] + options, in: folder)
            #expect(outcome.status == status, "\(outcome)")
            #expect(outcome.errors.contains(words), "\(outcome)")
            #expect(!FileManager.default.fileExists(atPath: folder + "/Reports"))
        }
    }

    @Test("a setup that fails is said, with its step, and no load is sent")
    func setup() async throws {
        let plan = """
            load: [{ rate: 10/s, for: 1s }]
            setup: [{ name: log in, post: "/login?_status=403" }]
            teardown: [{ get: /bye }]
            lab: { services: { shop: { answer: echo } } }
            """
        try await withFolder { folder in
            try plan.write(toFile: folder + "/plan.yaml", atomically: true, encoding: .utf8)
            let outcome = try await GaleProcess.run(["run", "plan.yaml", "--out", "bundle"], in: folder)
            #expect(outcome.status == 75)
            #expect(outcome.errors.contains("status_4xx in step `log in`"), "\(outcome)")
        }
    }

    @Test("`init` writes a plan that runs, and does not write over one")
    func firstPlan() async throws {
        try await withFolder { folder in
            #expect(try await GaleProcess.run(["init"], in: folder).status == 0)
            let check = try await GaleProcess.run(["check", "plan.yaml"], in: folder)
            #expect(check.status == 0, "\(check)")
            #expect(check.errors.isEmpty, "\(check)")
            let run = try await GaleProcess.run(["run", "plan.yaml", "--quiet", "--out", "bundle"], in: folder)
            #expect([0, 75, 99].contains(run.status), "\(run)")
            #expect(try await GaleProcess.run(["init"], in: folder).status == 64)
        }
    }

    @Test("`schema` prints JSON")
    func schema() async throws {
        let outcome = try await GaleProcess.run(["schema"], in: "/")
        #expect(outcome.status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect((schema?["$defs"] as? [String: Any])?["record.step"] != nil)
    }

    @Test("a curl command becomes a plan that sends what curl would have sent")
    func importedCommand() async throws {
        try await withService(grace: .seconds(1)) {
            $0.echoes = true
        } _: { lab, port in
            try await withFolder { folder in
                try "curl -X POST 'http://127.0.0.1:\(port)/cart?x=1' -H 'X-One: 1' --json '{\"id\": 17}'\n"
                    .write(toFile: folder + "/commands.txt", atomically: true, encoding: .utf8)
                let imported = try await GaleProcess.run(
                    [
                        "import", "commands.txt", "--from", "curl", "--rate", "20/s", "--for", "1s", "--out",
                        "plan.yaml",
                    ],
                    in: folder)
                #expect(imported.status == 0, "\(imported)")
                let run = try await GaleProcess.run(["run", "plan.yaml", "--quiet", "--out", "bundle"], in: folder)
                #expect([0, 75].contains(run.status), "\(run)")
                #expect(try Record.read(folder + "/bundle").steps[0].statuses == ["200": 20])
            }
            #expect(await lab.counts(of: "lab")?.received == 20)
        }
    }
}
