import Core
import Recording
import Testing

/// Logs that the Java library wrote. They belong to other projects and are not part of this one: where the folder
/// `shared/data` does not stand beside the repository, these tests are skipped.
@Suite(.enabled(if: JavaLogs.tagged != nil && JavaLogs.old != nil, "no ../shared/data/hdr beside the repository"))
struct JavaLogTests {
    @Test func `a log of the Java library is read`() throws {
        var log = IntervalLogReader(bytes: try #require(JavaLogs.tagged))
        var totals: [String: LatencyHistogram] = [:]
        var last: IntervalLogLine?
        var lines = 0
        while let line = try log.next() {
            let part = try log.histogram(of: line)
            #expect(abs(part.max.milliseconds - line.maximum) < 0.000_501)
            #expect(line.tag == nil || line.tag == "A")
            if let total = totals[line.tag ?? ""] {
                totals[line.tag ?? ""] = try total.adding(part)
            } else {
                totals[line.tag ?? ""] = part
            }
            last = line
            lines += 1
        }
        #expect(lines == 42)
        let startEpoch = log.startEpoch
        #expect(startEpoch == 1_441_812_279.474)
        #expect(last?.start == 20.131)
        #expect(last.map { abs($0.startEpoch - 1_441_812_299.605) < 1e-6 } == true)
        // The log was doubled by hand: each line once without a tag and once with it.
        #expect(totals[""] == totals["A"])
        #expect(totals[""]?.max.milliseconds.fixed(3) == "1551.892")
    }

    @Test func `a log of the Java library is written back byte for byte`() throws {
        let bytes = try #require(JavaLogs.tagged)
        let folder = TemporaryFolder()
        var writer = try IntervalLogWriter(creating: folder.file("copy.hlog"))
        var log = IntervalLogReader(bytes: bytes)
        while let line = try log.next() {
            try writer.append(
                tag: line.tag, start: line.timestamp, length: line.length, try log.histogram(of: line))
        }
        let intervals = bytes.split(separator: UInt8(ascii: "\n")).filter { ![35, 34].contains($0.first) }
        let copies = try #require(TemporaryFolder.read(folder.file("copy.hlog"))).split(separator: UInt8(ascii: "\n"))
        #expect(
            copies.map { String(decoding: $0, as: UTF8.self) } == intervals.map { String(decoding: $0, as: UTF8.self) })
    }

    @Test func `a log in the older encoding is read`() throws {
        var log = IntervalLogReader(bytes: try #require(JavaLogs.old))
        var total = 0
        var lines = 0
        while let line = try log.next() {
            let part = try log.histogram(of: line)
            #expect(abs(part.max.milliseconds - line.maximum) < 0.000_501)
            total += part.count
            lines += 1
        }
        #expect(lines == 602)
        #expect(total > 0)
    }
}

extension LatencyHistogram {
    fileprivate func adding(_ other: LatencyHistogram) throws -> LatencyHistogram {
        var sum = self
        try sum.add(foreign: other)
        return sum
    }
}

enum JavaLogs {
    static let tagged = read("tagged-Log.logV2.hlog")
    static let old = read("ycsb.logV1.hlog")

    private static func read(_ name: String) -> [UInt8]? {
        let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
            separator: "/")
        return TemporaryFolder.read("\(repository)/../shared/data/hdr/\(name)")
    }
}
