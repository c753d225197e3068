import Glibc
import Recording

/// The folder of something that takes several runs, a comparison or a search, and the one in which these leave their bundles.
struct RunsFolder {
    let path: String
    /// Where the bundles go: below `path`, or below /tmp when none stays.
    let runs: String
    private let isTemporary: Bool

    /// What tells such a folder from any other.
    struct Kind {
        /// `comparison`, `search`
        let noun: String
        /// The file that it always has at the end, which may be replaced.
        let marker: String
        /// The folder of the bundles in it: `trials`, `probes`.
        let runs: String
    }

    /// - Throws: `Failure` when it cannot be had, or belongs to something else.
    init(_ path: String, _ kind: Kind, keepsBundles: Bool) throws(Failure) {
        self.path = path
        isTemporary = !keepsBundles
        if !Self.isFree(path, kind) {
            throw Failure(
                status: ExitStatus.usage,
                message: "`\(path)` is there and is no \(kind.noun): name another folder with --out")
        }
        runs = keepsBundles ? "\(path)/\(kind.runs)" : try BundleFolder.temporary(for: kind.runs)
        do throws(FileFailure) {
            try AtomicFile.createFolder(path)
            if keepsBundles { try AtomicFile.createFolder(runs) }
        } catch {
            removeTemporary()
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
    }

    /// Not there, empty, or one of its kind to replace.
    private static func isFree(_ path: String, _ kind: Kind) -> Bool {
        guard let folder = opendir(path) else { return errno == ENOENT }
        defer { closedir(folder) }
        var isEmpty = true
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            // The bundles alone are what is left of one that was killed.
            if name == kind.marker { return true }
            if name != ".", name != "..", name != kind.runs { isEmpty = false }
        }
        return isEmpty
    }

    func removeTemporary() { if isTemporary { rmdir(runs) } }

    /// Removes what is empty: of runs that could not begin nothing is left.
    func discard() {
        rmdir(runs)
        rmdir(path)
    }
}
