import Analysis
import Arrivals
import Core
import Engine
import Glibc
import Loops
import Plans
import Policies
import Recording
import Reports
import Transport

/// What a person asked to run, and how they want to hear of it.
struct RunRequest: Sendable {
    var plan: Plan
    /// The plan's file, when there is one, and its text.
    var file: String?
    var text: String
    var overrides: [String]
    /// The texts of `--set`.
    var settings: [String] = []
    /// What the command line laid over the plan, in its words: the lab reads the plan, too.
    var changes: [String] = []
    /// nil picks one from the clock.
    var seed: UInt64?
    /// Of the lab alone, for a trial of a comparison; nil takes the run's.
    var labSeed: UInt64?
    /// The bundle's folder; nil makes `Reports/<plan>/<start>-<seed>`.
    var out: String?
    var quiet = false
    var json = false
    /// Whether the bundle gets its reports, which nobody reads of a bundle that goes at once.
    var writesReports = true
    /// What is written for a CI job.
    var ci = CIOutputs()
}

/// One run from a plan to an exit status: lab, loops, load, bundle, reports.
struct RunSession {
    private let request: RunRequest
    private let seed: UInt64
    private let descriptorLimit: Int
    /// CPU time of the process before the run, which may not be its first.
    private let before = Machine.usage

    init(_ request: RunRequest) {
        self.request = request
        seed = request.seed ?? UInt64(Machine.wallTime * 1e6) % 1_000_000_000
        descriptorLimit = Machine.raiseDescriptorLimit()
    }

    /// - Returns: the exit status.
    /// - Throws: `Failure` when the run could not begin.
    func run() async throws(Failure) -> Int32 {
        let stop = StopSwitch()
        let signals = Signals { stop.pull() }
        defer { withExtendedLifetime(signals) {} }
        let summary = try await measure(stop).summary
        // Who asked for quiet hears of errors, and a run that says nothing about its target is one.
        if request.quiet, !request.json, !summary.validity.isValid {
            Terminal.note(([summary.verdict.sentence] + summary.validity.reasons.map(\.text)).joined(separator: "\n"))
        }
        try request.ci.deliver([summary])
        return summary.verdict.exitStatus
    }

    /// The same, with signals left to the caller.
    /// - Throws: `Failure` when the run could not begin.
    func measure(_ stop: StopSwitch) async throws(Failure) -> FinishedRun {
        do throws(CurlFailure) {
            try CurlLibrary.start()
        } catch {
            throw Failure(status: ExitStatus.internalFault, message: "\(error)")
        }
        let (base, lab) = try target()
        do throws(Failure) {
            return try await run(against: base, lab, stop)
        } catch {
            _ = lab?.stop()
            throw error
        }
    }

    /// The base URL, and the lab when the plan's load goes to it.
    private func target() throws(Failure) -> (String, LabProcess?) {
        switch request.plan.target {
        case .url(let url) where request.plan.endpoints?.areOfLab != true: return (url, nil)
        case .url(let url): return (url, try startLab())
        case .lab(let service):
            let lab = try startLab()
            // Of a service that listens each, the first; the calls go to the endpoints.
            guard let url = lab.addresses[service] ?? lab.addresses["\(service)/0"] else {
                _ = lab.stop()
                throw Failure(status: ExitStatus.usage, message: "the plan's lab has no service `\(service)`")
            }
            return (url, lab)
        }
    }

    private func startLab() throws(Failure) -> LabProcess {
        guard let file = request.file else {
            throw Failure(status: ExitStatus.usage, message: "a lab needs a plan that describes it")
        }
        return try LabProcess(plan: file, changes: request.changes, seed: request.labSeed ?? seed)
    }

    private func run(against base: String, _ lab: LabProcess?, _ stop: StopSwitch) async throws(Failure) -> FinishedRun
    {
        let plan = request.plan
        let program = LoadProgram(plan, base: base, seed: seed)
        let finder = try plan.endpoints.map { (planned) throws(Failure) in
            try EndpointFinder(planned, lab: lab?.addresses ?? [:], lab == nil ? nil : plan.lab)
        }
        // With endpoints the target's name is a name alone.
        let name = finder == nil ? ResolvedName.of(url: base) : nil
        if let name { try guardHost(name) }
        for endpoint in finder?.feed.endpoints ?? [] { try guardHost(endpoint) }
        let started = Machine.wallTime
        let environment = Machine.environment(insecure: plan.transport.tls.insecure, name: name)
        var record = RunRecord(
            plan: plan, request: request, base: base, seed: seed, started: started, environment: environment)
        record.listOutcomes(of: program.series)
        record.endpoints = RunRecord.records(of: finder?.feed, program)
        record.beginPolicies(of: program)
        let label = record.started.prefix(19).map { $0 == ":" ? "-" : String($0) }.joined() + "Z"
        let output = try RunOutput(
            record, program, plan: plan, endpoints: finder?.feed,
            in: request.out ?? RunOutput.folder(for: plan.name, named: label, seed: seed), style: style,
            stop: stop)
        let loops = try startLoops(min(plan.client.clients, environment.cores))
        let hiccups = HiccupMeter()
        hiccups.start()
        let settings = plan.transport
        let load = LoadRun(program, on: loops, endpoints: finder?.feed) { [seed] loop in
            // Every loop of a real run is one that `startLoops` made.
            CurlTransport(loop: loop as! EpollLoop, settings: settings, resolved: name?.forTransport, seed: seed)
        }
        finder?.watch()
        defer { finder?.stop() }
        let result: LoadRun.Result
        do throws(LoadFailure) {
            result = try await load.execute(
                stop: stop, wallTime: Int64(Machine.wallTime * 1e9),
                begun: { origin in
                    lab?.begin(at: origin)
                    finder?.follow(from: origin, on: loops[0], in: SleepGroup(id: .max - 1))
                },
                collected: output.monitor.add)
        } catch {
            for loop in loops { loop.stop() }
            output.discard()
            throw Failure(status: error.exitStatus, message: plan.secrets.mask("\(error)"))
        }
        if let failure = result.teardownFailure {
            Terminal.note("teardown failed: \(plan.secrets.mask(failure))")
        }
        if result.dataEnded, !request.quiet {
            Terminal.note("the data came to their end, and the load ended with them")
        }
        hiccups.stop()
        for loop in loops { loop.stop() }
        record.finish(
            result, program: program, endpoints: finder?.feed,
            generator: generator(result, hiccups: hiccups.result, loops: loops.count), lab: lab?.stop() ?? LabOutcome())
        record.outcome?.abortedBy = output.monitor.abortedBy.map(plan.secrets.mask)
        return try output.finish(record, reports: request.writesReports) { (summary) throws(Failure) in
            try Self.show(summary, json: request.json, quiet: request.quiet, folder: output.folder)
        }
    }

    /// Refuses load on a public host that nobody has named. The transport looks at every connection once more.
    private func guardHost(_ name: ResolvedName) throws(Failure) {
        let hosts = request.plan.transport.hosts
        let strangers = name.addresses.compactMap { IPAddress($0) }.filter {
            !hosts.allows(host: name.host, address: $0)
        }
        guard !name.addresses.isEmpty, strangers.count == name.addresses.count else { return }
        throw Failure(
            status: ExitStatus.usage,
            message:
                "the target `\(name.host)` is a public address (\(strangers[0])), and nobody has named it: write it "
                + "under `allow-hosts:` in the plan, or give --allow-host \(name.host)")
    }

    /// Refuses an endpoint at a public address that nobody has named.
    private func guardHost(_ endpoint: Endpoint) throws(Failure) {
        guard let address = IPAddress(endpoint.host),
            !request.plan.transport.hosts.allows(host: endpoint.hostName ?? endpoint.host, address: address)
        else { return }
        throw Failure(
            status: ExitStatus.usage,
            message:
                "the endpoint `\(endpoint.label)` is a public address (\(address)), and nobody has named it: write it "
                + "under `allow-hosts:` in the plan, or give --allow-host \(endpoint.hostName ?? endpoint.host)")
    }

    private func startLoops(_ count: Int) throws(Failure) -> [EpollLoop] {
        var loops: [EpollLoop] = []
        for index in 0..<count {
            do throws(LoopFailure) {
                loops.append(try EpollLoop(name: "gale-loop-\(index)"))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        }
        for loop in loops { loop.start() }
        return loops
    }

    private func generator(
        _ result: LoadRun.Result, hiccups: (longest: Span, count: Int), loops: Int
    ) -> GeneratorRecord {
        func busiest(open: Bool) -> Double? {
            zip(result.phases, request.plan.load).filter { $0.1.isOpen == open }.map(\.0.busiestLoop).max()
        }
        let usage = Machine.usage
        return GeneratorRecord(
            busiestOpen: busiest(open: true), busiestClosed: busiest(open: false),
            userSeconds: usage.user - before.user,
            systemSeconds: usage.system - before.system, peakResidentBytes: usage.peakBytes,
            longestHiccupSeconds: hiccups.longest.seconds, hiccups: hiccups.count,
            longestTurnSeconds: result.totals.longestTurn.seconds, descriptorLimit: descriptorLimit,
            peakConnections: result.totals.peakConnections, localPorts: Machine.localPorts,
            peakInFlight: result.totals.peakInFlight, loops: loops, clients: request.plan.client.clients)
    }

    static func show(_ summary: RunSummary, json: Bool, quiet: Bool, folder: String) throws(Failure) {
        if json {
            do throws(ReportError) {
                Terminal.print(String(decoding: try JSONReport.bytes(summary), as: UTF8.self))
            } catch {
                throw Failure(status: ExitStatus.internalFault, message: "\(error)")
            }
        } else if !quiet {
            let colour = Terminal.wantsColour(Terminal.outputIsTerminal)
            Terminal.print(TerminalReport.text(summary, colour: colour, path: BundleFile.report.path(in: folder)))
        }
    }

    private var style: LiveDisplay.Style {
        if request.quiet { return .quiet }
        return Terminal.outputIsTerminal && Terminal.errorIsTerminal ? .frame : .lines
    }
}

extension LoadPhase {
    /// The calls that end it; nil where time does.
    var count: Int? {
        if case .closed(_, _, .count(let count)) = shape { count } else { nil }
    }
}
