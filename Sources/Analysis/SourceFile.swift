import Glibc

/// Reads a file of a bundle whole. A log of a day's run is the largest; it is read in one piece because every line of
/// it is needed once.
enum SourceFile {
    /// Most bytes of a file that is read whole: a timeline of a year, more than any record.
    static let mostBytes = 1 << 30

    /// The bytes, or nil when there is no such file.
    static func read(_ path: String) throws(BundleError) -> [UInt8]? {
        // Not to wait for the other end of a pipe, which is refused below.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
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
        guard status.st_size <= mostBytes else {
            throw .unreadable(path: path, what: "\(Figures.bytes(Int(status.st_size))), more than any run writes")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                // It may grow while it is read.
                guard bytes.count + count <= mostBytes else {
                    throw .unreadable(path: path, what: "more than \(Figures.bytes(mostBytes))")
                }
                bytes += chunk[..<count]
            } else if errno != EINTR {
                throw .unreadable(path: path, what: String(cString: strerror(errno)))
            }
        }
    }

    /// - Throws: `BundleError.unreadable` for what is there and is no plain file.
    static func requirePlain(_ path: String) throws(BundleError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .unreadable(path: path, what: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, what: "not a plain file") }
    }

    /// True when something has that path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
