import Analysis
import Core
import Engine
import Loops
import Model
import Plans
import Policies
import Recording
import Simulation

/// One run in virtual time: the plan, engine, policies and recording of any run, on a loop whose clock jumps, against the
/// plan's lab as a model. It opens no socket, and one seed gives one bundle, to the byte.
struct SimulationSession {
    let request: RunRequest
    let seed: UInt64
    private let description: LabDescription

    /// What came of it.
    struct Outcome: Sendable {
        let run: FinishedRun
        /// Attempts and health checks that the model answered, or let wait for ever.
        let received: Int
        let simulated: Span
        /// Wall time: for stderr only.
        let took: Span

        var summary: RunSummary { run.summary }
    }

    /// - Throws: `Failure` for a plan whose target is no model.
    init(_ request: RunRequest, seed: UInt64) throws(Failure) {
        self.seed = seed
        self.request = request
        guard let lab = request.plan.lab else {
            throw Self.refusal(
                "the plan has no `lab:`, and a simulation needs a model of its target: describe it there")
        }
        description = lab
        if let flaw = lab.flaw { throw Self.refusal("\(flaw)") }
        if let endpoints = request.plan.endpoints {
            guard endpoints.areAllOfLab else {
                throw Self.refusal(
                    "some of the endpoints are no services of the plan's lab, and a simulation knows no others: write "
                        + "`lab/` and a service's name")
            }
        } else if case .url(let url) = request.plan.target {
            throw Self.refusal(
                "the target \(url) is no service of the plan's lab, and a simulation knows no other: give --target "
                    + "lab/\(lab.services.first?.name ?? "NAME")")
        }
    }

    private static func refusal(_ message: String) -> Failure { Failure(status: ExitStatus.usage, message: message) }

    /// Runs the plan and writes its bundle.
    /// - Parameters:
    ///   - interrupt: told how to stop the run from another thread.
    ///   - show: prints the summary.
    /// - Throws: `Failure` when the run could not begin, or its bundle not be written.
    func run(
        in folder: String, style: LiveDisplay.Style, interrupt: (@escaping @Sendable () -> Void) -> Void = { _ in },
        show: (RunSummary) throws(Failure) -> Void
    ) throws(Failure) -> Outcome {
        let began = Machine.wallTime
        let plan = request.plan
        let loop = VirtualLoop()
        let lab = SimulatedLab(description, seed: request.labSeed ?? seed, loop: loop)
        let addresses = Dictionary(uniqueKeysWithValues: lab.listeners.map { ($0.service, "http://\($0.address)") })
        let (base, target) = try base(addresses)
        let program = LoadProgram(plan, base: base, seed: seed)
        let finder = try plan.endpoints.map { (planned) throws(Failure) in
            try EndpointFinder(planned, lab: addresses, description)
        }
        let feed = finder?.feed
        var record = record(target: target, program, feed)
        let stop = StopSwitch()
        let output = try RunOutput(record, program, plan: plan, endpoints: feed, in: folder, style: style, stop: stop)
        interrupt { loop.interrupt { stop.pull() } }
        let settings = plan.transport
        let load = LoadRun(program, on: [loop], endpoints: feed) { [seed] _ in
            SimulatedTransport(lab: lab, loop: loop, settings: settings, seed: seed)
        }
        let result = loop.run { () async -> Result<LoadRun.Result, LoadFailure> in
            let group = SleepGroup(id: .max - 1)
            do throws(LoadFailure) {
                let result = try await load.execute(
                    stop: stop,
                    begun: { origin in
                        lab.begin(at: origin)
                        finder?.follow(from: origin, on: loop, in: group)
                    }, collected: output.monitor.add)
                loop.wake(group)
                return .success(result)
            } catch {
                loop.wake(group)
                return .failure(error)
            }
        }
        switch result {
        case .failure(let error):
            output.discard()
            throw Failure(status: error.exitStatus, message: plan.secrets.mask("\(error)"))
        case .success(let result):
            if let failure = result.teardownFailure {
                Terminal.note("teardown failed: \(plan.secrets.mask(failure))")
            }
            record.finish(
                result, program: program, endpoints: feed, generator: generator(result),
                lab: LabOutcome(received: lab.received, resources: lab.resources))
            record.outcome?.abortedBy = output.monitor.abortedBy.map(plan.secrets.mask)
            record.outcome?.violations = Self.violations(
                result, isPolitic: program.isPolitic, lab, loop)
            let run = try output.finish(record, reports: request.writesReports, show: show)
            return Outcome(
                run: run, received: lab.received, simulated: result.total,
                took: Span(seconds: Machine.wallTime - began))
        }
    }

    /// The base URL of the requests, and what the report calls the target.
    private func base(_ addresses: [String: String]) throws(Failure) -> (base: String, target: String) {
        switch request.plan.target {
        case .url(let url): return (url, url)
        case .lab(let service):
            guard let url = addresses[service] ?? addresses["\(service)/0"] else {
                throw Self.refusal("the plan's lab has no service `\(service)`")
            }
            return (url, "lab/\(service)")
        }
    }

    /// What is known before the first arrival. Nothing in it depends on the machine or the day.
    private func record(target: String, _ program: LoadProgram, _ feed: EndpointFeed?) -> RunRecord {
        var request = request
        request.file = request.file.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        var record = RunRecord(
            plan: request.plan, request: request, base: target, seed: seed, started: 0, environment: nil)
        record.model = description.words
        record.listOutcomes(of: program.series)
        record.endpoints = RunRecord.records(of: feed, program)
        record.beginPolicies(of: program)
        return record
    }

    private func generator(_ result: LoadRun.Result) -> GeneratorRecord {
        GeneratorRecord(
            busiestOpen: nil, busiestClosed: nil, userSeconds: 0, systemSeconds: 0, peakResidentBytes: 0,
            longestHiccupSeconds: 0, hiccups: 0, longestTurnSeconds: 0, descriptorLimit: 0,
            peakConnections: result.totals.peakConnections, localPorts: 0, peakInFlight: result.totals.peakInFlight,
            loops: 1, clients: request.plan.client.clients)
    }

    /// What must hold at the end of every simulation beyond what holds in every run; nil when it does.
    private static func violations(
        _ result: LoadRun.Result, isPolitic: Bool, _ lab: SimulatedLab, _ loop: VirtualLoop
    ) -> [String]? {
        var found = result.contradictions(received: lab.sent, isPolitic: isPolitic)
        for (index, listener) in lab.listeners.enumerated() where lab.counts(of: index).pending < 0 {
            found.append("the model's service \(listener.service) answered more requests than it received")
        }
        loop.run {
            for _ in 0..<3 { await loop.nextTurn() }
        }
        if !loop.isIdle { found.append("something still waits on the loop after the end of the run") }
        return found.isEmpty ? nil : found
    }
}
