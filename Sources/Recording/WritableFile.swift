import Glibc

/// A descriptor that bytes go out through; closed when the value goes away.
struct WritableFile: ~Copyable {
    let descriptor: Int32
    /// For messages.
    let path: String

    /// Takes over an open descriptor.
    init(owning descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = close(descriptor) }

    /// Writes all of `bytes`, in as few calls as the system allows: one, unless it is interrupted or full.
    func write(_ bytes: [UInt8]) throws(FileFailure) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(FileFailure) in
            var written = 0
            while written < bytes.count {
                let result = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
                if result >= 0 {
                    written += result
                } else if errno != EINTR {
                    throw FileFailure(.write, path, code: errno)
                }
            }
        }
    }

    /// Waits until what was written would survive a power cut.
    func sync() throws(FileFailure) {
        // EINVAL and EROFS: not a thing that can be synchronised (a pipe, /dev/full), hence nothing to wait for.
        guard fsync(descriptor) != 0, errno != EINVAL, errno != EROFS else { return }
        throw FileFailure(.sync, path, code: errno)
    }
}
