import Core
import Recording

/// `recorded:` of a time: as it was measured by a run, or by whoever else writes interval logs of HdrHistogram.
enum RecordedTimeKeys {
    /// Largest log that is read: 256 MB.
    static let mostBytes = 256_000_000

    /// What is wrong: with the log, or with the series that is asked of it.
    enum Problem: Error {
        case log(Complaint)
        case series(Complaint)
    }

    /// The times of a series of an interval log, whose values are nanoseconds.
    /// - Parameters:
    ///   - path: as the plan writes it.
    ///   - series: a tag of the log; nil: `service`, or the only series of a log without tags.
    static func times(in path: String, series: String?, _ files: PlanFiles) throws(Problem) -> RecordedTimes {
        let bytes: [UInt8]
        do throws(Complaint) {
            bytes = try files.bytes(path, limit: mostBytes)
        } catch {
            throw .log(error)
        }
        var log = IntervalLogReader(bytes: bytes, path: path)
        let histogram = try histogram(of: series, in: &log, path)
        guard histogram.max <= Units.maximumDuration else {
            throw .log(
                Complaint(
                    .file,
                    "the file `\(path.printable)` has a time of \(Units.text(histogram.max)), and the longest of a plan is "
                        + Units.text(Units.maximumDuration), remedy: "name a log whose values are nanoseconds"))
        }
        // The middle of what the histogram cannot tell apart: no longer on average than what was measured.
        guard let times = RecordedTimes(histogram.recordedValues.lazy.map { (middle(of: $0), $0.count) }) else {
            throw .series(
                Complaint(
                    .file,
                    "the series `\((series ?? standard).printable)` of the file `\(path.printable)` has no times",
                    remedy: "name another series, or the log of a longer run"))
        }
        return times
    }

    private static func middle(of value: RecordedValue) -> Span {
        let (low, high) = (value.lowest.nanoseconds, value.highest.nanoseconds)
        return Span(nanoseconds: low + (high - low) / 2)
    }

    /// What is taken of a log when the plan does not say.
    private static let standard = "service"

    /// All intervals of the series together.
    private static func histogram(
        of series: String?, in log: inout IntervalLogReader, _ path: String
    ) throws(Problem) -> LatencyHistogram {
        let wanted = series ?? standard
        var (tagged, untagged): (LatencyHistogram?, LatencyHistogram?)
        var (tags, seen): ([String?], Set<String?>) = ([], [])
        do throws(IntervalLogError) {
            while let line = try log.next() {
                if seen.insert(line.tag).inserted { tags.append(line.tag) }
                if line.tag == wanted { try add(line, to: &tagged, &log) }
                if line.tag == nil, series == nil { try add(line, to: &untagged, &log) }
            }
        } catch {
            throw .log(complaint(error, path))
        }
        if let tagged { return tagged }
        if tags.count == 1, let untagged { return untagged }
        throw tags.isEmpty
            ? .log(complaint(ofNothingIn: path)) : .series(complaint(wanted, tags.compactMap(\.self), path))
    }

    private static func add(
        _ line: IntervalLogLine, to histogram: inout LatencyHistogram?, _ log: inout IntervalLogReader
    ) throws(IntervalLogError) {
        guard histogram != nil else {
            histogram = try log.histogram(of: line)
            return
        }
        try log.add(line, to: &histogram!)
    }

    // MARK: What is wrong with a log

    private static func complaint(_ error: IntervalLogError, _ path: String) -> Complaint {
        switch error {
        case .file(let failure):
            Complaint(.file, failure.description.printable, remedy: "check the file")
        case .line(_, let number, let text, _):
            Complaint(
                .file,
                "the file `\(path.printable)`, line \(number): `\(text.printable)` is no line of an interval log",
                remedy: "name the `intervals.hlog` of a run, or another log of HdrHistogram")
        case .histogram(_, let number, _, let error):
            Complaint(
                .file, "the file `\(path.printable)`, line \(number): \(error.description)",
                remedy: "name a log that is whole")
        }
    }

    private static func complaint(ofNothingIn path: String) -> Complaint {
        Complaint(
            .file, "the file `\(path.printable)` has no interval",
            remedy: "name the `intervals.hlog` of a run that has ended")
    }

    private static func complaint(_ series: String, _ tags: [String], _ path: String) -> Complaint {
        guard !tags.isEmpty else {
            return Complaint(
                .file,
                "the file `\(path.printable)` has no series `\(series.printable)`, because its intervals have no tags",
                remedy: "remove `series`")
        }
        let near = NearestWord.find(series, in: tags)
        let known = tags.prefix(8).map { "`\($0.printable)`" }.joined(separator: ", ")
        return Complaint(
            .file, "the file `\(path.printable)` has no series `\(series.printable)`",
            remedy: near.map { "did you mean `\($0.printable)`?" } ?? "known are \(known)")
    }
}
