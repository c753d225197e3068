import Analysis
import Arrivals
import Core
import Engine
import Plans
import Recording
import Reports
import Synchronization

/// What a person asked to search for.
struct SearchRequest: Sendable {
    /// The plan as `gale run` would have it; its load is replaced by each probe's.
    var run: RunRequest
    /// How arrivals fall around the rate of a probe.
    var arrivals: ArrivalProcess
    var settings: SearchSettings
    var isSimulated: Bool
    /// nil picks one from the clock, and 1 for a simulation.
    var seed: UInt64?
    /// The folder; nil makes one below `Reports`.
    var out: String?
    /// Whether the probes' bundles stay.
    var keepsBundles: Bool
    var quiet: Bool
    var json: Bool
    /// The words that make the search again, without seed.
    var command: [String]
}

/// A search from its settings to an exit status: `CapacitySearch` says which rate is tried next, and this tries it.
final class SearchSession: Sendable {
    private let request: SearchRequest
    private let seed: UInt64

    private struct Stopping {
        var isStopped = false
        var running: (@Sendable () -> Void)?
    }

    private let stopping = Mutex(Stopping())
    private static let folder = RunsFolder.Kind(noun: "search", marker: SearchReport.data, runs: "probes")

    init(_ request: SearchRequest) {
        self.request = request
        seed = request.seed ?? (request.isSimulated ? 1 : UInt64(Machine.wallTime * 1e6) % 1_000_000_000)
    }

    /// - Returns: the exit status.
    /// - Throws: `Failure` when a probe could not begin, or a file not be written.
    func run() async throws(Failure) -> Int32 {
        let started = request.isSimulated ? nil : WallClock.text(Machine.wallTime)
        let folder = try RunsFolder(path(started), Self.folder, keepsBundles: request.keepsBundles)
        let signals = Signals { self.stop() }
        defer { withExtendedLifetime(signals) {} }
        var search = CapacitySearch(request.settings)
        do throws(Failure) {
            while !isStopped, let probe = search.next() {
                if !request.quiet { Terminal.note(probe.text) }
                guard let result = try await measure(probe, in: folder) else { break }
                search.take(result)
            }
        } catch {
            folder.removeTemporary()
            folder.discard()
            throw error
        }
        folder.removeTemporary()
        let record = record(of: search, started)
        do throws(ReportError) {
            try SearchReport.write(record, in: folder.path)
        } catch {
            throw Failure(status: ExitStatus.internalFault, message: "\(error)")
        }
        try show(record, folder)
        return record.exitStatus
    }

    private func record(of search: CapacitySearch, _ started: String?) -> SearchRecord {
        let plan = request.run.plan
        let budgets = plan.budgets.filter(ProbeBudget.isJudged).map { plan.secrets.mask($0.text) }
        let target =
            switch plan.target {
            case .url(let url): plan.secrets.mask(url)
            case .lab(let service): "lab/\(service)"
            }
        return SearchRecord(
            search, gale: Version.number, name: plan.name, target: target, command: command,
            isSimulated: request.isSimulated, seed: seed, started: started, budgets: budgets,
            notes: ProbeBudget.notes(plan.budgets),
            environment: request.isSimulated
                ? nil : Machine.environment(insecure: plan.transport.tls.insecure, name: nil))
    }

    // MARK: Probes

    private var isStopped: Bool { stopping.withLock { $0.isStopped } }

    private func stop() {
        let running = stopping.withLock { state in
            state.isStopped = true
            return state.running
        }
        running?()
    }

    private func begin(_ stop: @escaping @Sendable () -> Void) {
        let isStopped = stopping.withLock { state in
            state.running = stop
            return state.isStopped
        }
        if isStopped { stop() }
    }

    /// - Returns: nil when it was interrupted.
    private func measure(_ probe: SearchProbe, in folder: RunsFolder) async throws(Failure) -> ProbeResult? {
        var run = request.run
        run.plan.load = load(of: probe)
        run.seed = probe.seed(ofSearch: seed)
        run.labSeed = probe.labSeed(ofSearch: seed)
        run.out = "\(folder.runs)/\(Self.name(of: probe))"
        run.overrides.append("--rate \(Units.text(Rate(perSecond: probe.rate)))")
        run.quiet = true
        run.json = false
        run.writesReports = request.keepsBundles
        let bundle = run.out ?? folder.runs
        defer {
            stopping.withLock { $0.running = nil }
            if !request.keepsBundles { BundleFolder.remove(bundle) }
        }
        let finished: FinishedRun
        if request.isSimulated {
            let session = try SimulationSession(run, seed: probe.seed(ofSearch: seed))
            finished = try session.run(in: bundle, style: .quiet, interrupt: begin, show: { _ in }).run
        } else {
            let sockets = OpenSockets.count
            let stop = StopSwitch()
            begin { stop.pull() }
            finished = try await RunSession(run).measure(stop)
            await OpenSockets.wait(until: sockets)
        }
        guard !isStopped else { return nil }
        var result = ProbeResult(
            probe, bundle: finished.bundle, summary: finished.summary,
            batchSeconds: request.settings.batchSeconds(of: probe.seconds))
        result.labSeed = run.labSeed ?? 0
        return result
    }

    private func load(of probe: SearchProbe) -> [LoadPhase] {
        let curve = RateCurve.constant(Rate(perSecond: probe.rate))
        func phase(_ seconds: Double, warmUp: Bool) -> LoadPhase {
            LoadPhase(.open(curve, arrivals: request.arrivals, for: Span(seconds: seconds)), warmUp: warmUp)
        }
        let measured = phase(probe.seconds, warmUp: false)
        let warmUp = request.settings.warmUpSeconds(of: probe)
        return warmUp > 0 ? [phase(warmUp, warmUp: true), measured] : [measured]
    }

    /// `07-confirm-450`
    private static func name(of probe: SearchProbe) -> String {
        let number = probe.number < 10 ? "0\(probe.number)" : "\(probe.number)"
        return "\(number)-\(probe.purpose.rawValue)-\(probe.rate.trimmed(3))"
    }

    // MARK: Output

    private var command: String {
        (request.command + ["--seed", String(seed)]).map(ShellWord.quoted).joined(separator: " ")
    }

    /// `Reports/checkout/search-2026-01-31T12-00-00Z-42`, `Reports/checkout/search-simulated-1`
    private func path(_ started: String?) -> String {
        let label = started.map { $0.prefix(19).map { $0 == ":" ? "-" : String($0) }.joined() + "Z" } ?? "simulated"
        return request.out ?? RunOutput.folder(for: request.run.plan.name, named: "search-\(label)", seed: seed)
    }

    private func show(_ record: SearchRecord, _ folder: RunsFolder) throws(Failure) {
        if request.json {
            do throws(ReportError) {
                Terminal.print(String(decoding: try SearchReport.json(record), as: UTF8.self))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        } else if !request.quiet {
            let colour = Terminal.wantsColour(Terminal.outputIsTerminal)
            Terminal.print(
                SearchReport.terminal(record, colour: colour, path: "\(folder.path)/\(SearchReport.report)"))
        }
    }
}
