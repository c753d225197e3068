package import Analysis
package import Recording

/// Writes the reports of a bundle into the bundle.
package enum ReportWriter {
    /// Writes every derived file, each of them whole or not at all: a report that was there stays whole when writing its
    /// successor fails. The files that the run wrote are left alone.
    /// - Parameter summary: of that bundle; made from it unless given.
    /// - Returns: the summary that was written.
    @discardableResult
    package static func writeAll(_ bundle: Bundle, summary: RunSummary? = nil) throws(ReportError) -> RunSummary {
        let summary = summary ?? RunSummary(bundle)
        for file in BundleFile.allCases where !file.isSource {
            if file == .endpoints, summary.run.endpoints.isEmpty { continue }
            let bytes = try contents(of: file, bundle, summary)
            do throws(FileFailure) {
                try AtomicFile.write(bytes, to: file.path(in: bundle.path))
            } catch {
                throw .file(error)
            }
        }
        return summary
    }

    /// The bytes of one derived file; none for one that the run itself writes.
    package static func contents(
        of file: BundleFile, _ bundle: Bundle, _ summary: RunSummary
    ) throws(ReportError) -> [UInt8] {
        switch file {
        case .record, .intervals, .timeline, .events, .resources: []
        case .endpoints: [UInt8](EndpointReport.text(summary.run.endpoints).utf8)
        case .response: [UInt8](distribution(.response, bundle).utf8)
        case .service: [UInt8](distribution(.service, bundle).utf8)
        case .table: [UInt8](CSVReport.text(summary).utf8)
        case .summary: try JSONReport.bytes(summary)
        case .latencyChart: ChartFiles.latency(RunCharts(bundle, summary))
        case .timelineChart: ChartFiles.timeline(RunCharts(bundle, summary))
        case .report: [UInt8](MarkdownReport.text(summary).utf8)
        case .html: HTMLReport.bytes(bundle, summary)
        }
    }

    private static func distribution(_ series: SeriesName, _ bundle: Bundle) -> String {
        PercentileDistribution(of: bundle.latencies.bySeries[series.tag] ?? LatencyHistogram()).text
    }
}

/// Why a report was not written.
package enum ReportError: Error, Hashable, CustomStringConvertible {
    /// A value that JSON cannot hold.
    case unwritable(String)
    /// The system refused.
    case file(FileFailure)

    package var description: String {
        switch self {
        case .unwritable(let what): "the summary cannot be written as JSON: \(what)"
        case .file(let failure): failure.description
        }
    }
}
