import Analysis
import Core
import Engine
import Recording
import Synchronization

/// One trial to run: which variant, which pair.
struct TrialPlace: Hashable, Sendable {
    var pair: Int
    var variant: Int
}

/// What came of a trial.
struct TrialResult: Sendable {
    var trial: TrialComparison.Trial
    /// Why it is in no figure; nil for one that is.
    var reason: String?
    var isInterrupted = false
}

/// Runs trials, over a network or in virtual time, until somebody stops them.
final class TrialRunner: Sendable {
    private let request: CompareRequest
    private let schedule: TrialSchedule
    /// Where the bundles go: a folder for each trial.
    private let folder: String

    private struct Stopping {
        var isStopped = false
        var running: [TrialPlace: @Sendable () -> Void] = [:]
    }

    private let stopping = Mutex(Stopping())

    init(_ request: CompareRequest, _ schedule: TrialSchedule, in folder: String) {
        self.request = request
        self.schedule = schedule
        self.folder = folder
    }

    var isStopped: Bool { stopping.withLock { $0.isStopped } }

    /// Ends the trials that are under way, and begins no more; from any thread.
    func stop() {
        let running = stopping.withLock { state in
            state.isStopped = true
            return Array(state.running.values)
        }
        for stop in running { stop() }
    }

    private func begin(_ place: TrialPlace, _ stop: @escaping @Sendable () -> Void) {
        let isStopped = stopping.withLock { state in
            state.running[place] = stop
            return state.isStopped
        }
        if isStopped { stop() }
    }

    private func end(_ place: TrialPlace) { stopping.withLock { $0.running[place] = nil } }

    /// The folder of a trial's bundle: `trials/base-3`.
    func bundle(of place: TrialPlace) -> String { "\(folder)/\(request.variants[place.variant].name)-\(place.pair)" }

    /// Removes the bundle of a trial, which nobody wants to keep.
    func discard(_ place: TrialPlace) {
        if !request.keepsBundles { BundleFolder.remove(bundle(of: place)) }
    }

    private func trialRequest(_ place: TrialPlace, attempt: Int) -> RunRequest {
        var trial = request.variants[place.variant].request
        trial.seed = schedule.seed(ofPair: place.pair)
        trial.labSeed = schedule.labSeed(ofPair: place.pair, variant: place.variant, attempt: attempt)
        trial.out = bundle(of: place)
        trial.quiet = true
        trial.json = false
        trial.writesReports = request.keepsBundles
        return trial
    }

    // MARK: In virtual time

    /// The place that a worker takes next.
    private final class Queue: Sendable {
        let next = Atomic(0)
    }

    /// Each has a thread of its own and shares nothing with the others: their order does not matter, and their results come in
    /// that of the places.
    func simulate(_ places: [TrialPlace]) async throws(Failure) -> [TrialResult] {
        let queue = Queue()
        let results = await withTaskGroup(of: [(Int, Result<TrialResult, Failure>)].self) { group in
            for _ in 0..<min(places.count, Machine.cores) {
                group.addTask { [self] in
                    var found: [(Int, Result<TrialResult, Failure>)] = []
                    while !isStopped {
                        let index = queue.next.wrappingAdd(1, ordering: .relaxed).oldValue
                        guard index < places.count else { break }
                        found.append((index, simulate(places[index])))
                    }
                    return found
                }
            }
            var all: [(Int, Result<TrialResult, Failure>)] = []
            for await found in group { all += found }
            return all.sorted { $0.0 < $1.0 }
        }
        var found: [TrialResult] = []
        for (_, result) in results { found.append(try result.get()) }
        return found
    }

    private func simulate(_ place: TrialPlace) -> Result<TrialResult, Failure> {
        let trial = trialRequest(place, attempt: 1)
        defer {
            end(place)
            discard(place)
        }
        do throws(Failure) {
            let session = try SimulationSession(trial, seed: schedule.seed(ofPair: place.pair))
            let outcome = try session.run(
                in: bundle(of: place), style: .quiet, interrupt: { begin(place, $0) }, show: { _ in })
            let broken = outcome.summary.validity.reasons.filter { $0.cause == .ledger }
            guard broken.isEmpty else {
                throw Failure(status: ExitStatus.internalFault, message: broken.map(\.text).joined(separator: "\n"))
            }
            return .success(result(outcome.summary, trial, place, attempt: 1))
        } catch {
            return .failure(named(error, place))
        }
    }

    // MARK: Over a network

    /// One after the other, in that order. An invalid one runs once more.
    /// - Parameter note: told what is about to run.
    func measure(_ places: [TrialPlace], note: (String) -> Void) async throws(Failure) -> [TrialResult] {
        var found: [TrialResult] = []
        let sockets = OpenSockets.count
        for place in places where !isStopped {
            let name = request.variants[place.variant].name
            note("pair \(place.pair): \(name)")
            var result = try await measure(place, attempt: 1)
            if result.reason != nil, !result.isInterrupted, !isStopped {
                note("pair \(place.pair): \(name) once more, it was invalid")
                await OpenSockets.wait(until: sockets)
                let first = result
                result = try await measure(place, attempt: 2)
                // Interrupted while it was repeated: the first is all there is of it.
                if result.isInterrupted { result = first }
            }
            found.append(result)
            await OpenSockets.wait(until: sockets)
        }
        return found
    }

    private func measure(_ place: TrialPlace, attempt: Int) async throws(Failure) -> TrialResult {
        let trial = trialRequest(place, attempt: attempt)
        let stop = StopSwitch()
        begin(place) { stop.pull() }
        defer {
            end(place)
            discard(place)
        }
        do throws(Failure) {
            let summary = try await RunSession(trial).measure(stop).summary
            return result(summary, trial, place, attempt: attempt)
        } catch {
            throw named(error, place)
        }
    }

    private func result(
        _ summary: RunSummary, _ trial: RunRequest, _ place: TrialPlace, attempt: Int
    ) -> TrialResult {
        let isInterrupted = summary.run.state != .finished
        let reason = summary.validity.reasons.first?.text
        return TrialResult(
            trial: TrialComparison.Trial(
                pair: place.pair, seed: trial.seed ?? 0, labSeed: trial.labSeed ?? 0, isValid: reason == nil,
                isRepeated: attempt > 1, figures: TrialFigures(summary)),
            reason: reason, isInterrupted: isInterrupted)
    }

    private func named(_ failure: Failure, _ place: TrialPlace) -> Failure {
        let name = request.variants[place.variant].name
        return Failure(status: failure.status, message: "pair \(place.pair), \(name): \(failure.message)")
    }
}
