import Core
import Glibc
import Recording
import Testing

@Suite struct IntervalLogWriterTests {
    let folder = TemporaryFolder()

    @Test func `a log is written line by line as the format has it`() throws {
        let path = folder.file("intervals.hlog")
        var log = try IntervalLogWriter(creating: path)
        try log.writeHeader(
            startEpoch: 1_441_812_279.4744, started: "2015-09-09T15:24:39.474Z",
            comments: ["Logged by gale 1.0\nand no more"])
        try log.append(.response, start: .zero, length: .seconds(1), Samples.histogram([.nanoseconds(1_499_999)]))
        try log.append(
            .stepService(scenario: "buy, now", step: "Tag=\"cart\"\n#1"), start: .milliseconds(1_000),
            length: .microseconds(999_500),
            LatencyHistogram())
        try log.append(tag: nil, start: 2, length: 0.5, Samples.histogram([.seconds(9_999)]))
        try log.append(tag: "", start: 2.5, length: 0.5, LatencyHistogram())
        let lines = try #require(TemporaryFolder.text(path)).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0] == "#[Logged by gale 1.0 and no more]")
        #expect(lines[1] == "#[Histogram log format version 1.3]")
        #expect(lines[2] == "#[StartTime: 1441812279.474 (seconds since epoch), 2015-09-09T15:24:39.474Z]")
        #expect(lines[3] == "#[BaseTime: 1441812279.474 (seconds since epoch)]")
        #expect(lines[4] == #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#)
        // The maximum is that of the histogram, 1,500,159 ns: three digits and rounded up, in milliseconds.
        #expect(lines[5].hasPrefix("Tag=response,0.000,1.000,1.500,HISTF"))
        #expect(lines[6].hasPrefix("Tag=service/buy__now/Tag__cart___1,1.000,1.000,0.000,HISTF"))
        #expect(lines[7].hasPrefix("2.000,0.500,3601330.078,HISTF"))
        #expect(lines[8].hasPrefix("2.500,0.500,0.000,HISTF"))
        #expect(lines[9] == "")
        #expect(lines.count == 10)
        #expect(TemporaryFolder.mode(path) == 0o600)
    }

    @Test func `each line is in the file when the call returns`() throws {
        let path = folder.file("intervals.hlog")
        var log = try IntervalLogWriter(creating: path)
        var ends: [Int] = []
        for second in 0..<5 as Range<Int64> {
            try log.append(.service, start: .seconds(second), length: .seconds(1), LatencyHistogram())
            let text = try #require(TemporaryFolder.text(path))
            #expect(text.hasSuffix("\n"))
            ends.append(text.utf8.count)
        }
        #expect(Set(ends).count == 5)
        try log.sync()
        #expect(TemporaryFolder.text(path)?.utf8.count == ends.last)
    }

    @Test func `a full disk is an error with its reason`() throws {
        let descriptor = open("/dev/full", O_WRONLY)
        try #require(descriptor >= 0)
        var log = IntervalLogWriter(owning: descriptor, path: "the interval log")
        do throws(FileFailure) {
            try log.append(.response, start: .zero, length: .seconds(1), LatencyHistogram())
            Issue.record("/dev/full took a line")
        } catch {
            #expect(error == FileFailure(.write, "the interval log", code: ENOSPC))
        }
    }

    /// In a process of its own, as the limit cannot be raised again.
    @Test func `a line that does not fit leaves no half of itself`() async throws {
        let path = folder.file("intervals.hlog")
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1_000, rlim_max: 1_000)
            precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            var log = try IntervalLogWriter(creating: path)
            do throws(FileFailure) {
                for second in 0..<100 as Range<Int64> {
                    try log.append(.service, start: .seconds(second), length: .seconds(1), LatencyHistogram())
                }
                exit(1)
            } catch {
                exit(error == FileFailure(.write, path, code: EFBIG) ? 0 : 2)
            }
        }
        let bytes = try #require(TemporaryFolder.read(path))
        #expect(bytes.count > 500)
        #expect(bytes.last == UInt8(ascii: "\n"))
        var log = IntervalLogReader(bytes: bytes)
        while try log.next() != nil {}
        let wasCutOff = log.wasCutOff
        #expect(!wasCutOff)
    }

    @Test func `a log in a folder that is not there is refused`() {
        let path = folder.file("absent/intervals.hlog")
        do throws(FileFailure) {
            _ = try IntervalLogWriter(creating: path)
            Issue.record("a log was created in a folder that does not exist")
        } catch {
            #expect(error == FileFailure(.open, path, code: ENOENT))
        }
    }
}
