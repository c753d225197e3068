import Glibc
import Recording

/// Another program that judges what Gale wrote.
enum Tool {
    struct Outcome {
        var status: Int32
        var output: String
    }

    static func exists(_ words: [String]) -> Bool { run(words).status == 0 }

    /// Runs a program that is looked for on the path.
    /// - Returns: its status, 127 when it cannot be started, and what it printed, errors included.
    static func run(_ words: [String]) -> Outcome {
        let folder = SyntheticRun.makeFolder()
        let path = "\(folder)/output"
        defer {
            unlink(path)
            rmdir(folder)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { arguments.forEach { free($0) } }
        arguments.append(nil)
        var process: pid_t = 0
        guard posix_spawnp(&process, words[0], &actions, nil, arguments, environ) == 0 else {
            return Outcome(status: 127, output: "\(words[0]) cannot be started")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return Outcome(status: status, output: Golden.read(path) ?? "")
    }

    /// Runs it on a text, whose file's path is the last word.
    static func run(_ words: [String], on text: String) throws -> Outcome {
        let folder = SyntheticRun.makeFolder()
        let path = "\(folder)/input"
        defer {
            unlink(path)
            rmdir(folder)
        }
        try AtomicFile.write(text, to: path)
        return run(words + [path])
    }
}
