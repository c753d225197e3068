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
        let scale = try changes.values.scale()
        do throws(PlanProblems) {
            var abilities = PlanAbilities(http2: CurlLibrary.offersHTTP2, libcurl: CurlLibrary.version)
            abilities.isRealTime = isRealTime
            (reading, text) = try PlanReader.read(
                file: file, abilities: abilities, variant: changes.variant, settings: changes.values.set,
                timeScale: scale, surroundings: PlanSurroundings(environment: ProcessEnvironment.values))
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
        if let warnings = reading.warnings, !quiet { Terminal.note("\(warnings)") }
        var plan = reading.plan
        for host in changes.values.allowHost { try plan.allow(host: host, option: "--allow-host") }
        return (plan, text)
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
