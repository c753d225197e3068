package import Core
import Glibc

/// Writes `intervals.hlog`: HdrHistogram's interval log, format 1.3, one line per series and interval.
///
/// Every call ends with its bytes in the file, each line by one system call: a process that is killed leaves at most its
/// last line unfinished, which `IntervalLogReader` passes over.
package struct IntervalLogWriter: ~Copyable, Sendable {
    private let file: WritableFile
    private var encoder = HistogramEncoder()
    private var line: [UInt8] = []
    /// Where the last whole line ends; nil for what has no places, such as a pipe.
    private var end: off_t?

    /// Creates the file, for the owner only (0600), or empties the one that is there.
    /// - Throws: `FileFailure`.
    package init(creating path: String) throws(FileFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(.open, path, code: errno) }
        self.init(owning: descriptor, path: path)
    }

    /// Writes to an open descriptor from where it stands, and closes it in the end.
    /// - Parameter path: its name in messages.
    package init(owning descriptor: Int32, path: String) {
        file = WritableFile(owning: descriptor, path: path)
        let position = lseek(descriptor, 0, SEEK_CUR)
        end = position >= 0 ? position : nil
    }

    /// Writes what stands before the first interval. Call it once, first.
    /// - Parameters:
    ///   - startEpoch: wall time of the run's start, seconds since 1970; intervals are relative to it.
    ///   - started: the same as text, a label.
    ///   - comments: further lines for people, such as what wrote the log.
    package mutating func writeHeader(
        startEpoch: Double, started: String, comments: [String] = []
    ) throws(FileFailure) {
        let epoch = startEpoch.fixed(3)
        var lines = comments.map { "#[\(Self.singleLine($0))]" }
        lines += [
            "#[Histogram log format version 1.3]",
            "#[StartTime: \(epoch) (seconds since epoch), \(Self.singleLine(started))]",
            "#[BaseTime: \(epoch) (seconds since epoch)]",
            #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#,
        ]
        line.removeAll(keepingCapacity: true)
        for text in lines { line.append(contentsOf: "\(text)\n".utf8) }
        try writeLine()
    }

    /// Writes one interval of one series.
    /// - Parameters:
    ///   - series: what was measured; its tag names it in the file.
    ///   - start: when the interval began, after the start of the run.
    ///   - length: how long it was.
    package mutating func append(
        _ series: SeriesName, start: Span, length: Span, _ histogram: LatencyHistogram
    ) throws(FileFailure) {
        try append(tag: series.tag, start: start.seconds, length: length.seconds, histogram)
    }

    /// The same with any tag, or none, and times in seconds.
    /// - Parameter tag: characters that would break the line are replaced by `_`.
    package mutating func append(
        tag: String?, start: Double, length: Double, _ histogram: LatencyHistogram
    ) throws(FileFailure) {
        line.removeAll(keepingCapacity: true)
        if let tag, !tag.isEmpty { line.append(contentsOf: "Tag=\(SeriesName.clean(tag)),".utf8) }
        let maximum = histogram.max.milliseconds.fixed(3)
        line.append(contentsOf: "\(start.fixed(3)),\(length.fixed(3)),\(maximum),".utf8)
        encoder.appendBase64(histogram, to: &line)
        line.append(UInt8(ascii: "\n"))
        try writeLine()
    }

    /// Waits until the log would survive a power cut. A killed process needs no such call, only the end of a run does.
    package func sync() throws(FileFailure) { try file.sync() }

    private mutating func writeLine() throws(FileFailure) {
        do throws(FileFailure) {
            try file.write(line)
            end = end.map { $0 + off_t(line.count) }
        } catch {
            // A half line would spoil the next one, should there be room again.
            if let end { _ = ftruncate(file.descriptor, end) }
            throw error
        }
    }

    private static func singleLine(_ text: String) -> String { String(text.map { $0.isNewline ? " " : $0 }) }
}
