import Glibc
import Recording
import Testing

@Suite struct AtomicFileTests {
    let folder = TemporaryFolder()

    @Test func `a file is written for its owner only, and nothing stays beside it`() throws {
        let path = folder.file("run.json")
        try AtomicFile.write("one", to: path)
        #expect(TemporaryFolder.text(path) == "one")
        #expect(TemporaryFolder.mode(path) == 0o600)
        #expect(folder.names == ["run.json"])
    }

    @Test func `a file is replaced by a shorter and by a longer one`() throws {
        let path = folder.file("run.json")
        for text in ["first", "2", "the third is the longest", ""] {
            try AtomicFile.write(text, to: path)
            #expect(TemporaryFolder.text(path) == text)
        }
        #expect(folder.names == ["run.json"])
    }

    @Test func `a file of many megabytes is whole`() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try AtomicFile.write(bytes, to: folder.file("large"))
        #expect(TemporaryFolder.read(folder.file("large")) == bytes)
    }

    @Test func `a folder that is not there is named, with the reason`() throws {
        let path = folder.file("absent/run.json")
        let error = #expect(throws: FileFailure.self) { try AtomicFile.write("x", to: path) }
        #expect(error == FileFailure(.open, path, code: ENOENT))
        #expect(error?.description == "cannot open \(path): No such file or directory (errno 2)")
    }

    @Test func `a folder in the place of the file stays, and nothing beside it`() throws {
        let path = folder.file("run.json")
        try AtomicFile.createFolder(path)
        let error = #expect(throws: FileFailure.self) { try AtomicFile.write("x", to: path) }
        #expect(error == FileFailure(.rename, path, code: EISDIR))
        #expect(folder.names == ["run.json"])
    }

    /// In a process of its own: the limit holds for all that the process writes, and cannot be raised again.
    @Test func `when the disk is full the old file stays whole, and the new one leaves nothing behind`() async throws {
        let path = folder.file("run.json")
        try AtomicFile.write("the old file", to: path)
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4_096, rlim_max: 4_096)
            precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            do throws(FileFailure) {
                try AtomicFile.write([UInt8](repeating: 1, count: 10_000), to: path)
                exit(1)
            } catch {
                exit(error == FileFailure(.write, path, code: EFBIG) ? 0 : 2)
            }
        }
        #expect(TemporaryFolder.text(path) == "the old file")
        #expect(folder.names == ["run.json"])
    }

    // MARK: Folders

    @Test func `missing folders are made for their owner only, and existing ones left alone`() throws {
        let path = folder.file("a/b/c")
        try AtomicFile.createFolder(path)
        try AtomicFile.createFolder(path)
        try AtomicFile.createFolder(path + "/")
        #expect(TemporaryFolder.mode(path) == 0o700)
        #expect(TemporaryFolder.mode(folder.file("a")) == 0o700)
        chmod(folder.file("a"), 0o755)
        try AtomicFile.createFolder(folder.file("a/d"))
        #expect(TemporaryFolder.mode(folder.file("a")) == 0o755)
    }

    @Test(arguments: ["file", "file/below"])
    func `a file in the way is named`(name: String) throws {
        let path = folder.file("file")
        try AtomicFile.write("x", to: path)
        #expect(throws: FileFailure(.createFolder, path, code: ENOTDIR)) {
            try AtomicFile.createFolder(folder.file(name))
        }
    }

    @Test func `a link that leads nowhere is no folder`() throws {
        symlink(folder.file("nowhere"), folder.file("link"))
        #expect(throws: FileFailure(.createFolder, folder.file("link"), code: ENOTDIR)) {
            try AtomicFile.createFolder(folder.file("link"))
        }
    }

    // MARK: Messages

    @Test(arguments: [
        (
            FileFailure(.write, "out/run.json", code: ENOSPC),
            "cannot write out/run.json: No space left on device (errno 28); free some space, or choose another folder with --out"
        ),
        (
            FileFailure(.createFolder, "/root/x", code: EACCES),
            "cannot create the folder /root/x: Permission denied (errno 13); choose a folder that you may write to with --out"
        ),
        (FileFailure(.sync, "f", code: EIO), "cannot sync f: Input/output error (errno 5)"),
        (FileFailure(.read, "f", code: 9_999), "cannot read f: Unknown error 9999 (errno 9999)"),
    ])
    func `a message says what, where, why and what to do`(failure: FileFailure, text: String) {
        #expect(failure.description == text)
    }
}
