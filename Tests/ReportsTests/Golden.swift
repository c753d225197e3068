import Glibc
import Recording
import Testing

/// Files that a test's output must equal, in `Goldens/` beside this file. `GALE_UPDATE_GOLDENS=1` writes them anew.
enum Golden {
    static func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let path = folder + name
        if getenv("GALE_UPDATE_GOLDENS") != nil {
            try AtomicFile.createFolder(String(folder.dropLast()))
            try AtomicFile.write(text, to: path)
        }
        guard let golden = read(path) else {
            Issue.record("\(name) does not exist; GALE_UPDATE_GOLDENS=1 writes it", sourceLocation: sourceLocation)
            return
        }
        guard text != golden else { return }
        let new = text.split(separator: "\n", omittingEmptySubsequences: false)
        let old = golden.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(new, old).prefix { $0 == $1 }.count
        func at(_ lines: [Substring]) -> Substring { line < lines.count ? lines[line] : "(end)" }
        Issue.record(
            "\(name):\(line + 1) differs\n  golden: \(at(old))\n  now:    \(at(new))", sourceLocation: sourceLocation)
    }

    private static let folder: String = {
        let file = #filePath
        return file[...file.lastIndex(of: "/")!] + "Goldens/"
    }()

    /// The text of a file, or nil when there is none.
    static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
