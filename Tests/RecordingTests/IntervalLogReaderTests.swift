import Core
import Glibc
import Recording
import Testing

@Suite struct IntervalLogReaderTests {
    static let start = 1_700_000_000.25
    let folder = TemporaryFolder()

    /// A log of ours with three series over some seconds, as bytes, and what it counts.
    func log(seconds: Int) throws -> (bytes: [UInt8], totals: [String: LatencyHistogram]) {
        let path = folder.file("intervals.hlog")
        var writer = try IntervalLogWriter(creating: path)
        try writer.writeHeader(startEpoch: Self.start, started: "then")
        var totals: [String: LatencyHistogram] = [:]
        for second in 0..<seconds {
            for (place, series) in [SeriesName.response, .service, .stepResponse(scenario: "s", step: "t")].enumerated()
            {
                let part = Samples.histogram(second * 10, seed: UInt64(second * 3 + place))
                try writer.append(series, start: .seconds(Int64(second)), length: .seconds(1), part)
                totals[series.tag, default: LatencyHistogram()].add(part)
            }
        }
        return (try #require(TemporaryFolder.read(path)), totals)
    }

    /// Everything that a log has to give.
    static func read(_ log: consuming IntervalLogReader) throws -> (
        lines: [IntervalLogLine], totals: [String: LatencyHistogram], cutOff: Bool
    ) {
        var lines: [IntervalLogLine] = []
        var totals: [String: LatencyHistogram] = [:]
        while let line = try log.next() {
            try log.add(line, to: &totals[line.tag ?? "", default: LatencyHistogram()])
            lines.append(line)
        }
        return (lines, totals, log.wasCutOff)
    }

    @Test func `what is written is read back, from memory and from a file`() throws {
        let (bytes, totals) = try log(seconds: 6)
        for reader in 0..<2 {
            let log =
                try reader == 0
                ? IntervalLogReader(bytes: bytes) : IntervalLogReader(path: folder.file("intervals.hlog"))
            let (lines, read, cutOff) = try Self.read(log)
            #expect(read == totals)
            #expect(!cutOff)
            #expect(lines.count == 18)
            #expect(lines.map(\.start) == (0..<6).flatMap { [Double($0), Double($0), Double($0)] })
            #expect(lines.allSatisfy { $0.length == 1 && $0.startEpoch == Self.start + $0.start })
            #expect(lines[4].tag == "service")
            #expect(lines[4].number == 9)
        }
    }

    @Test func `lines longer than any buffer are read`() throws {
        let path = folder.file("long.hlog")
        let comment = "#" + String(repeating: "x", count: 700_000) + "\n"
        try AtomicFile.write(comment + "1.0,1.0,0.0," + LatencyHistogram().base64 + "\n" + comment, to: path)
        let (lines, _, cutOff) = try Self.read(try IntervalLogReader(path: path))
        #expect(lines.map(\.number) == [2])
        #expect(!cutOff)
    }

    /// What a process leaves that is killed while it writes.
    @Test func `a log cut off anywhere in its last line is read up to the line before`() throws {
        let bytes = try log(seconds: 2).bytes
        let body = bytes.dropLast()
        let lastLine = body.lastIndex(of: UInt8(ascii: "\n"))! + 1
        for end in lastLine..<bytes.count {
            let (lines, _, cutOff) = try Self.read(IntervalLogReader(bytes: [UInt8](bytes[..<end])))
            // Without its line feed the line is whole all the same; with nothing of it the log ends properly.
            let isWhole = end == bytes.count - 1
            #expect(lines.count == (isWhole ? 6 : 5))
            #expect(cutOff == !(isWhole || end == lastLine))
        }
    }

    @Test(arguments: [
        ("nothing", ""), ("comments only", "#[Histogram log format version 1.3]\n#x\n"), ("blank lines", "\n\r\n\n"),
        ("half a header", "#[Histogram log for"), ("half a legend", "\"StartTime"), ("half a tag", "Tag=resp"),
    ])
    func `a log without an interval has none`(name: String, text: String) throws {
        #expect(try Self.read(IntervalLogReader(bytes: [UInt8](text.utf8))).lines.isEmpty)
    }

    /// The rules of the Java library for times: `start` is relative to the log, `epoch` absolute.
    @Test(arguments: [
        (
            header: "#[StartTime: 1000.000 (seconds since epoch), x]\n#[BaseTime: 1000.000 (seconds since epoch)]\n",
            2.5, 2.5, 1002.5
        ),
        (
            "#[StartTime: 1000.000 (seconds since epoch), x]\n#[BaseTime: 990.000 (seconds since epoch)]\n", 12.5, 2.5,
            1002.5
        ),
        ("#[StartTime: 1441812279.474 (seconds since epoch), x]\n", 0.127, 0.127, 1441812279.601),
        ("#[StartTime: 1438613579.295 (seconds since epoch), x]\n", 1438613580.295, 1, 1438613580.295),
        ("#[StartTime: 1438613579.295 (seconds since epoch), x]\n", 1438613578.295, -1, 1438613578.295),
        ("#[BaseTime: 500.000 (seconds since epoch)]\n", 2, 500, 502), ("", 1438613580.5, 0, 1438613580.5),
        ("", 0, 0, 0),
    ])
    func `times are relative or absolute, as the header or the first of them says`(
        header: String, timestamp: Double, start: Double, epoch: Double
    ) throws {
        let text = header + "\(timestamp),1.0,0.0,\(LatencyHistogram().base64)\n"
        let line = try #require(try Self.read(IntervalLogReader(bytes: [UInt8](text.utf8))).lines.first)
        #expect(line.timestamp == timestamp)
        #expect(abs(line.start - start) < 1e-6)
        #expect(abs(line.startEpoch - epoch) < 1e-6)
    }

    @Test func `lines of other systems end in CR LF`() throws {
        let text = "#x\r\nTag=a,0.5,1.0,0.0,\(LatencyHistogram().base64)\r\n"
        let lines = try Self.read(IntervalLogReader(bytes: [UInt8](text.utf8))).lines
        #expect(lines.map(\.tag) == ["a"])
        #expect(lines[0].maximum == 0)
    }

    @Test(arguments: [
        "1.0,1.0,0.0", "1.0,1.0,0.0,", "1.0,1.0,HISTF", "x,1.0,0.0,HISTF", "1.0,nan,0.0,HISTF", "1.0,1.0,inf,HISTF",
        "0x1p3,1.0,0.0,HISTF", "1.0 ,1.0,0.0,HISTF", "Tag=a", "Tag=a,", ",,,", "1,5,1,0,0,0", "\u{0}\u{0}\u{0}",
        "1e999,1.0,0.0,HISTF", "--1,1,1,HISTF",
    ])
    func `a line that breaks the format is named, and the next one read`(text: String) throws {
        let good = "1.0,1.0,0.0,\(LatencyHistogram().base64)"
        var log = IntervalLogReader(bytes: [UInt8]("\(good)\n\(text)\n\(good)\n".utf8), path: "some.hlog")
        let first = try log.next()
        #expect(first?.number == 1)
        do throws(IntervalLogError) {
            // A payload that is no histogram is found when it is read.
            if let line = try log.next() { _ = try log.histogram(of: line) }
            Issue.record("line 2 was taken")
        } catch {
            #expect(error.description.hasPrefix("some.hlog:2: "))
        }
        let third = try log.next()
        let end = try log.next()
        #expect(third?.number == 3)
        #expect(end == nil)
        let wasCutOff = log.wasCutOff
        #expect(!wasCutOff)
    }

    @Test func `a damaged histogram is named by line and series`() throws {
        let text = "#c\nTag=response,1.0,1.0,0.0,HISTFAAAAB542pNpmSzM\n"
        var log = IntervalLogReader(bytes: [UInt8](text.utf8), path: "intervals.hlog")
        let next = try log.next()
        let line = try #require(next)
        var sum = LatencyHistogram()
        do throws(IntervalLogError) {
            try log.add(line, to: &sum)
            Issue.record("half a histogram was added")
        } catch {
            #expect(
                error.description
                    == "intervals.hlog:2: series response: the histogram is cut off: its compressed part needs 30 bytes and has 7"
            )
        }
        #expect(sum.isEmpty)
    }

    @Test func `a file that cannot be read is named`() {
        let path = folder.file("absent.hlog")
        do throws(IntervalLogError) {
            _ = try IntervalLogReader(path: path)
            Issue.record("an absent log was opened")
        } catch {
            #expect(error == .file(FileFailure(.open, path, code: ENOENT)))
        }
        do throws(IntervalLogError) {
            var log = try IntervalLogReader(path: folder.path)
            _ = try log.next()
            Issue.record("a folder was read")
        } catch {
            #expect(error == .file(FileFailure(.read, folder.path, code: EISDIR)))
        }
    }
}
