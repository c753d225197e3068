import Core
package import Recording

/// Failed calls that are alike: of one step, to one endpoint, with one result.
package struct ErrorPatternSummary: Hashable, Sendable, Encodable {
    package var scenario: String
    package var step: String
    /// Of the endpoint that the last attempt went to; nil for a plan without, and when nothing was sent.
    package var address: String?
    /// The last status received; 0 if none.
    package var status: Int
    /// A name of `FailureKind`, or of a later version.
    package var failure: String
    package var count: Int
    /// Of the failed calls of the run, and of the calls of the step, 0 to 1.
    package var share: Double
    package var stepShare: Double
    /// When the first of them ended and when the last one did, seconds since the start of the run.
    package var first: Double
    package var last: Double
    /// Of the first one; nil when no trace was sent.
    package var traceId: String?

    /// - Parameters:
    ///   - failed: calls of the run.
    ///   - calls: of the step.
    package init(_ record: RunRecord.ErrorPatternRecord, address: String?, failed: Int, calls: Int) {
        scenario = record.scenario
        step = record.step
        self.address = address
        status = record.status
        failure = record.failure
        count = record.count
        share = min(1, Figures.ratio(record.count, of: failed))
        stepShare = min(1, Figures.ratio(record.count, of: calls))
        first = record.first
        last = record.last
        traceId = record.traceId
    }

    /// As a budget's scope and a table name it.
    package var name: String { "\(scenario)/\(step)" }

    /// What went wrong: `503` where the status says it, else the kind of failure.
    package var result: String {
        switch FailureKind(name: failure) {
        case .status_4xx, .status_5xx: status > 0 ? String(status) : failure
        case .status_unexpected: status > 0 ? "unexpected \(status)" : failure
        default: failure
        }
    }
}

/// What most failures of a run have in common.
package struct DominantError: Hashable, Sendable {
    /// `503 of 10.0.0.3:8080`, `reset at shop/buy`, `of 10.0.0.3:8080`; text of the plan and of the target.
    package let what: String
    package let count: Int
    /// Of all failed calls, 0 to 1.
    package let share: Double
    /// Seconds since the start of the run.
    package let first: Double
    package let last: Double

    /// A group must have so much of the failures, and so many, to be worth a sentence.
    package static let leastShare = 0.8
    package static let leastCount = 10

    /// What may be said of a failure; what is the same for every call of the run says nothing.
    private struct Traits: OptionSet {
        let rawValue: Int
        static let result = Traits(rawValue: 1)
        static let step = Traits(rawValue: 2)
        static let address = Traits(rawValue: 4)

        /// The ways to group failures, the one that says most first.
        static let ways: [Traits] = [
            [.result, .address, .step], [.result, .address], [.result, .step], [.address, .step], .result, .address,
            .step,
        ]
    }

    private struct Key: Hashable {
        var result: String?
        var step: String?
        var address: String?
    }

    /// The group that says most of those with enough of the failures; nil when there is none.
    package init?(_ run: Measurement) {
        let failed = run.ledger.failed
        let (hasSteps, hasEndpoints) = (run.steps.count > 1, run.endpoints.count > 1)
        for way in Traits.ways {
            guard hasSteps || !way.contains(.step), hasEndpoints || !way.contains(.address) else { continue }
            let groups = Dictionary(grouping: run.patterns) { pattern in
                Key(
                    result: way.contains(.result) ? pattern.result : nil,
                    step: way.contains(.step) ? pattern.name : nil,
                    address: way.contains(.address) ? pattern.address ?? "" : nil)
            }
            // At least four of five are in it, so there is one at most.
            for (key, group) in groups where key.address != "" {
                let count = group.reduce(0) { $0 + $1.count }
                let share = min(1, Figures.ratio(count, of: failed))
                guard count >= Self.leastCount, share >= Self.leastShare else { continue }
                what = Self.words(key.result, key.address, key.step)
                self.count = count
                self.share = share
                first = group.map(\.first).min() ?? 0
                last = group.map(\.last).max() ?? 0
                return
            }
        }
        return nil
    }

    private static func words(_ result: String?, _ address: String?, _ step: String?) -> String {
        [result, address.map { "of \($0)" }, step.map { "at \($0)" }].compactMap { $0 }.joined(separator: " ")
    }

    /// `92 % of the 412 failures are 503 of 10.0.0.3:8080, in seconds 12 to 40.`
    /// - Parameter what: its words, made harmless for where the sentence stands.
    package func sentence(of failed: Int, what: String) -> String {
        let (from, to) = (Int(first), Int(last))
        let when =
            from == to ? "second \(Figures.count(from))" : "seconds \(Figures.count(from)) to \(Figures.count(to))"
        return "\(Figures.share(share)) of the \(Figures.count(failed, "failure")) are \(what), in \(when)."
    }
}
