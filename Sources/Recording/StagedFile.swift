import Glibc

/// A file that is made beside the one it is to replace, for the owner only (0600), and then takes its name.
struct StagedFile {
    /// The name that it is to have.
    let path: String
    private let staged: [CChar]

    /// Makes an empty file.
    /// - Returns: with it the descriptor to write it through, which the caller owns.
    static func make(for path: String) throws(FileFailure) -> (file: StagedFile, descriptor: Int32) {
        var template = [CChar]("\(path).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw FileFailure(.open, path, code: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (StagedFile(path: path, staged: template), descriptor)
    }

    /// Throws what `takeName` would, as far as it can be known before; and for what is neither a file nor a link, which it
    /// would replace: somebody reads from that pipe, or needs that device.
    func check() throws(FileFailure) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        switch information.st_mode & S_IFMT {
        case S_IFREG, S_IFLNK: return
        case S_IFDIR: throw FileFailure(.rename, path, code: EISDIR)
        default: throw FileFailure(.rename, path, code: EINVAL)
        }
    }

    /// Replaces what has the name; what was there stays as it is when this fails.
    func takeName() throws(FileFailure) {
        guard rename(staged, path) == 0 else { throw FileFailure(.rename, path, code: errno) }
    }

    /// Takes the file away, unless it has its name already.
    func remove() { _ = unlink(staged) }
}
