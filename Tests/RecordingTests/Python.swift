import Glibc

/// Runs Python programs; the tests that need one of its packages are skipped where it is missing.
enum Python {
    /// True when the reference implementation of HdrHistogram for Python can be imported.
    static let hasHistogram = (try? run("import hdrh.histogram", arguments: [])) != nil

    struct Failure: Error {
        var status: Int32
        var output: String
    }

    /// Runs `program` and returns what it printed.
    /// - Throws: `Failure` when it does not end with status 0; with what it printed, errors included.
    @discardableResult
    static func run(_ program: String, arguments: [String]) throws(Failure) -> String {
        let folder = TemporaryFolder()
        let output = folder.file("output")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = (["python3", "-c", program] + arguments).map { strdup($0) }
        defer { words.forEach { free($0) } }
        words.append(nil)
        var process: pid_t = 0
        let code = posix_spawnp(&process, "python3", &actions, nil, words, environ)
        guard code == 0 else { throw Failure(status: code, output: "python3 cannot be started") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let text = TemporaryFolder.text(output) ?? ""
        guard status == 0 else { throw Failure(status: status, output: text) }
        return text
    }
}
