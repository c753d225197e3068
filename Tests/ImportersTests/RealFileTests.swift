import Foundation
import Importers
import Testing

@Suite("Files of other projects")
struct RealFileTests {
    static let files = ["har", "openapi", "postman"].flatMap { folder in
        Imports.names(in: Imports.shared.appending(path: folder)).map { "\(folder)/\($0)" }
    }

    @Test(
        "Each one becomes a plan, and the plan can be read",
        .enabled(if: !files.isEmpty, "the folder ../shared/data is not there"), arguments: files)
    func plan(file: String) throws {
        let url = Imports.shared.appending(path: file)
        let bytes = try Imports.bytes(url)
        let kind = try #require(ImportKind.detect(bytes, name: url.lastPathComponent))
        #expect(kind.rawValue == file.prefix { $0 != "/" })
        let plan = try kind.read(bytes, options: ImportOptions(name: "real"))
        #expect(plan.stepCount > 0)
        #expect(Imports.complaints(PlanWriter.text(plan)) == [])
    }
}
