import Glibc

/// Files that are whole or absent: a reader sees the old content or the new, never a part of either, whatever fails.
package enum AtomicFile {
    /// Writes `bytes` to `path`, replacing what was there; readable and writable by the owner only (0600).
    ///
    /// The bytes go to a file beside it, are synchronised, and then take its name. When anything fails the file beside it
    /// is removed and the old file stays as it was. A symbolic link that has the name is replaced, and what it leads to
    /// left alone; a folder, a device, a pipe or a socket is refused.
    /// - Throws: `FileFailure`, with the step that failed.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        let (staged, descriptor) = try StagedFile.make(for: path)
        do throws(FileFailure) {
            try staged.check()
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

    /// Adds text at the end of a file that another program gave us to add to, and makes the file (0600) where there is none.
    ///
    /// What the name leads to is not followed: with a symbolic link in its place, or anything but a file, nothing is written. When
    /// the text cannot be written whole, what was written of it is taken back.
    /// - Parameter text: gets the bytes that are in the file already, and returns what to add; nothing leaves it alone.
    /// - Throws: `FileFailure`; ELOOP for a link, EINVAL for what is no file.
    package static func append(to path: String, _ text: (_ size: Int) -> String) throws(FileFailure) {
        // Without O_NONBLOCK a pipe without a reader would hold us for ever.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            // ENXIO: a pipe that nobody reads, or a socket.
            throw FileFailure(.open, path, code: code == ENXIO ? EINVAL : code)
        }
        let file = WritableFile(owning: descriptor, path: path)
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw FileFailure(.open, path, code: errno) }
        guard information.st_mode & S_IFMT == S_IFREG else { throw FileFailure(.open, path, code: EINVAL) }
        let bytes = [UInt8](text(Int(information.st_size)).utf8)
        guard !bytes.isEmpty else { return }
        do throws(FileFailure) {
            try file.write(bytes)
        } catch {
            _ = ftruncate(descriptor, information.st_size)
            throw error
        }
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

    /// True for a symbolic link that neither we nor the system's administrator made: who can make links in a folder that all
    /// may write to could send what we write to where it does harm.
    package static func isForeignLink(_ path: String) -> Bool {
        var name = path[...]
        // With a slash behind it the name is that of what the link leads to.
        while name.utf8.count > 1, name.hasSuffix("/") { name.removeLast() }
        var information = stat()
        guard lstat(String(name), &information) == 0, information.st_mode & S_IFMT == S_IFLNK else { return false }
        return isForeign(owner: information.st_uid, to: geteuid())
    }

    package static func isForeign(owner: UInt32, to user: UInt32) -> Bool { owner != user && owner != 0 }

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
