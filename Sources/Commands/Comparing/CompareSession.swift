import Analysis
import Arrivals
import Core
import Glibc
import Plans
import Recording
import Reports

/// A comparison from its variants to an exit status.
struct CompareSession {
    private let request: CompareRequest
    private let seed: UInt64
    private let schedule: TrialSchedule
    private static let folder = RunsFolder.Kind(noun: "comparison", marker: ComparisonFiles.data, runs: "trials")

    init(_ request: CompareRequest) {
        self.request = request
        seed = request.seed ?? (request.isSimulated ? 1 : UInt64(Machine.wallTime * 1e6) % 1_000_000_000)
        schedule = TrialSchedule(seed: seed, variants: request.variants.map(\.name))
    }

    /// - Returns: the exit status.
    /// - Throws: `Failure` when a trial could not begin, or a file not be written.
    func run() async throws(Failure) -> Int32 {
        if request.isSimulated {
            for variant in request.variants { _ = try SimulationSession(variant.request, seed: seed) }
        }
        let started = request.isSimulated ? nil : WallClock.text(Machine.wallTime)
        let folder = try RunsFolder(path(started), Self.folder, keepsBundles: request.keepsBundles)
        let runner = TrialRunner(request, schedule, in: folder.runs)
        let signals = Signals { runner.stop() }
        defer { withExtendedLifetime(signals) {} }
        var comparison = empty(started)
        do throws(Failure) {
            try await fill(&comparison, runner)
        } catch {
            folder.discard()
            throw error
        }
        folder.removeTemporary()
        comparison.isInterrupted = runner.isStopped
        comparison.judge()
        do throws(ReportError) {
            try ComparisonFiles.write(comparison, in: folder.path)
        } catch {
            throw Failure(status: ExitStatus.internalFault, message: "\(error)")
        }
        try show(comparison, folder)
        return comparison.exitStatus
    }

    /// Runs the trials, look by look.
    private func fill(_ comparison: inout TrialComparison, _ runner: TrialRunner) async throws(Failure) {
        var done = 0
        for look in request.looks where !runner.isStopped {
            let places = ((done + 1)...look).flatMap { pair in
                schedule.order(ofPair: pair).map { TrialPlace(pair: pair, variant: $0) }
            }
            let results =
                request.isSimulated
                ? try await runner.simulate(places)
                : try await runner.measure(places) { text in
                    if !request.quiet { Terminal.note("\(text) (of \(look) pairs)") }
                }
            for (place, result) in zip(places, results) where !result.isInterrupted {
                comparison.add(result.trial, ofVariant: place.variant)
                if let reason = result.reason {
                    comparison.leftOut.append(
                        TrialComparison.LeftOut(
                            pair: place.pair, variant: request.variants[place.variant].name, reason: reason))
                }
            }
            done = look
            comparison.judge()
            if comparison.isSure { break }
        }
    }

    private func empty(_ started: String?) -> TrialComparison {
        var comparison = TrialComparison(
            gale: Version.number, name: request.name, command: command, isSimulated: request.isSimulated, seed: seed,
            started: started,
            method: TrialComparison.Method(
                delta: request.delta, alpha: request.looks.count > 1 ? Looks.alpha : 0.05, looks: request.looks),
            variants: request.variants.map { variant in
                TrialComparison.Variant(
                    name: variant.name, text: variant.text, planHash: String(variant.request.plan.hash, radix: 16))
            },
            environment: request.isSimulated ? nil : Machine.environment(insecure: isInsecure, name: nil))
        let loads = request.variants.map { $0.request.plan.load.map { LoadPhase($0.shape).text } }
        if Set(loads).count > 1 {
            comparison.notes.append(
                "The variants have different loads, so their arrivals are not the same: what differs is load and variant "
                    + "together.")
        }
        if loads.joined().isEmpty == false,
            request.variants.contains(where: { $0.request.plan.load.contains { !$0.isOpen } })
        {
            comparison.notes.append(
                "Closed phases send less when the target is slower, so their latencies are of different loads; an open load "
                    + "would be the same for all.")
        }
        return comparison
    }

    private var isInsecure: Bool { request.variants.contains { $0.request.plan.transport.tls.insecure } }

    private var command: String {
        (request.command + ["--seed", String(seed)]).map(ShellWord.quoted).joined(separator: " ")
    }

    /// `Reports/checkout/compare-2026-01-31T12-00-00Z-42`, `Reports/checkout/compare-simulated-1`
    private func path(_ started: String?) -> String {
        let label = started.map { $0.prefix(19).map { $0 == ":" ? "-" : String($0) }.joined() + "Z" } ?? "simulated"
        return request.out ?? RunOutput.folder(for: request.name, named: "compare-\(label)", seed: seed)
    }

    private func show(_ comparison: TrialComparison, _ folder: RunsFolder) throws(Failure) {
        if request.json {
            do throws(ReportError) {
                Terminal.print(String(decoding: try ComparisonFiles.json(comparison), as: UTF8.self))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        } else if !request.quiet {
            let colour = Terminal.wantsColour(Terminal.outputIsTerminal)
            let path = "\(folder.path)/\(ComparisonFiles.report)"
            Terminal.print(TerminalComparison.text(comparison, colour: colour, path: path))
        }
    }
}
