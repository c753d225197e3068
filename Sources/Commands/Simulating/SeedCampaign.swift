import Analysis
import Core
import Glibc
import Plans
import Recording
import Synchronization

/// A plan, simulated once with each of many seeds: does anything break that must always hold, and how often do its budgets
/// hold?
struct SeedCampaign {
    private var request: RunRequest
    private let seeds: ClosedRange<UInt64>
    /// What a person typed, without the seeds.
    private let command: [String]

    init(_ request: RunRequest, seeds: ClosedRange<UInt64>, command: [String]) throws(Failure) {
        self.request = request
        self.request.writesReports = false
        self.seeds = seeds
        self.command = command
        _ = try SimulationSession(request, seed: seeds.lowerBound)
    }

    /// What came of one seed.
    private enum Finding: Sendable {
        case verdict(Verdict)
        /// Something broke that must always hold.
        case violation([String])
        case failure(Failure)
    }

    private struct Progress {
        var next: UInt64
        var isOver = false
        var found: [UInt64: Finding] = [:]
        var done = 0
    }

    /// What the workers share.
    private final class Board: Sendable {
        let progress: Mutex<Progress>
        let isStopped = Atomic(false)

        init(first: UInt64) { progress = Mutex(Progress(next: first)) }
    }

    /// - Returns: 70 when something broke, else as the worst verdict has it.
    func run() async throws(Failure) -> Int32 {
        let folder = try BundleFolder.temporary(for: "seeds")
        defer { rmdir(folder) }
        let board = Board(first: seeds.lowerBound)
        let signals = Signals { board.isStopped.store(true, ordering: .relaxed) }
        defer { withExtendedLifetime(signals) {} }
        // Each run has a thread of its own, and shares nothing with the others.
        await withTaskGroup { group in
            for worker in 0..<Machine.cores {
                group.addTask {
                    while !board.isStopped.load(ordering: .relaxed), let seed = take(board) {
                        note(runOnce(seed, in: "\(folder)/\(worker)"), of: seed, board)
                    }
                }
            }
        }
        return try say(board.progress.withLock { $0 }, wasStopped: board.isStopped.load(ordering: .relaxed))
    }

    /// The next seed; nil when there is none, or a smaller one has broken something.
    private func take(_ board: Board) -> UInt64? {
        board.progress.withLock { progress in
            guard !progress.isOver else { return nil }
            defer { if progress.next == seeds.upperBound { progress.isOver = true } else { progress.next += 1 } }
            return progress.next
        }
    }

    private func runOnce(_ seed: UInt64, in folder: String) -> Finding {
        defer { BundleFolder.remove(folder) }
        do throws(Failure) {
            let summary = try SimulationSession(request, seed: seed).run(in: folder, style: .quiet) { _ in }.summary
            let broken = summary.validity.reasons.filter { $0.cause == .ledger }.map(\.text)
            return broken.isEmpty ? .verdict(summary.verdict.verdict) : .violation(broken)
        } catch {
            return .failure(error)
        }
    }

    private func note(_ finding: Finding, of seed: UInt64, _ board: Board) {
        let done = board.progress.withLock { progress in
            progress.found[seed] = finding
            if case .verdict = finding {} else { progress.isOver = true }
            progress.done += 1
            return progress.done
        }
        if !request.quiet, Terminal.errorIsTerminal, done % 100 == 0 { Terminal.note("\(done) seeds") }
    }

    private func say(_ progress: Progress, wasStopped: Bool) throws(Failure) -> Int32 {
        var verdicts: [Verdict: (count: Int, first: UInt64)] = [:]
        for (seed, finding) in progress.found.sorted(by: { $0.key < $1.key }) {
            switch finding {
            case .verdict(let verdict):
                let known = verdicts[verdict]
                verdicts[verdict] = ((known?.count ?? 0) + 1, known?.first ?? seed)
            case .violation(let words):
                throw Failure(
                    status: ExitStatus.internalFault,
                    message: "seed \(seed) breaks what must always hold:\n"
                        + words.map { "  \($0)\n" }.joined() + "again: \(replay(seed))")
            case .failure(let failure):
                throw Failure(status: failure.status, message: "seed \(seed): \(failure.message)")
            }
        }
        if !request.quiet {
            let runs = progress.found.count == 1 ? "1 seed" : "\(progress.found.count) seeds"
            Terminal.print("\(request.plan.name): \(runs), all that must hold held\(wasStopped ? "; interrupted" : "")")
            for verdict in Verdict.allCases {
                guard let (count, first) = verdicts[verdict] else { continue }
                let again = verdict == .met ? "" : ", first with seed \(first): \(replay(first))"
                Terminal.print("  \(verdict.rawValue) \(count)\(again)")
            }
        }
        if wasStopped { return ExitStatus.interrupted }
        if verdicts[.broken] != nil { return ExitStatus.broken }
        return verdicts[.undecided] != nil || verdicts[.invalid] != nil ? ExitStatus.undecided : ExitStatus.met
    }

    /// The command that runs that seed again, and keeps its bundle.
    private func replay(_ seed: UInt64) -> String {
        (command + ["--seed", String(seed)]).map(ShellWord.quoted).joined(separator: " ")
    }
}
