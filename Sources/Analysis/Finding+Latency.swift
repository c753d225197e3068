package import Core

/// What makes a run's calls slow, and when they fail. Each finding says the figure that it rests on, and stays away where
/// chance or the plan itself explains as much.
extension Finding {
    /// Fewer slow calls say nothing of where time goes.
    package static let enoughSlowCalls = 10
    /// The slowest calls are worth a word when all of them took this long, and so many times the median.
    package static let slowCall: Span = .milliseconds(10)
    package static let slowRatio = 5.0
    /// Share of their response time that one part must have.
    package static let slowPart = 0.6
    /// The same of the wait for the first byte, which is where time is supposed to go.
    package static let slowFirstByte = 0.8

    static func addLatency(
        of run: Measurement, _ evidence: LatencyEvidence, _ add: (Kind, Double, String) -> Void
    ) {
        if let maker = evidence.endpoint { addTail(.slowEndpoint, maker, "attempts", add) }
        if let maker = evidence.step { addTail(.slowStep, maker, "calls", add) }
        addSlowParts(of: run, add)
        if let trend = evidence.trend {
            add(
                .latencyGrows, trend.ratio,
                "Latency grows over the run, and the load does not: p99 of the last third is "
                    + "\(times(trend.ratio)) that of the first (\(trend.last) against \(trend.first)); Spearman's ρ of the p99 of "
                    + "each second with time is \(trend.correlation.fixed(2)) over \(Figures.count(trend.seconds)) s.")
        }
        if let burst = evidence.burst {
            add(
                .errorBurst, burst.share,
                "Errors come in one burst: \(Figures.share(burst.share)) of \(Figures.count(burst.failed, "failed call")) ended "
                    + "within \(Figures.seconds(burst.seconds)), from \(Figures.seconds(burst.start)) on.")
        }
    }

    private static func addTail(
        _ kind: Kind, _ maker: TailMaker, _ samples: String, _ add: (Kind, Double, String) -> Void
    ) {
        let what = kind == .slowStep ? "step \(maker.name)" : maker.name
        add(
            kind, maker.ratio,
            "p99 is made by \(what): its own is \(times(maker.ratio)) that of the others (\(maker.own) against "
                + "\(maker.others)). It has \(Figures.share(maker.tailShare)) of the slowest 1 % of the \(samples), and "
                + "\(Figures.share(maker.share)) of all.")
    }

    /// Where the slowest calls spend their time, when it is mostly one place.
    private static func addSlowParts(of run: Measurement, _ add: (Kind, Double, String) -> Void) {
        let calls = run.slowest
        guard calls.count >= enoughSlowCalls, !run.response.isEmpty, let fastest = calls.map(\.response).min(),
            fastest >= slowCall, fastest.seconds >= slowRatio * run.response.p50.seconds
        else { return }
        let all = calls.reduce(0) { $0 + $1.response.seconds }
        func share(_ part: (SlowCallSummary) -> Span) -> Double {
            min(1, calls.reduce(0) { $0 + part($1).seconds } / all)
        }
        let whose = "of the response time of the \(Figures.count(calls.count, "slowest call"))"
        let (wait, opening) = (share(\.wait), share(\.opening))
        let (firstByte, transfer) = (share(\.waitForFirstByte), share { $0.transfer ?? .zero })
        if wait >= slowPart {
            add(
                .slowWaits, wait,
                "Slow calls wait before they are sent: \(Figures.share(wait)) \(whose) had passed when the last attempt went "
                    + "out. That is waits of policies, earlier attempts, and the generator's own lateness.")
        } else if opening >= slowPart {
            add(
                .slowConnections, opening,
                "Slow calls wait for connections: \(Figures.share(opening)) \(whose) is DNS, connect and TLS. Connections "
                    + "that stay open, or are opened in a warm-up phase, cost that once.")
        } else if transfer >= slowPart {
            add(
                .slowTransfers, transfer,
                "Slow calls are long in arriving: \(Figures.share(transfer)) \(whose) is between the first byte and the last."
            )
        } else if firstByte >= slowFirstByte {
            add(
                .slowFirstByte, firstByte,
                "Slow calls wait for their first byte: \(Figures.share(firstByte)) \(whose). What is slow is the target, or "
                    + "the way to it, and not the client.")
        }
    }

    /// `4.1 times`
    private static func times(_ ratio: Double) -> String { "\(ratio.fixed(ratio < 9.95 ? 1 : 0)) times" }
}
