import Core
import Importers
import Testing

@Suite("Whatever a file holds, there is a plan or a reason")
struct FuzzTests {
    /// Pieces that mean something to one format or another.
    private static let pieces = [
        "{", "}", "[", "]", "\"", "'", "\\", "\n", ":", ",", "{{", "}}", "${", "$", "%", "%zz", "&", "=", "?", "#",
        "://",
        "null", "1e999", "-", "\\ud800", "\\u0000", "$ref: '#'", "\"$ref\":\"#/paths\"", "@", "\u{0}", "\u{2028}", "é",
        "99999999999999999999", "-X", "--data", "/../", "[10/Oct/2026:13:55:36 +0200]", "http://", "\r\n", "\t",
    ].map { Array($0.utf8) }

    @Test("Changed files neither trap nor give a plan that cannot be read", arguments: GoldenTests.files)
    func mutations(file: String, kind: ImportKind, name: String) throws {
        let seed = try Imports.input(file)
        var random = SeededRandom(seed: 17, stream: UInt64(name.utf8.count))
        var plans = 0
        for round in 0..<200 {
            let bytes = Self.mutate(seed, &random)
            do throws(ImportError) {
                let plan = try kind.read(bytes, options: ImportOptions(name: name))
                plans += 1
                let text = PlanWriter.text(plan)
                #expect(Imports.complaints(text) == [], "\(file), round \(round):\n\(text)")
            } catch {
                #expect(!error.message.isEmpty && !error.remedy.isEmpty)
                #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
            }
            // What a file is not is asked of every importer, too.
            _ = ImportKind.detect(bytes, name: file)
        }
        // Some changes leave a file readable, or the half of the importer behind the parser is never reached.
        #expect(plans > 5)
    }

    @Test("A file of one format given to the importer of another is refused or read", arguments: ImportKind.allCases)
    func strangers(kind: ImportKind) throws {
        for (file, _, _) in GoldenTests.files {
            do throws(ImportError) {
                _ = try Imports.parsedPlan(kind, try! Imports.input(file))
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
    }

    /// One to four changes: pieces put in, stretches removed, repeated, moved, or a byte changed.
    private static func mutate(_ seed: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }
        var bytes = seed
        for _ in 0..<(1 + below(4)) {
            let at = below(bytes.count + 1)
            let end = min(bytes.count, at + below(40))
            switch below(6) {
            case 0, 1: bytes.insert(contentsOf: pieces[below(pieces.count)], at: at)
            case 2: bytes.removeSubrange(at..<end)
            case 3: bytes.insert(contentsOf: bytes[at..<end], at: below(bytes.count + 1))
            case 4: bytes.removeSubrange(below(10) == 0 ? at..<bytes.count : at..<end)
            default: if at < bytes.count { bytes[at] = UInt8(below(256)) }
            }
        }
        return bytes
    }
}

extension Imports {
    static func parsedPlan(_ kind: ImportKind, _ bytes: [UInt8]) throws(ImportError) -> ImportedPlan {
        let plan = try kind.read(bytes, options: ImportOptions())
        let text = PlanWriter.text(plan)
        #expect(throws: Never.self) { try Imports.parsed(text) }
        return plan
    }
}
