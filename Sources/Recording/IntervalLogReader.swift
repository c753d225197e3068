import Glibc

/// Reads an interval log line by line, in memory that does not depend on its length. Logs of other writers too: format
/// 1.0 to 1.3, with or without tags, times since 1970 or since the start.
///
///     var log = try IntervalLogReader(path: "intervals.hlog")
///     while let line = try log.next() { try log.add(line, to: &histograms[line.tag ?? "", default: .init()]) }
///
/// A log that was cut off in the middle of its last line, as a killed process leaves it, is read up to the line before.
package struct IntervalLogReader: ~Copyable, Sendable {
    /// Seconds since 1970, as the log says it or else by its first interval; nil before either.
    package private(set) var startEpoch: Double?
    /// Seconds since 1970 to which timestamps are relative: 0 where they are absolute; nil until known.
    package private(set) var baseEpoch: Double?
    /// True once an unfinished last line was passed over.
    package private(set) var wasCutOff = false

    private let path: String
    private var source: LineSource
    private var decoder = HistogramDecoder()

    /// Opens a file.
    /// - Throws: `IntervalLogError.file`.
    package init(path: String) throws(IntervalLogError) {
        self.path = path
        source = try LineSource(path: path)
    }

    /// Reads from memory.
    /// - Parameter path: its name in messages.
    package init(bytes: [UInt8], path: String = "interval log") {
        self.path = path
        source = LineSource(bytes: bytes, path: path)
    }

    /// The next interval; nil at the end.
    /// - Throws: `IntervalLogError`, after which the next call goes on with the line after the one at fault.
    package mutating func next() throws(IntervalLogError) -> IntervalLogLine? {
        while let text = try source.next() {
            let number = source.lineNumber
            do throws(IntervalLogError) {
                guard let line = try parse(text, number: number) else { continue }
                // Only the last line can lack its end. It may be whole all the same: then its checksum says so.
                if source.isUnterminated { try validate(line) }
                return line
            } catch {
                guard source.isUnterminated else { throw error }
                wasCutOff = true
            }
        }
        return nil
    }

    /// Adds the counts of a line to a histogram; nothing is added when it throws.
    /// - Throws: `IntervalLogError.histogram`, also when the histogram is of another layout.
    package mutating func add(
        _ line: IntervalLogLine, to histogram: inout LatencyHistogram
    ) throws(IntervalLogError) {
        do throws(HistogramError) {
            try decoder.add(base64: line.payload, to: &histogram)
        } catch {
            throw .histogram(path: path, number: line.number, tag: line.tag, error)
        }
    }

    /// The histogram of a line, in the layout it was written in.
    /// - Throws: `IntervalLogError.histogram`.
    package mutating func histogram(of line: IntervalLogLine) throws(IntervalLogError) -> LatencyHistogram {
        do throws(HistogramError) {
            return try decoder.decode(base64: line.payload)
        } catch {
            throw .histogram(path: path, number: line.number, tag: line.tag, error)
        }
    }

    private mutating func validate(_ line: IntervalLogLine) throws(IntervalLogError) {
        do throws(HistogramError) {
            try decoder.validate(base64: line.payload)
        } catch {
            throw .histogram(path: path, number: line.number, tag: line.tag, error)
        }
    }

    // MARK: Parsing

    /// The interval that a line describes; nil for a comment, the legend or an empty line.
    private mutating func parse(_ text: ArraySlice<UInt8>, number: Int) throws(IntervalLogError) -> IntervalLogLine? {
        var fields = LogFields(text)
        switch text.first {
        case nil, UInt8(ascii: "\""): return nil
        case UInt8(ascii: "#"):
            if let epoch = fields.number(after: "#[StartTime:") { startEpoch = epoch }
            if let epoch = fields.number(after: "#[BaseTime:") { baseEpoch = epoch }
            return nil
        default: break
        }
        let tag = fields.takeTag()
        guard let timestamp = fields.takeNumber(), let length = fields.takeNumber(),
            let maximum = fields.takeNumber(), !fields.rest.isEmpty
        else {
            let excerpt = String(decoding: text.prefix(60), as: UTF8.self) + (text.count > 60 ? "…" : "")
            throw .line(
                path: path, number: number, text: excerpt,
                rule: "a line of an interval log is [Tag=name,]start,length,maximum,histogram with times in seconds")
        }
        let (start, base) = epochs(for: timestamp)
        return IntervalLogLine(
            number: number, tag: tag, timestamp: timestamp, startEpoch: base + timestamp,
            start: (base - start) + timestamp, length: length, maximum: maximum, payload: [UInt8](fields.rest))
    }

    /// The start of the log and the base of its timestamps, settled by the first interval where the log does not say.
    private mutating func epochs(for timestamp: Double) -> (start: Double, base: Double) {
        let start = startEpoch ?? timestamp
        // The rule of the Java library: times that lie more than a year before the start cannot be absolute.
        let year = 365.0 * 24 * 3_600
        let base = baseEpoch ?? (timestamp < start - year ? start : 0)
        startEpoch = start
        baseEpoch = base
        return (start, base)
    }
}
