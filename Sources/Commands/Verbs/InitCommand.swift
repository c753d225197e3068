import ArgumentParser
import Glibc
import Plans

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a first plan, with comments, that runs as it is.",
        discussion: "A file that is there already is left as it is, with exit status 64.")

    @Argument(help: "Where to write it.")
    var file: String = FirstPlan.file

    func run() async throws {
        try await finish { () async throws(Failure) in
            try Self.write(FirstPlan.text, to: file)
            Terminal.note("\(file): written; run it with `gale run \(file)`")
            return ExitStatus.met
        }
    }

    /// O_EXCL: whoever else makes the file meanwhile keeps it.
    private static func write(_ text: String, to file: String) throws(Failure) {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let isThere = errno == EEXIST
            throw Failure(
                status: ExitStatus.usage,
                message: isThere
                    ? "`\(file)`: it is there already, and nothing is overwritten: name another file, or remove it"
                    : "`\(file)`: it cannot be written (\(String(cString: strerror(errno)))): check the path")
        }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Failure(
                    status: ExitStatus.usage,
                    message: "`\(file)`: it cannot be written (\(String(cString: strerror(errno)))): check the disk")
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
