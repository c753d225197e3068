import Core

extension RunRecord {
    /// One of the slowest calls; durations are seconds.
    package struct SlowCallRecord: Codable, Sendable {
        /// When it was to begin, since the start of the run.
        package var time: Double
        package var scenario: String
        package var step: String
        /// The endpoint of its last attempt, by its place in `endpoints`; nil for a plan without.
        package var place: Int?
        /// 0 when none was received.
        package var status: Int
        /// The name of a `FailureKind`; nil when it succeeded.
        package var failure: String?
        package var attempts: Int
        /// 32 hexadecimal digits; nil when no trace was sent.
        package var traceId: String?
        package var response: Double
        package var service: Double
        package var wait: Double
        package var dns: Double
        package var connect: Double
        package var tls: Double
        package var firstByte: Double?
        package var transfer: Double?
        package var bytesSent: Int
        package var bytesReceived: Int

        package init(_ call: SlowCall, of step: StepRecord) {
            time = call.intended.seconds
            scenario = step.scenario
            self.step = step.step
            place = call.place
            status = Int(call.status)
            failure = call.failure?.name
            attempts = call.attempts
            traceId = call.trace.isNone ? nil : "\(call.trace)"
            response = call.response.seconds
            service = call.service.seconds
            wait = call.wait.seconds
            dns = call.phases.dns.seconds
            connect = call.phases.connect.seconds
            tls = call.phases.tls.seconds
            firstByte = call.firstByte?.seconds
            transfer = call.transfer?.seconds
            bytesSent = Int(call.bytesSent)
            bytesReceived = Int(call.bytesReceived)
        }
    }

    /// Failed calls that are alike.
    package struct ErrorPatternRecord: Codable, Sendable {
        package var scenario: String
        package var step: String
        /// As in `SlowCallRecord`.
        package var place: Int?
        package var status: Int
        package var failure: String
        package var count: Int
        /// When the first of them ended and when the last one did, seconds since the start of the run.
        package var first: Double
        package var last: Double
        /// Of the first one; nil when no trace was sent.
        package var traceId: String?

        package init(_ pattern: ErrorPattern, of step: StepRecord) {
            scenario = step.scenario
            self.step = step.step
            place = pattern.place
            status = Int(pattern.status)
            failure = pattern.failure.name
            count = pattern.count
            first = pattern.first.seconds
            last = pattern.last.seconds
            traceId = pattern.trace.isNone ? nil : "\(pattern.trace)"
        }
    }

    /// Names the calls that reports tell of; at the end. `steps` must be those that the calls count by place.
    package mutating func setCalls(_ calls: NotableCalls) {
        let slow = calls.slowest.calls.filter { steps.indices.contains($0.step) }
        if !slow.isEmpty { slowest = slow.map { SlowCallRecord($0, of: steps[$0.step]) } }
        let errors = calls.errors.commonest
        let patterns = errors.patterns.filter { steps.indices.contains($0.step) }
        if !patterns.isEmpty { self.patterns = patterns.map { ErrorPatternRecord($0, of: steps[$0.step]) } }
        if errors.rest > 0 { patternsLost = errors.rest }
    }
}
