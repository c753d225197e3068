import Importers
import Testing

@Suite("Imported plans equal their golden files")
struct GoldenTests {
    static let files: [(file: String, kind: ImportKind, name: String)] = [
        ("shop.har", .har, "shop"),
        ("pets.yaml", .openapi, "pets"),
        ("orders.swagger.json", .openapi, "orders"),
        ("shop.postman_collection.json", .postman, "collection"),
        ("calls.sh", .curl, "calls"),
        ("access.log", .log, "access"),
        ("targets.txt", .vegeta, "targets"),
        ("targets.jsonl", .vegeta, "targets-json"),
    ]

    @Test("The plan of each format, and the files beside it", arguments: files)
    func plan(file: String, kind: ImportKind, name: String) throws {
        let bytes = try Imports.input(file)
        let plan = try kind.read(bytes, options: ImportOptions(name: name, rate: "20/s", duration: "30s"))
        let text = PlanWriter.text(plan)
        _ = try Imports.parsed(text)
        try Imports.check(Array(text.utf8), "\(name).yaml")
        for file in plan.files { try Imports.check(file.bytes, file.name) }
    }

    @Test("What a file is is seen from its content", arguments: files)
    func detection(file: String, kind: ImportKind, name: String) throws {
        #expect(ImportKind.detect(try Imports.input(file), name: "-") == kind)
    }

    @Test("The same file gives the same plan", arguments: files)
    func determinism(file: String, kind: ImportKind, name: String) throws {
        let bytes = try Imports.input(file)
        let options = ImportOptions(name: name)
        #expect(try kind.read(bytes, options: options) == kind.read(bytes, options: options))
    }

    @Test("No secret of a file is in the plan or beside it", arguments: files)
    func secrets(file: String, kind: ImportKind, name: String) throws {
        let plan = try kind.read(try Imports.input(file), options: ImportOptions(name: name))
        #expect(!PlanWriter.text(plan).contains("s3cr3t"))
        for file in plan.files { #expect(!String(decoding: file.bytes, as: UTF8.self).contains("s3cr3t")) }
    }
}
