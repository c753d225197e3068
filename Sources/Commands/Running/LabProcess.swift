import Core
import Glibc
import Recording

/// A lab in a process of its own, so that the target's cost never stands in the generator's figures.
///
/// It is this program with other words: `gale lab FILE --attached`. It says where it listens, one line for each service or
/// replica that listens, then `ready`. On its standard input it is told when the load begins; when that closes it stops,
/// says what it counted and what its resources saw, and goes.
final class LabProcess {
    private let process: pid_t
    private let input: Int32
    private let output: Int32
    private var buffer: [UInt8] = []

    /// By service: its base URL. The replicas of a service that listens each stand there one by one, as `shop/3`.
    let addresses: [String: String]

    /// - Parameter changes: what the command line lays over the plan, in its words.
    /// - Throws: `Failure` when the lab does not come up; its own message has gone to stderr.
    init(plan: String, changes: [String], seed: UInt64) throws(Failure) {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
            throw Failure(
                status: ExitStatus.internalFault, message: "no pipe for the lab: \(String(cString: strerror(errno)))")
        }
        // The child must not inherit our ends, or its input would never close.
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The terminal's Ctrl-C goes to the whole group: a group of its own, so that the lab outlives the drain.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        defer { posix_spawnattr_destroy(&attributes) }

        let words = ["gale", "lab", plan, "--attached", "--seed", String(seed)] + changes
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child = pid_t()
        let result = posix_spawn(&child, "/proc/self/exe", &actions, &attributes, &arguments, environ)
        close(toChild[0])
        close(fromChild[1])
        guard result == 0 else {
            throw Failure(
                status: ExitStatus.internalFault, message: "the lab did not start: \(String(cString: strerror(result)))"
            )
        }
        process = child
        input = toChild[1]
        output = fromChild[0]

        var addresses: [String: String] = [:]
        var buffer: [UInt8] = []
        while let line = Self.line(from: fromChild[0], &buffer), line != "ready" {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 { addresses[String(words[0])] = String(words[1]) }
        }
        self.addresses = addresses
        self.buffer = buffer
        guard !addresses.isEmpty else {
            _ = stop()
            throw Failure(status: ExitStatus.internalFault, message: "the lab did not come up")
        }
    }

    /// The load begins: what happens to the services over time counts from `origin`.
    func begin(at origin: Instant) {
        let line = Array("begin \(origin.nanoseconds)\n".utf8)
        // A pipe takes so short a line whole. A lab that has died is found out by the calls to it.
        while write(input, line, line.count) < 0, errno == EINTR {}
    }

    /// Lets the lab go.
    /// - Returns: what it counted; nothing when it died before it could say.
    func stop() -> LabOutcome {
        close(input)
        var outcome = LabOutcome()
        while let line = Self.line(from: output, &buffer) {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            if words[0] == "received" { outcome.received = Int(words[1]) }
            if words[0] == "resources" {
                outcome.resources = ResourceReport(json: words[1]) ?? outcome.resources
            }
        }
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return outcome
    }

    private static func line(from descriptor: Int32, _ buffer: inout [UInt8]) -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 4_096)
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            buffer.append(contentsOf: chunk[..<count])
        }
    }
}
