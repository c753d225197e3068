import Glibc

/// A system call on a file that failed: which, where, and why.
package struct FileFailure: Error, Hashable, Sendable {
    package enum Operation: String, Hashable, Sendable, CaseIterable {
        case open, read, write, sync, rename
        case createFolder = "create the folder"
    }

    package var operation: Operation
    /// The path as it was given, or what it is where there is none (`the interval log`).
    package var path: String
    /// errno.
    package var code: Int32

    package init(_ operation: Operation, _ path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// What can be done about it; nil where the text of the error says it all.
    package var remedy: String? {
        switch code {
        case ENOSPC, EDQUOT: "free some space, or choose another folder with --out"
        case EACCES, EPERM, EROFS: "choose a folder that you may write to with --out"
        case EFBIG: "raise the limit on file sizes (ulimit -f)"
        case EMFILE, ENFILE: "raise the limit on open files (ulimit -n)"
        case ELOOP: "a symbolic link stands in its place: name what it leads to"
        case EINVAL where operation == .open || operation == .rename:
            "a pipe, a device or a socket stands in its place: name a file"
        case ENOTDIR, EEXIST: "a file stands where a folder is needed: remove it, or choose another folder with --out"
        default: nil
        }
    }
}

extension FileFailure: CustomStringConvertible {
    /// `cannot write Reports/checkout/run.json: No space left on device (errno 28); free some space, or …`.
    package var description: String {
        // glibc keeps the text of a thread to that thread.
        let reason = strerror(code).map { String(cString: $0) } ?? "unknown error"
        return "cannot \(operation.rawValue) \(path): \(reason) (errno \(code))" + (remedy.map { "; \($0)" } ?? "")
    }
}
