import Core
import Flows
import Foundation
import Testing

@testable import Plans

struct ScenarioTests {
    private func step(_ yaml: String) throws -> Step {
        try PlanInputs.plan("scenarios: { main: [\(yaml)] }").scenarios[0].steps[0]
    }

    @Test func withoutScenariosAPlanGetsTheRoot() throws {
        let scenarios = try PlanInputs.plan("name: a").scenarios
        #expect(scenarios.map(\.name) == ["main"])
        #expect(scenarios[0].steps.map(\.name) == ["GET /"])
        #expect(scenarios[0].steps[0].method == "GET")
        #expect(scenarios[0].steps[0].path == "/")
    }

    @Test func scenariosKeepTheirOrderAndWeights() throws {
        let scenarios = try PlanInputs.plan(
            """
            scenarios:
              browse:
                weight: 9
                steps:
                  - get: /products?page=2
              buy:
                - { name: place, post: /orders }
            """
        ).scenarios
        #expect(scenarios.map(\.name) == ["browse", "buy"])
        #expect(scenarios.map(\.weight) == [9, 1])
        #expect(scenarios.map { $0.steps[0].name } == ["GET /products", "place"])
        #expect(scenarios.map { $0.steps[0].path } == ["/products?page=2", "/orders"])
    }

    @Test(arguments: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
    func everyMethodIsAKey(method: String) throws {
        let step = try step("{ \(method.lowercased()): /x }")
        #expect(step.method == Template(literal: method))
        #expect(step.name == "\(method) /x")
        #expect(step.body == nil)
        #expect(step.headers.isEmpty)
    }

    @Test func anyOtherMethodIsSpelledOut() throws {
        let step = try step("{ method: PURGE, path: /cache }")
        #expect(step.method == "PURGE")
        #expect(step.path == "/cache")
    }

    @Test(arguments: [
        ("text: hello", "hello", "text/plain; charset=utf-8"),
        ("text: \"\"", "", "text/plain; charset=utf-8"),
        (
            "json: { product: 17, gift: false, note: no }", #"{"product":17,"gift":false,"note":"no"}"#,
            "application/json"
        ),
        ("json: null", "null", "application/json"),
        ("json: [1, 2.50]", "[1,2.50]", "application/json"),
        ("file: order.json", #"{"product":17}"# + "\n", "application/octet-stream"),
    ])
    func aBodyHasItsBytesAndItsType(body: String, bytes: String, type: String) throws {
        let step = try step("{ post: /, \(body) }")
        #expect(step.body == Template(literal: Array(bytes.utf8)))
        #expect(step.headers == [HeaderTemplate(name: "Content-Type", value: Template(literal: type))])
    }

    @Test func aGivenContentTypeStays() throws {
        let step = try step("{ post: /, headers: { content-type: application/vnd.shop+json }, json: {} }")
        #expect(step.headers == [HeaderTemplate(name: "content-type", value: "application/vnd.shop+json")])
    }

    @Test func headersAreTextsWhateverTheyLookLike() throws {
        let step = try step("{ get: /, headers: { X-Number: 010, X-Word: no, X-Time: 1:30, Accept: \"*/*\" } }")
        #expect(step.headers.map(\.value) == ["010", "no", "1:30", "*/*"])
    }

    @Test(
        arguments: [
            ("200", [200...200]), ("2xx", [200...299]), ("200-204", [200...204]),
            ("[200, 404, 3xx]", [200...200, 404...404, 300...399]),
        ] as [(String, [ClosedRange<Int32>])])
    func expectedStatusesAreRanges(yaml: String, ranges: [ClosedRange<Int32>]) throws {
        #expect(try step("{ get: /, expect: { status: \(yaml) } }").expect.statuses == ranges)
    }

    @Test func withoutExpectNothingIsSaidOfTheStatus() throws {
        #expect(try step("{ get: / }").expect.statuses == nil)
    }

    /// A plan from elsewhere must not send a file of ours away, by whatever path.
    @Test func aBodyCannotLieOutsideThePlansDirectory() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gale-plans-\(UUID().uuidString)")
        let inside = folder.appending(path: "plan")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "secret".write(to: folder.appending(path: "secret"), atomically: true, encoding: .utf8)
        try "body".write(to: inside.appending(path: "body"), atomically: true, encoding: .utf8)
        try FileManager.default.createSymbolicLink(
            atPath: inside.appending(path: "link").path(), withDestinationPath: "../secret")
        try FileManager.default.createSymbolicLink(
            atPath: inside.appending(path: "folder").path(), withDestinationPath: "..")
        try FileManager.default.createSymbolicLink(
            atPath: inside.appending(path: "fine").path(), withDestinationPath: "body")

        let files = PlanFiles(directory: inside.path())
        for path in ["../secret", "link", "folder/secret", "folder/plan/../secret", folder.path() + "/secret"] {
            let complaint = #expect(throws: Complaint.self) { try files.body(path) }
            #expect(complaint?.message.contains("outside the plan's directory") == true)
        }
        #expect(try files.body("body") == Array("body".utf8))
        #expect(try files.body("fine") == Array("body".utf8))
        #expect(try files.body("folder/plan/body") == Array("body".utf8))
        #expect(throws: Complaint.self) { try files.body("bo\0dy") }
        // A folder whose name merely begins like the plan's is another folder.
        let neighbour = folder.appending(path: "plan2")
        try FileManager.default.createDirectory(at: neighbour, withIntermediateDirectories: true)
        try "x".write(to: neighbour.appending(path: "x"), atomically: true, encoding: .utf8)
        #expect(throws: Complaint.self) { try files.body("../plan2/x") }
    }
}
