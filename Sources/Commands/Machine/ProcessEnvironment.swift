import Glibc

/// The environment that this process was started with.
enum ProcessEnvironment {
    /// Names and values; what is not UTF-8 is left out. Read from `/proc`, because the C library's own list may change
    /// under the reader's hands.
    static var values: [String: String] {
        var values: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard let sign = entry.firstIndex(of: UInt8(ascii: "=")),
                let name = String(validating: entry[..<sign], as: UTF8.self),
                let value = String(validating: entry[(sign + 1)...], as: UTF8.self)
            else { continue }
            values[name] = value
        }
        return values
    }

    private static var bytes: [UInt8] {
        let descriptor = open("/proc/self/environ", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
