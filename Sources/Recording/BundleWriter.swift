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
    private var events: EventWriter

    /// Creates the folder, or takes over the one of an older bundle, and writes what is known at the start.
    ///
    /// The files of an older bundle are replaced once all new ones are there: whatever fails before, it stays whole.
    /// - Throws: `BundleFailure.notABundle` for a folder that holds anything else; what is in it stays as it is.
    package init(folder: String, record: RunRecord, table: SeriesTable) throws(BundleFailure) {
        let bytes = try Self.encode(record)
        var staged: [StagedFile] = []
        do throws(BundleFailure) {
            let older = try Self.claim(folder)
            do throws(FileFailure) {
                let written = WritableFile(
                    owning: try Self.stage(.record, in: folder, &staged), path: BundleFile.record.path(in: folder))
                try written.write(bytes)
                try written.sync()
                var log = IntervalLogWriter(
                    owning: try Self.stage(.intervals, in: folder, &staged),
                    path: BundleFile.intervals.path(in: folder))
                try log.writeHeader(
                    startEpoch: record.startedEpoch, started: record.started,
                    comments: ["Gale \(record.gale): \(record.name)"])
                let timeline = WritableFile(
                    owning: try Self.stage(.timeline, in: folder, &staged), path: BundleFile.timeline.path(in: folder))
                try timeline.write(Array((TimelineRow.header + "\n").utf8))
                try Self.replace(older, by: staged, in: folder)
                self.init(folder: folder, table: table, log: log, timeline: timeline)
            } catch {
                throw .file(error)
            }
        } catch {
            for file in staged { file.remove() }
            throw error
        }
    }

    private init(folder: String, table: SeriesTable, log: consuming IntervalLogWriter, timeline: consuming WritableFile)
    {
        self.folder = folder
        self.table = table
        self.log = log
        self.timeline = timeline
        events = EventWriter(path: BundleFile.events.path(in: folder))
    }

    /// Makes a file that is appended to, so that a line cut back after a failed write leaves no hole.
    private static func stage(
        _ file: BundleFile, in folder: String, _ staged: inout [StagedFile]
    ) throws(FileFailure) -> Int32 {
        let (made, descriptor) = try StagedFile.make(for: file.path(in: folder))
        staged.append(made)
        _ = fcntl(descriptor, F_SETFL, O_APPEND)
        return descriptor
    }

    /// Puts the new files in the places of the older bundle's and takes away what was derived from those, and what the
    /// new run may never write.
    private static func replace(
        _ older: [BundleFile], by staged: [StagedFile], in folder: String
    ) throws(FileFailure) {
        for file in staged { try file.check() }
        for file in staged { try file.takeName() }
        for file in older where !file.isSource || file.isOptional { unlink(file.path(in: folder)) }
        try AtomicFile.syncFolder(of: BundleFile.record.path(in: folder))
    }

    /// Adds one second of all clients.
    /// - Parameters:
    ///   - response: of all steps together; `service` likewise.
    ///   - endpoints: the address of each place, as many as there were places until now; empty for a plan without
    ///     endpoints, of which nothing is written by endpoint.
    package mutating func append(
        start: Span, length: Span, _ counts: Interval, response: LatencyHistogram, service: LatencyHistogram,
        endpoints: [String] = []
    ) throws(FileFailure) {
        try log.append(.response, start: start, length: length, response)
        try log.append(.service, start: start, length: length, service)
        for (name, histogram) in zip(table.names, counts.histograms) where !histogram.isEmpty {
            try log.append(name, start: start, length: length, histogram)
        }
        for (address, endpoint) in zip(endpoints, counts.endpoints) where !endpoint.service.isEmpty {
            try log.append(.endpoint(address: address), start: start, length: length, endpoint.service)
        }
        try events.append(counts.events)
        var text = ""
        for row in rows(start, length, counts, response, hasEndpoints: !endpoints.isEmpty) { text += row.line + "\n" }
        try timeline.write(Array(text.utf8))
    }

    /// Replaces the record.
    package func finish(_ record: RunRecord) throws(BundleFailure) {
        let bytes = try Self.encode(record)
        do throws(FileFailure) {
            try AtomicFile.write(bytes, to: BundleFile.record.path(in: folder))
        } catch {
            throw .file(error)
        }
    }

    private func rows(
        _ start: Span, _ length: Span, _ counts: Interval, _ response: LatencyHistogram, hasEndpoints: Bool
    ) -> [TimelineRow] {
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
        run.count(counts.checks)
        run.counters = table.sums(of: counts.counters)
        run.policies = counts.policies
        run.retryBudgetLeft = counts.retryBudgetLeft
        if hasEndpoints {
            let members = counts.endpoints.filter(\.isMember)
            run.endpoints = members.count
            run.endpointsAvailable = members.count(where: \.isAvailable)
        }
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
        warmUp.retryBudgetLeft = run.retryBudgetLeft
        warmUp.endpoints = run.endpoints
        warmUp.endpointsAvailable = run.endpointsAvailable
        let isOfRun =
            counts.ledger != Ledger() || !run.checks.isEmpty || !run.counters.isEmpty || !run.policies.isEmpty
        return isOfRun ? [warmUp, run] : [warmUp]
    }

    private static func encode(_ record: RunRecord) throws(BundleFailure) -> [UInt8] {
        do throws(RunRecordError) { return try record.encoded() } catch { throw .record("\(error)") }
    }

    /// Makes the folder, or looks whether the one that is there may be taken over.
    /// - Returns: the files of the older bundle in it.
    private static func claim(_ folder: String) throws(BundleFailure) -> [BundleFile] {
        if AtomicFile.isForeignLink(folder) { throw .foreignLink(folder) }
        let names: [String]
        do throws(FileFailure) {
            try AtomicFile.createFolder(folder)
            names = try entries(of: folder)
        } catch {
            throw .file(error)
        }
        if !names.isEmpty, !names.contains(BundleFile.record.rawValue) { throw .notABundle(folder) }
        return names.compactMap(BundleFile.init(rawValue:))
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
    /// A symbolic link that another user made.
    case foreignLink(String)
    case file(FileFailure)
    case record(String)

    /// True when another folder should be named, because what was named is none or belongs to something else; false when
    /// the disk, or Gale itself, failed.
    package var isWrongFolder: Bool {
        switch self {
        case .notABundle, .foreignLink: true
        case .file(let failure):
            failure.operation == .createFolder
                && [ENOTDIR, EEXIST, ENAMETOOLONG, ELOOP, EINVAL, EACCES, EPERM, EROFS, ENOENT].contains(failure.code)
        case .record: false
        }
    }

    package var description: String {
        switch self {
        case .notABundle(let folder):
            "\(folder): the folder is not empty and is no bundle (it has no run.json); name a new folder with --out"
        case .foreignLink(let folder):
            "\(folder): a symbolic link that another user made, which may lead anywhere; name the folder itself with --out"
        case .file(let failure): "\(failure)"
        case .record(let text): "run.json: \(text)"
        }
    }
}
