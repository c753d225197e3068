import Core
import Glibc
import Recording
import Transport

/// What this process runs on.
enum Machine {
    /// - Parameters:
    ///   - insecure: whether the plan turned TLS verification off.
    ///   - name: how the target's name was resolved; nil for an address.
    static func environment(insecure: Bool, name: ResolvedName?) -> EnvironmentRecord {
        EnvironmentRecord(
            kernel: kernel, cpu: cpu, cores: cores, memoryBytes: memoryBytes,
            libcurl: CurlLibrary.version, tls: CurlLibrary.tls, build: build, insecure: insecure,
            resolveSeconds: name?.elapsed?.seconds, addresses: name?.addresses ?? [])
    }

    /// Holds the thread up: not for a loop, and not for a task.
    static func sleep(nanoseconds: Int64) {
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var left = timespec()
        while clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left) == EINTR { time = left }
    }

    /// `release` or `debug`: figures of a debug build say nothing about Gale's cost.
    static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// Processors that this process may use.
    static var cores: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Wall time, seconds since 1970; a label, never a measure.
    static var wallTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Ports that one pair of addresses can use at once.
    static var localPorts: Int {
        let numbers =
            text(of: "/proc/sys/net/ipv4/ip_local_port_range")?.split(whereSeparator: \.isWhitespace)
            .compactMap { Int($0) } ?? []
        return numbers.count == 2 ? numbers[1] - numbers[0] + 1 : 28_232
    }

    /// Raises the limit of open files to what the system lets us have.
    /// - Returns: the limit then in force.
    static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// CPU time of the process so far, and the largest size it had.
    static var usage: (user: Double, system: Double, peakBytes: Int) {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return (seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss * 1_024)
    }

    private static var kernel: String {
        var name = utsname()
        uname(&name)
        let system = withUnsafeBytes(of: name.sysname) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "\(system) \(release)"
    }

    private static var cpu: String {
        let line = text(of: "/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { String($0.drop { $0 == " " }) } ?? "unknown"
    }

    private static var memoryBytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// A small file of the kernel's.
    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
