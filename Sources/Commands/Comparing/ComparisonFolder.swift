import Glibc
import Recording
import Reports

/// The folder of a comparison, and the one in which its trials leave their bundles.
struct ComparisonFolder {
    let path: String
    /// Below `path`, or below /tmp when no bundle stays.
    let trials: String
    private let isTemporary: Bool

    /// - Throws: `Failure` when it cannot be had, or belongs to something else.
    init(_ path: String, keepsBundles: Bool) throws(Failure) {
        self.path = path
        isTemporary = !keepsBundles
        if !Self.isFree(path) {
            throw Failure(
                status: ExitStatus.usage,
                message: "`\(path)` is there and is no comparison: name another folder with --out")
        }
        if keepsBundles {
            trials = path + "/trials"
        } else {
            var template = Array("/tmp/gale-trials-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw Failure(
                    status: ExitStatus.internalFault,
                    message: "no folder under /tmp: \(String(cString: strerror(errno)))")
            }
            trials = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        do throws(FileFailure) {
            try AtomicFile.createFolder(path)
            if keepsBundles { try AtomicFile.createFolder(trials) }
        } catch {
            removeTemporary()
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
    }

    /// Not there, empty, or a comparison to replace.
    private static func isFree(_ path: String) -> Bool {
        guard let folder = opendir(path) else { return errno == ENOENT }
        defer { closedir(folder) }
        var isEmpty = true
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // `trials` alone is what a comparison leaves that was killed.
            if name == ComparisonFiles.data { return true }
            if name != ".", name != "..", name != "trials" { isEmpty = false }
        }
        return isEmpty
    }

    func removeTemporary() { if isTemporary { rmdir(trials) } }

    /// Removes what is empty: of trials that could not begin nothing is left.
    func discard() {
        rmdir(trials)
        rmdir(path)
    }
}
