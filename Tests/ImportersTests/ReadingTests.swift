import Arrivals
import Core
import Flows
import Foundation
import Importers
import Plans
import Testing

@Suite("The reader of plans takes what the importers write")
struct ReadingTests {
    @Test("One request with headers, a JSON body and an expected status is the same request in the plan")
    func request() throws {
        let text = try Imports.written(
            .har,
            #"""
            {"log":{"entries":[{
              "request":{"method":"POST","url":"https://shop.example/orders","headers":[
                {"name":"Accept","value":"application/json"},{"name":"Content-Type","value":"application/json"}],
                "postData":{"mimeType":"application/json","text":"{\"a\":\"1\",\"b\":[true,null,1.50,\"no\"]}"}},
              "response":{"status":201}}]}}
            """#)
        let plan = try PlanReader.read(
            text: text, file: "plan.yaml", abilities: PlanAbilities(http2: false, libcurl: "7.88.1")
        ).plan
        let step = try #require(plan.scenarios.first?.steps.first)
        #expect(step.method == "POST" && step.path == "/orders")
        #expect(
            step.body.map { String(decoding: $0.constant ?? [], as: UTF8.self) }
                == #"{"a":"1","b":[true,null,1.50,"no"]}"#)
        #expect(step.headers.map(\.name).sorted() == ["Accept", "Content-Type"])
        #expect(step.expect.statuses == [200...299])
        #expect(plan.name == "plan")
    }

    @Test("A body with a NUL becomes a file, since no text of a plan may have one")
    func nul() throws {
        let plan = try Imports.plan(
            .har,
            #"""
            {"log":{"entries":[{"request":{"method":"POST","url":"https://shop.example/a","headers":[],
              "postData":{"mimeType":"text/plain","text":"a\u0000b"}}},
              {"request":{"method":"POST","url":"https://shop.example/b","headers":[],"postData":{
              "mimeType":"application/x-www-form-urlencoded","params":[{"name":"x","value":"a%00b"}]}}}]}}
            """#)
        #expect(plan.files == [ImportedFile(name: "plan-body-1.txt", bytes: [0x61, 0, 0x62])])
        let text = PlanWriter.text(plan)
        #expect(text.contains("file: plan-body-1.txt") && text.contains("form: { x: ab }"))
        #expect(text.contains("# - NULs were left out"))
        #expect(Imports.complaints(text) == [])
    }

    @Test("Parts of a multipart body keep only what a header can hold")
    func parts() throws {
        let text = try Imports.written(
            .har,
            #"""
            {"log":{"entries":[{"request":{"method":"POST","url":"https://shop.example/a","headers":[],"postData":{
              "mimeType":"multipart/form-data","params":[{"name":"a\"b","value":"1"},{"name":"ok","value":"2"},
              {"name":"photo","fileName":"cat.png","contentType":"image/\npng"}]}}}]}}
            """#)
        #expect(text.contains("multipart: { ok: 2, photo: { file: cat.png } }"), "\(text)")
        #expect(text.contains("because no header can hold their names"))
        #expect(text.contains("Types of uploaded files were left out"))
        #expect(Imports.complaints(text) == [])
    }

    /// What the notes of the golden plans ask a person to set.
    private static let environment = [
        "ACCESS_TOKEN", "API_KEY", "AUTHORIZATION", "BASIC_AUTH", "COOKIE", "PASSWORD", "QUERY", "SHOP_TOKEN", "TOKEN",
        "USER_ID", "X_API_KEY",
    ]

    /// Each golden plan, read where it lies; files that it asks a person to put beside it are stand-ins.
    private static func read(_ name: String) throws(PlanProblems) -> PlanReader.Reading {
        let values = Dictionary(uniqueKeysWithValues: environment.map { ($0, "v4lue") })
        return try PlanReader.read(
            file: Imports.goldens.appending(path: name).path(),
            abilities: PlanAbilities(http2: false, libcurl: "7.88.1"),
            surroundings: PlanSurroundings(environment: values)
        ).reading
    }

    static let goldens = Imports.names(in: Imports.goldens).filter { $0.hasSuffix(".yaml") }

    @Test("Every golden plan can be run as it is, once its variables are set", arguments: goldens)
    func goldenPlan(name: String) throws {
        do throws(PlanProblems) {
            let reading = try Self.read(name)
            let steps = reading.plan.scenarios.reduce(0) { $0 + $1.steps.count }
            #expect(reading.warnings == nil, "\(reading.warnings.map { "\($0)" } ?? "")")
            #expect(reading.plan.name == name.dropLast(5))
            #expect(steps > 0)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test("There is a golden plan for each format", arguments: GoldenTests.files)
    func formats(file: String, kind: ImportKind, name: String) { #expect(Self.goldens.contains("\(name).yaml")) }

    @Test("The replay of an access log has a row for each arrival")
    func replay() throws {
        let plan = try Self.read("access.yaml").plan
        guard case .replay(let schedule, let length) = plan.load.first?.shape else {
            Issue.record("no replay")
            return
        }
        #expect(schedule.cursor().map(\.offset.milliseconds) == [0, 1_000, 1_333.333, 1_666.666, 5_000])
        #expect(length == .seconds(5))
        #expect(plan.data.map(\.name) == ["request"])
        guard case .table(let table, let order, _) = plan.data.first?.kind else { return }
        #expect(table.rowCount == schedule.count && table.label == schedule.source && order == .sequential)
    }
}
