import Analysis
import Core
import Engine
import Plans
import Recording
import Reports

/// A run that is over: its bundle as it was read from the disk, and what it says.
struct FinishedRun: Sendable {
    let bundle: Bundle
    let summary: RunSummary
}

/// The bundle of a run on its way: begun before the first arrival, filled second by second, finished with its reports.
struct RunOutput {
    let folder: String
    let monitor: RunMonitor

    /// Writes what is known before the first arrival.
    /// - Parameter stop: pulled when a budget of the plan stops the run.
    /// - Throws: `Failure` when the folder cannot be had.
    init(
        _ record: RunRecord, _ program: LoadProgram, plan: Plan, endpoints: EndpointFeed?, in folder: String,
        style: LiveDisplay.Style, stop: StopSwitch
    ) throws(Failure) {
        self.folder = folder
        let writer: BundleWriter
        do throws(BundleFailure) {
            writer = try BundleWriter(folder: folder, record: record, table: program.series)
        } catch {
            let status = error.isWrongFolder ? ExitStatus.usage : ExitStatus.internalFault
            throw Failure(status: status, message: "\(error)")
        }
        monitor = RunMonitor(
            writer: writer,
            display: LiveDisplay(style: style, record: record, counts: plan.load.map(\.count), table: program.series),
            endpoints: endpoints, alone: program.measuresEndpoints ? ["target"] : [],
            abort: AbortWatch(plan.budgets, of: record), table: program.series, stop: stop)
    }

    /// Removes what was written: nothing was measured, and half a bundle would say that the run was killed.
    func discard() { BundleFolder.remove(folder) }

    /// Writes the record and, unless they are not wanted, every report.
    /// - Parameter show: prints what came of the run; called also when a file could not be written.
    /// - Throws: `Failure` when the bundle is not whole.
    func finish(
        _ record: RunRecord, reports: Bool, show: (RunSummary) throws(Failure) -> Void
    ) throws(Failure) -> FinishedRun {
        var failures: [String] = monitor.failure.map { ["\($0)"] } ?? []
        if let resources = record.resources {
            do throws(FileFailure) {
                try AtomicFile.write(
                    [UInt8](ResourceRows.text(resources).utf8), to: BundleFile.resources.path(in: folder))
            } catch {
                failures.append("\(error)")
            }
        }
        do throws(BundleFailure) { try monitor.finish(record.withoutSeconds) } catch { failures.append("\(error)") }
        let bundle: Bundle
        do throws(BundleError) {
            bundle = try Bundle.open(folder)
        } catch {
            throw Failure(
                status: ExitStatus.internalFault,
                message: (failures + ["\(error)", record.shortText]).joined(separator: "\n"))
        }
        let summary = RunSummary(bundle)
        if reports {
            do throws(ReportError) { try ReportWriter.writeAll(bundle, summary: summary) } catch {
                failures.append("\(error)")
            }
        }
        try show(summary)
        guard failures.isEmpty else {
            throw Failure(
                status: ExitStatus.internalFault,
                message: (failures + [
                    "the bundle is not whole; the run itself:", TerminalReport.text(summary, colour: false),
                ])
                .joined(separator: "\n"))
        }
        return FinishedRun(bundle: bundle, summary: summary)
    }

    /// `Reports/checkout/2026-01-31T12-00-00Z-42`
    static func folder(for plan: String, named label: String, seed: UInt64) -> String {
        let safe = plan.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        let name = String(safe.drop { $0 == "." })
        return "Reports/\(name.isEmpty ? "plan" : name)/\(label)-\(seed)"
    }
}
