import Glibc

/// Files that are whole or absent: a reader sees the old content or the new, never a part of either, whatever fails.
package enum AtomicFile {
    /// Writes `bytes` to `path`, replacing what was there; readable and writable by the owner only (0600).
    ///
    /// The bytes go to a file beside it, are synchronised, and then take its name. When anything fails the file beside it
    /// is removed and the old file stays as it was.
    /// - Throws: `FileFailure`, with the step that failed.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        let (staged, descriptor) = try StagedFile.make(for: path)
        do throws(FileFailure) {
            let file = WritableFile(owning: descriptor, path: path)
            try file.write(bytes)
            try file.sync()
            try staged.takeName()
        } catch {
            staged.remove()
            throw error
        }
        try syncFolder(of: path)
    }

    /// The same for text, in UTF-8.
    package static func write(_ text: String, to path: String) throws(FileFailure) {
        try write([UInt8](text.utf8), to: path)
    }

    /// Makes the folder and those above it that are missing, for the owner only (0700); those that exist stay as they are.
    package static func createFolder(_ path: String) throws(FileFailure) {
        var ends = path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") && $0 != path.startIndex }
        ends.append(path.endIndex)
        for end in ends {
            let prefix = String(path[..<end])
            guard mkdir(prefix, 0o700) != 0 else { continue }
            let code = errno
            // EEXIST is what the call says of a file too, and of folders that one may not even make (/, read-only ones).
            guard code != EEXIST || !isFolder(prefix) else { continue }
            throw FileFailure(.createFolder, prefix, code: code == EEXIST ? ENOTDIR : code)
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes the new name itself survive a power cut.
    static func syncFolder(of path: String) throws(FileFailure) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder may be writable and not readable; then the name waits for the system's own time.
        guard descriptor >= 0 else { return }
        try WritableFile(owning: descriptor, path: folder).sync()
    }
}
