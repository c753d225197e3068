package import Core
import Glibc

/// Writes a bundle while its run goes on: the record at the start, then each second a few lines of log and timeline, at
/// the end the record again, complete. A run that is killed loses at most the last second.
package struct BundleWriter: ~Copyable, Sendable {
    /// The bundle's folder.
    package let folder: String
    private let table: SeriesTable
    private var log: IntervalLogWriter
    private let timeline: WritableFile

    /// Creates the folder, or takes over the one of an older bundle, and writes what is known at the start.
    /// - Throws: `BundleFailure.notABundle` for a folder that holds anything else; what is in it stays as it is.
    package init(folder: String, record: RunRecord, table: SeriesTable) throws(BundleFailure) {
        try Self.claim(folder)
        try Self.write(record, in: folder)
        let log = try Self.makeLog(record, in: folder)
        let timeline = try Self.makeTimeline(in: folder)
        self.init(folder: folder, table: table, log: log, timeline: timeline)
    }

    private init(folder: String, table: SeriesTable, log: consuming IntervalLogWriter, timeline: consuming WritableFile)
    {
        self.folder = folder
        self.table = table
        self.log = log
        self.timeline = timeline
    }

    private static func makeLog(_ record: RunRecord, in folder: String) throws(BundleFailure) -> IntervalLogWriter {
        do throws(FileFailure) {
            var log = try IntervalLogWriter(creating: BundleFile.intervals.path(in: folder))
            try log.writeHeader(
                startEpoch: record.startedEpoch, started: record.started,
                comments: ["Gale \(record.gale): \(record.name)"])
            return log
        } catch {
            throw .file(error)
        }
    }

    private static func makeTimeline(in folder: String) throws(BundleFailure) -> WritableFile {
        let path = BundleFile.timeline.path(in: folder)
        do throws(FileFailure) {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileFailure(.open, path, code: errno) }
            let timeline = WritableFile(owning: descriptor, path: path)
            try timeline.write(Array((TimelineRow.header + "\n").utf8))
            return timeline
        } catch {
            throw .file(error)
        }
    }

    /// Adds one second of all clients.
    /// - Parameters:
    ///   - response: of all steps together; `service` likewise.
    package mutating func append(
        start: Span, length: Span, _ counts: Interval, response: LatencyHistogram, service: LatencyHistogram
    ) throws(FileFailure) {
        try log.append(.response, start: start, length: length, response)
        try log.append(.service, start: start, length: length, service)
        for (name, histogram) in zip(table.names, counts.histograms) where !histogram.isEmpty {
            try log.append(name, start: start, length: length, histogram)
        }
        var text = ""
        for row in rows(start, length, counts, response) { text += row.line + "\n" }
        try timeline.write(Array(text.utf8))
    }

    /// Replaces the record.
    package func finish(_ record: RunRecord) throws(BundleFailure) {
        try Self.write(record, in: folder)
    }

    private func rows(_ start: Span, _ length: Span, _ counts: Interval, _ response: LatencyHistogram) -> [TimelineRow]
    {
        var run = TimelineRow(time: start.seconds, length: length.seconds, phase: counts.phase)
        run.ledger = counts.ledger
        run.inFlight = counts.inFlight
        run.connections = counts.connections
        if !response.isEmpty {
            let values = response.values(atPercentiles: [50, 99])
            (run.responseP50, run.responseP99) = (values[0], values[1])
        }
        let lag = counts.histograms[table.sendLag]
        run.sendLagP99 = lag.isEmpty ? nil : lag.value(atPercentile: 99)
        run.busiestLoop = counts.loopShare
        for step in counts.steps { run.count(step) }
        guard counts.warmUp != Ledger() else { return [run] }

        var warmUp = TimelineRow(time: run.time, length: run.length, kind: .warmUp, phase: counts.phase)
        warmUp.ledger = counts.warmUp
        warmUp.inFlight = run.inFlight
        warmUp.connections = run.connections
        warmUp.busiestLoop = run.busiestLoop
        let warm = counts.histograms[table.warmUpResponse]
        if !warm.isEmpty {
            let values = warm.values(atPercentiles: [50, 99])
            (warmUp.responseP50, warmUp.responseP99) = (values[0], values[1])
        }
        warmUp.count(counts.warmUpCounts)
        return counts.ledger == Ledger() ? [warmUp] : [warmUp, run]
    }

    private static func write(_ record: RunRecord, in folder: String) throws(BundleFailure) {
        let bytes: [UInt8]
        do throws(RunRecordError) { bytes = try record.encoded() } catch { throw .record("\(error)") }
        do throws(FileFailure) {
            try AtomicFile.write(bytes, to: BundleFile.record.path(in: folder))
        } catch {
            throw .file(error)
        }
    }

    /// An older bundle is replaced; any other folder with something in it is left alone.
    private static func claim(_ folder: String) throws(BundleFailure) {
        let names: [String]
        do throws(FileFailure) {
            try AtomicFile.createFolder(folder)
            names = try entries(of: folder)
        } catch {
            throw .file(error)
        }
        if !names.isEmpty, !names.contains(BundleFile.record.rawValue) { throw .notABundle(folder) }
        for name in names where BundleFile(rawValue: name) != nil { unlink(folder + "/" + name) }
    }

    private static func entries(of folder: String) throws(FileFailure) -> [String] {
        guard let directory = opendir(folder) else { throw FileFailure(.open, folder, code: errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

/// Why a bundle cannot be written.
package enum BundleFailure: Error, Sendable, CustomStringConvertible {
    case notABundle(String)
    case file(FileFailure)
    case record(String)

    package var description: String {
        switch self {
        case .notABundle(let folder):
            "\(folder): the folder is not empty and is no bundle (it has no run.json); name a new folder with --out"
        case .file(let failure): "\(failure)"
        case .record(let text): "run.json: \(text)"
        }
    }
}
