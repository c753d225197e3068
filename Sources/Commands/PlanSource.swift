import ArgumentParser
import Core
import Glibc
import Plans
import Transport

/// Where a plan comes from: a file, read and checked with what this machine can do.
enum PlanSource {
    static func isURL(_ text: String) -> Bool {
        let lower = text.lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://")
    }

    /// Warnings go to stderr, unless they are to be kept quiet.
    /// - Parameter isRealTime: whether the plan is about to run over the machine's own network.
    /// - Throws: `Failure` with all problems of the plan.
    static func read(
        _ file: String, _ changes: PlanChanges, quiet: Bool = false, isRealTime: Bool = false
    ) throws(Failure) -> (plan: Plan, text: String) {
        let reading: PlanReader.Reading
        let text: String
        let scale = try changes.scale()
        do throws(PlanProblems) {
            var abilities = PlanAbilities(http2: CurlLibrary.offersHTTP2, libcurl: CurlLibrary.version)
            abilities.isRealTime = isRealTime
            (reading, text) = try PlanReader.read(
                file: file, abilities: abilities, variant: changes.variant, settings: changes.set,
                timeScale: scale, surroundings: PlanSurroundings(environment: ProcessEnvironment.values))
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
        if let warnings = reading.warnings, !quiet { Terminal.note("\(warnings)") }
        var plan = reading.plan
        for host in changes.allowHost { try plan.allow(host: host, option: "--allow-host") }
        return (plan, text)
    }
}

/// What the command line lays over a plan before it is read.
struct PlanChanges: ParsableArguments {
    @Option(help: "Which of the plan's variants to lay over it.")
    var variant: String?

    @Option(
        help: ArgumentHelp(
            "Change one value, such as client.timeout.total=5s; may be given several times.",
            valueName: "key.path=value"))
    var set: [String] = []

    @Option(help: "Allow load on this public host, address or network; may be given several times.")
    var allowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "Run the plan so many times as fast as it is written: 60 turns its minutes into seconds. Times and rates are "
                + "scaled, sizes, shares and counts are not; --rate and --for are those of the run.",
            valueName: "factor"))
    var timeScale: String?

    /// The same words again, for another process that reads the same plan.
    var words: [String] {
        (variant.map { ["--variant", $0] } ?? []) + set.flatMap { ["--set", $0] }
            + (timeScale.map { ["--time-scale", $0] } ?? [])
    }

    func scale() throws(Failure) -> TimeScale {
        guard let timeScale else { return .none }
        do throws(UnitProblem) {
            return try TimeScale(timeScale)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "--time-scale: \(error)")
        }
    }
}

extension Plan {
    /// Allows the host of the target, which the person who runs the plan has named.
    mutating func allowTarget(option: String) throws(Failure) {
        if case .url(let url) = target, let name = ResolvedName.authority(of: url) {
            try allow(host: name.0, option: option)
        }
    }

    /// Allows a host that the person who runs the plan has named.
    mutating func allow(host: String, option: String) throws(Failure) {
        do throws(HostRuleProblem) {
            transport.hosts = HostGuard(allowed: transport.hosts.allowed + [try HostRule(host)])
        } catch {
            throw Failure(
                status: ExitStatus.usage,
                message: "\(option): `\(host)` is no host, address or network: write one such as `shop.example`")
        }
    }
}
