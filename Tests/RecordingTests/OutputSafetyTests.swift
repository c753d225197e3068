import Glibc
import Recording
import Testing

/// What stands in the place of a file that is to be written, and must not be written to.
@Suite struct OutputSafetyTests {
    let folder = TemporaryFolder()

    private func isLink(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFLNK
    }

    // MARK: Replacing

    @Test func `a link is replaced, and what it leads to left alone`() throws {
        let (path, precious) = (folder.file("report.md"), folder.file("precious"))
        try AtomicFile.write("precious", to: precious)
        symlink(precious, path)
        try AtomicFile.write("report", to: path)
        #expect(TemporaryFolder.text(path) == "report")
        #expect(TemporaryFolder.text(precious) == "precious")
        #expect(!isLink(path))
    }

    @Test func `a link that leads nowhere is replaced, and nothing is made there`() throws {
        let path = folder.file("report.md")
        symlink(folder.file("nowhere"), path)
        try AtomicFile.write("report", to: path)
        #expect(folder.names == ["report.md"])
    }

    @Test func `what others may read becomes the owner's`() throws {
        let path = folder.file("report.md")
        try AtomicFile.write("old", to: path)
        chmod(path, 0o666)
        try AtomicFile.write("new", to: path)
        #expect(TemporaryFolder.mode(path) == 0o600)
    }

    @Test func `a pipe is no place for a report`() throws {
        let path = folder.file("pipe")
        mkfifo(path, 0o600)
        #expect(throws: FileFailure(.rename, path, code: EINVAL)) { try AtomicFile.write("report", to: path) }
        #expect(folder.names == ["pipe"])
    }

    @Test func `a device is not replaced by a report`() {
        let error = #expect(throws: FileFailure.self) { try AtomicFile.write("report", to: "/dev/null") }
        // Where /dev may not be written to at all, it is that.
        #expect(error.map { $0 == FileFailure(.rename, "/dev/null", code: EINVAL) || $0.operation == .open } == true)
        var information = stat()
        #expect(lstat("/dev/null", &information) == 0 && information.st_mode & S_IFMT == S_IFCHR)
    }

    // MARK: Adding

    @Test func `text is added at the end, and the adder is told what is there`() throws {
        let path = folder.file("page")
        try AtomicFile.append(to: path) { size in
            #expect(size == 0)
            return "one\n"
        }
        #expect(TemporaryFolder.mode(path) == 0o600)
        chmod(path, 0o644)
        try AtomicFile.append(to: path) { size in "\(size)\n" }
        try AtomicFile.append(to: path) { _ in "" }
        #expect(TemporaryFolder.text(path) == "one\n4\n")
        #expect(TemporaryFolder.mode(path) == 0o644, "the file is another program's")
    }

    @Test func `a link is not added to`() throws {
        let (path, precious) = (folder.file("page"), folder.file("precious"))
        try AtomicFile.write("precious", to: precious)
        symlink(precious, path)
        let error = #expect(throws: FileFailure.self) { try AtomicFile.append(to: path) { _ in "x" } }
        #expect(error == FileFailure(.open, path, code: ELOOP))
        #expect(error?.description.hasSuffix("a symbolic link stands in its place: name what it leads to") == true)
        #expect(TemporaryFolder.text(precious) == "precious")
    }

    @Test func `neither a pipe, which would wait for its reader, nor a device or a folder is added to`() {
        let pipe = folder.file("pipe")
        mkfifo(pipe, 0o600)
        for path in [pipe, "/dev/null", folder.path] {
            let error = #expect(throws: FileFailure.self) {
                try AtomicFile.append(to: path) { _ in
                    Issue.record("\(path) was opened")
                    return "x"
                }
            }
            #expect(error?.operation == .open)
        }
    }

    /// In a process of its own: the limit holds for all that the process writes, and cannot be raised again.
    @Test func `what cannot be added whole is taken back`() async throws {
        let path = folder.file("page")
        try AtomicFile.write("what was there\n", to: path)
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4_096, rlim_max: 4_096)
            precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            do throws(FileFailure) {
                try AtomicFile.append(to: path) { _ in String(repeating: "x", count: 10_000) }
                exit(1)
            } catch {
                exit(error == FileFailure(.write, path, code: EFBIG) ? 0 : 2)
            }
        }
        #expect(TemporaryFolder.text(path) == "what was there\n")
    }

    // MARK: Folders

    @Test func `a folder behind a link of one's own is a folder`() throws {
        let (link, real) = (folder.file("link"), folder.file("real"))
        try AtomicFile.createFolder(real)
        symlink(real, link)
        #expect(!AtomicFile.isForeignLink(link))
        #expect(!AtomicFile.isForeignLink(link + "/"))
        try AtomicFile.createFolder(link + "/below")
        #expect(TemporaryFolder.names(in: real) == ["below"])
    }

    @Test(arguments: [(1_000, 1_000, false), (0, 1_000, false), (1_001, 1_000, true), (1_000, 0, true), (0, 0, false)])
    func `a link is foreign when neither we nor the administrator made it`(owner: UInt32, user: UInt32, isForeign: Bool)
    {
        #expect(AtomicFile.isForeign(owner: owner, to: user) == isForeign)
    }

    @Test(.enabled(if: geteuid() == 0, "only the administrator can give a link away"))
    func `a bundle's folder behind another user's link is refused, and nothing is written behind it`() throws {
        let (link, real) = (folder.file("link"), folder.file("real"))
        try AtomicFile.createFolder(real)
        symlink(real, link)
        lchown(link, 4_242, 4_242)
        for name in [link, link + "/"] {
            #expect(AtomicFile.isForeignLink(name))
            let failure = #expect(throws: BundleFailure.self) {
                _ = try BundleWriter(folder: name, record: BundleWriterTests.record(), table: BundleWriterTests.table)
            }
            #expect(failure?.isWrongFolder == true)
            #expect(failure?.description.contains("a symbolic link that another user made") == true)
        }
        #expect(TemporaryFolder.names(in: real) == [])
    }
}
