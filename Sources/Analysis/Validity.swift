package import Core
import Recording

/// Whether a run measured its target, or its own generator.
package struct Validity: Hashable, Sendable, Encodable {
    /// Why a run is invalid: a closed list, each with a short stable name.
    package enum Cause: String, CaseIterable, Sendable, Encodable {
        /// Requests left so late that it shows in the response time.
        case sendLag = "send_lag"
        /// Arrivals that the generator came too late to start.
        case droppedLate = "dropped_late"
        /// File descriptors or ports ran out, or another fault on the generator's side.
        case generatorFailures = "generator_failures"
        /// A loop's thread had no time left in an open phase.
        case busiestLoop = "busiest_loop"
        /// The counts do not add up: Gale's own fault.
        case ledger
    }

    package struct Reason: Hashable, Sendable, Encodable {
        package var cause: Cause
        /// A sentence with the figures and the remedy.
        package var text: String
    }

    package private(set) var reasons: [Reason] = []

    package var isValid: Bool { reasons.isEmpty }

    /// Send lag p99 may be that much, or a tenth of the response p99, whichever is more.
    package static let leastLag: Span = .milliseconds(1)
    package static let lagShare = 0.1
    /// Share of the arrivals that the generator may drop.
    package static let lateShare = 0.01
    /// CPU share that the busiest loop may have in an open phase.
    package static let busyShare = 0.9

    package init(_ run: Measurement) {
        judgeSendLag(run)
        judgeLateDrops(run)
        judgeFailures(run)
        judgeLoop(run)
        for text in run.contradictions {
            let sentence =
                "The counts do not add up (\(text)); this is a fault of Gale, not of the target: please report it."
            reasons.append(Reason(cause: .ledger, text: sentence))
        }
    }

    private mutating func judgeSendLag(_ run: Measurement) {
        guard run.hasOpenPhase, !run.sendLag.isEmpty else { return }
        let tenth = Span(seconds: run.response.p99.seconds * Self.lagShare)
        let limit = max(Self.leastLag, tenth)
        guard run.sendLag.p99 > limit else { return }
        let rule = tenth > Self.leastLag ? "10 % of the response p99 (\(run.response.p99))" : "the allowed \(limit)"
        add(
            .sendLag,
            "Requests were sent late: the send lag p99 is \(run.sendLag.p99), above \(rule), so part of the response "
                + "time is the generator's. Lower the rate, or give the generator more or idler cores.")
    }

    private mutating func judgeLateDrops(_ run: Measurement) {
        let share = Figures.ratio(run.ledger.droppedLate, of: run.ledger.scheduled)
        guard share > Self.lateShare else { return }
        add(
            .droppedLate,
            "The generator came too late for \(Figures.count(run.ledger.droppedLate)) of "
                + "\(Figures.count(run.ledger.scheduled, "arrival")) (\(Figures.share(share)), above 1 %). "
                + "Lower the rate, or give the generator more or idler cores.")
    }

    private mutating func judgeFailures(_ run: Measurement) {
        for kind in FailureKind.allCases where kind.isGeneratorFault {
            let count = run.failures[kind.name] + run.warmUpFailures[kind.name]
            guard count > 0 else { continue }
            let calls = Figures.count(count, "call")
            switch kind {
            case .fd_exhausted:
                let limit = run.generator.map { " (limit \(Figures.count($0.descriptorLimit)))" } ?? ""
                add(
                    .generatorFailures, "File descriptors ran out\(limit): \(calls) failed. Raise the limit: ulimit -n."
                )
            case .port_exhausted:
                let ports = run.generator.map { " (\(Figures.count($0.localPorts)) per address pair)" } ?? ""
                add(
                    .generatorFailures,
                    "Local ports ran out\(ports): \(calls) failed. Reuse connections, or spread the load over more "
                        + "addresses.")
            default:
                add(.generatorFailures, "The generator's own machine failed \(calls) (\(kind.name)).")
            }
        }
    }

    private mutating func judgeLoop(_ run: Measurement) {
        guard let share = run.busiestOpen, share > Self.busyShare, run.hasOpenPhase else { return }
        add(
            .busiestLoop,
            "The busiest loop used \(Figures.share(share)) of a core in the open phases, above 90 %. "
                + "Lower the rate, or use more clients (client.clients) on more cores.")
    }

    private mutating func add(_ cause: Cause, _ text: String) { reasons.append(Reason(cause: cause, text: text)) }
}
