import Flows
import Glibc

/// The files that a plan names. They are looked at when the plan is checked, so that a run does not find out.
struct PlanFiles: Sendable {
    /// The plan's directory: relative paths start here.
    let directory: String

    /// Largest body: 64 MB.
    static let maximumBodyBytes = 64_000_000

    /// The path from where we are: absolute ones stay, others start at the plan's directory.
    func resolve(_ path: String) -> String {
        path.hasPrefix("/") || directory.isEmpty || directory == "." ? path : "\(directory)/\(path)"
    }

    /// The path of a file that can be read: certificates and keys, which may lie anywhere.
    func existing(_ path: String) throws(Complaint) -> String {
        let resolved = resolve(path)
        let descriptor = try open(path, at: resolved, flags: 0)
        close(descriptor)
        return resolved
    }

    /// The bytes of a request body. The file lies in the plan's directory or below, also after every symbolic link:
    /// a plan from elsewhere must not send our files away.
    func body(_ path: String) throws(Complaint) -> [UInt8] {
        try inside(path, limit: Self.maximumBodyBytes, what: "a body")
    }

    /// The bytes of a file that lies as `body` says; at most `limit`.
    /// - Parameter what: what messages call it.
    func inside(_ path: String, limit: Int, what: String) throws(Complaint) -> [UInt8] {
        guard let root = realPath(directory.isEmpty ? "." : directory) else {
            throw Complaint(
                .file, "the plan's directory `\(directory.printable)` cannot be read (\(Self.reason))",
                remedy: "check its permissions")
        }
        guard let real = realPath(resolve(path)) else {
            throw Complaint(
                .file, "the file `\(path.printable)` cannot be read (\(Self.reason))", remedy: Self.advice(path))
        }
        guard real.hasPrefix(root == "/" ? "/" : root + "/") else {
            throw Complaint(
                .file, "the file `\(path.printable)` lies outside the plan's directory, and \(what) must lie inside",
                remedy: "copy it beside the plan")
        }
        // The path has no links any more; should one be put there meanwhile, it is not followed.
        let descriptor = try open(path, at: real, flags: O_NOFOLLOW)
        defer { close(descriptor) }
        return try Self.bytes(of: descriptor, named: path, limit: limit)
    }

    /// The bytes of a file with data, by the rules of a body; at most 256 MiB.
    func data(_ path: String) throws(Complaint) -> [UInt8] {
        try inside(path, limit: DataLimits.standard.bytes, what: "data")
    }

    /// All bytes of a file, wherever it lies; at most `limit`.
    func bytes(_ path: String, limit: Int) throws(Complaint) -> [UInt8] {
        let descriptor = try open(path, at: resolve(path), flags: 0)
        defer { close(descriptor) }
        return try Self.bytes(of: descriptor, named: path, limit: limit)
    }

    /// The directory of a file, `.` for a bare name.
    static func directory(of file: String) -> String {
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Opens a regular file for reading.
    private func open(_ path: String, at resolved: String, flags: Int32) throws(Complaint) -> Int32 {
        // Not blocking: opening a pipe would wait for its writer.
        let descriptor = Glibc.open(resolved, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)
        guard descriptor >= 0 else {
            throw Complaint(
                .file, "the file `\(path.printable)` cannot be read (\(Self.reason))", remedy: Self.advice(path))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Complaint(.file, "`\(path.printable)` is no regular file", remedy: "name a file")
        }
        return descriptor
    }

    private func realPath(_ path: String) -> String? {
        guard !path.utf8.contains(0), let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// All bytes of an open file; more than `limit` are an error.
    private static func bytes(of descriptor: Int32, named path: String, limit: Int) throws(Complaint) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw Complaint(
                    .file, "the file `\(path.printable)` cannot be read (\(reason))", remedy: "check the file")
            }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else {
                throw Complaint(
                    .file, "the file `\(path.printable)` has more than \(Units.text(bytes: limit))",
                    remedy: "make it smaller")
            }
        }
    }

    private static func advice(_ path: String) -> String {
        path.hasPrefix("/")
            ? "check the path" : "check the path; relative ones start at the plan's directory"
    }

    /// What the system said last.
    private static var reason: String { String(cString: strerror(errno)) }
}
