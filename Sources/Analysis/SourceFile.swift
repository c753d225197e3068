import Glibc

/// Reads a file of a bundle whole. A log of a day's run is the largest; it is read in one piece because every line of
/// it is needed once.
enum SourceFile {
    /// The bytes, or nil when there is no such file.
    static func read(_ path: String) throws(BundleError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .unreadable(path: path, what: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, what: String(cString: strerror(errno)))
        }
        // A bundle holds plain files; a pipe in the place of one would block for ever.
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, what: "not a plain file") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw .unreadable(path: path, what: String(cString: strerror(errno)))
            }
        }
    }

    /// True when something has that path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
