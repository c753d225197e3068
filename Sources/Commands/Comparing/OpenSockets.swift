import Glibc

/// The sockets that this process has open. A trial must not begin while connections of the one before still close.
enum OpenSockets {
    /// As /proc says; 0 where it does not.
    static var count: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            var target = [CChar](repeating: 0, count: 7)
            let length = readlink("/proc/self/fd/" + name, &target, target.count)
            if length == 7, target.elementsEqual("socket:".utf8.map(CChar.init)) { count += 1 }
        }
        return count
    }

    /// Waits until there are no more than `limit`, but at most five seconds: a socket that stays is not the trials'.
    static func wait(until limit: Int) async {
        for _ in 0..<250 where count > limit { try? await Task.sleep(for: .milliseconds(20)) }
    }
}
