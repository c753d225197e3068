import Core
package import Recording

/// What a diff keeps of one bundle: some ten kilobytes, so that bundles of any length can be read one after the other.
package struct DiffRun: Sendable {
    /// The folder of the bundle.
    package var path: String
    package var identity: RunIdentity
    package var seed: UInt64
    /// Wall time of the start, RFC 3339, UTC; a label.
    package var started: String
    /// The same in seconds since 1970; of no meaning in a simulation.
    package var startedEpoch: Double
    /// From the first arrival to the end of the drain.
    package var seconds: Double
    /// Why the run can be in no figure of a set, in words: invalid, unfinished, without calls.
    package var faults: [String] = []
    package var figures: TrialFigures
    /// Response time of all calls.
    package var response: CompactHistogram
    package var steps: [Part] = []
    package var endpoints: [Part] = []
    package var phases: [Part] = []
    package var within: WithinRun

    /// A step, an endpoint, or a part of an attempt: how often it was there, and how long it took.
    package struct Part: Hashable, Sendable {
        package var name: String
        package var figures: TrialFigures
        /// Of those with a length.
        package var count: Int
        package var meanMs: Double

        package init(name: String, figures: TrialFigures, count: Int, meanMs: Double) {
            self.name = name
            self.figures = figures
            self.count = count
            self.meanMs = meanMs
        }
    }

    /// Most steps, and most endpoints, that are told apart: those with most calls.
    package static let mostParts = 200

    /// - Parameter identity: what it was.
    package init(
        path: String, identity: RunIdentity, seed: UInt64, started: String, startedEpoch: Double, seconds: Double,
        figures: TrialFigures, response: CompactHistogram, within: WithinRun
    ) {
        self.path = path
        self.identity = identity
        self.seed = seed
        self.started = started
        self.startedEpoch = startedEpoch
        self.seconds = seconds
        self.figures = figures
        self.response = response
        self.within = within
    }

    /// - Parameter summary: of that bundle.
    package init(_ bundle: Bundle, summary: RunSummary) {
        let record = bundle.record
        let run = summary.run
        self.init(
            path: bundle.path, identity: RunIdentity(record), seed: record.seed, started: record.started,
            startedEpoch: record.startedEpoch, seconds: run.totalSeconds,
            figures: TrialFigures(summary, of: ComparedFigure.ofRuns),
            response: bundle.latencies.bySeries[SeriesName.response.tag].map { CompactHistogram($0) }
                ?? CompactHistogram(),
            within: WithinRun(bundle))
        if run.state == .interrupted {
            faults.append("the run was interrupted")
        } else if run.state != .finished {
            faults.append("the run did not come to its end")
        }
        faults += summary.validity.reasons.map(\.text)
        if run.response.isEmpty { faults.append("no call of it has a response time") }
        steps = Self.most(run.steps.map { Part($0, of: run) })
        endpoints = Self.most(run.endpoints.map { Part($0) })
        phases = run.attempts.rows.map { name, summary in
            Part(name: name, figures: TrialFigures(calls: summary.count), summary)
        }
    }

    /// Those with most calls, in the order they had. Parts of one name are one: the first.
    private static func most(_ parts: [Part]) -> [Part] {
        var seen: Set<String> = []
        let parts = parts.filter { seen.insert($0.name).inserted }
        guard parts.count > mostParts else { return parts }
        let kept = parts.indices.sorted { (-parts[$0].count, $0) < (-parts[$1].count, $1) }.prefix(mostParts)
        return kept.sorted().map { parts[$0] }
    }
}

extension DiffRun.Part {
    fileprivate init(name: String, figures: TrialFigures, _ summary: LatencySummary) {
        self.init(name: name, figures: figures, count: summary.count, meanMs: summary.mean.milliseconds)
    }

    fileprivate init(_ step: StepSummary, of run: Measurement) {
        var figures = TrialFigures(calls: step.response.count)
        figures.takeLatencies(step.response, of: ComparedFigure.ofParts)
        // A killed run does not know what became of the calls of a step.
        if let succeeded = step.succeeded, let failed = step.failed {
            let (rejected, fallbacks) = (step.rejected ?? 0, step.fallbacks ?? 0)
            let ended = succeeded + failed + rejected
            if ended > 0 { figures[.errors] = Figures.ratio(max(0, failed + rejected - fallbacks), of: ended) }
        }
        if !run.response.isEmpty { figures[.share] = Figures.ratio(step.response.count, of: run.response.count) }
        self.init(name: step.name, figures: figures, step.response)
    }

    fileprivate init(_ endpoint: EndpointSummary) {
        var figures = TrialFigures(calls: endpoint.service.count)
        figures.takeLatencies(endpoint.service, of: ComparedFigure.ofParts)
        figures[.errors] = endpoint.errorShare
        figures[.share] = endpoint.share
        self.init(name: endpoint.address, figures: figures, endpoint.service)
    }
}
