package import Core
package import Recording

/// One of the slowest calls, and where its time went.
package struct SlowCallSummary: Hashable, Sendable {
    /// When it was to begin, seconds since the start of the run.
    package var time: Double
    package var scenario: String
    package var step: String
    /// Of the endpoint that its last attempt went to; nil for a plan without.
    package var address: String?
    /// The last status received; 0 if none.
    package var status: Int
    /// A name of `FailureKind`, or of a later version; nil when it succeeded.
    package var failure: String?
    package var attempts: Int
    /// 32 hexadecimal digits; nil when no trace was sent.
    package var traceId: String?
    package var response: Span
    /// Of its last attempt.
    package var service: Span
    /// From the intended start to the sending of the last attempt.
    package var wait: Span
    /// Parts of the last attempt; zero for a connection that was open already.
    package var dns: Span
    package var connect: Span
    package var tls: Span
    /// Nil when no byte arrived.
    package var firstByte: Span?
    package var transfer: Span?
    package var bytesSent: Int
    package var bytesReceived: Int

    package init(_ record: RunRecord.SlowCallRecord, address: String?) {
        time = record.time
        scenario = record.scenario
        step = record.step
        self.address = address
        status = record.status
        failure = record.failure
        attempts = record.attempts
        traceId = record.traceId
        response = Span(seconds: record.response)
        service = Span(seconds: record.service)
        wait = Span(seconds: record.wait)
        dns = Span(seconds: record.dns)
        connect = Span(seconds: record.connect)
        tls = Span(seconds: record.tls)
        firstByte = record.firstByte.map { Span(seconds: $0) }
        transfer = record.transfer.map { Span(seconds: $0) }
        bytesSent = record.bytesSent
        bytesReceived = record.bytesReceived
    }

    /// As a budget's scope and a table name it.
    package var name: String { "\(scenario)/\(step)" }

    /// The opening of a connection.
    package var opening: Span { dns + connect + tls }

    /// From the request's going out to the first byte; to the end when none arrived.
    package var waitForFirstByte: Span { firstByte ?? max(.zero, service - opening) }
}

extension SlowCallSummary: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        try container.encode(time, forKey: Name("time"))
        try container.encode(scenario, forKey: Name("scenario"))
        try container.encode(step, forKey: Name("step"))
        try container.encodeIfPresent(address, forKey: Name("address"))
        try container.encode(status, forKey: Name("status"))
        try container.encodeIfPresent(failure, forKey: Name("failure"))
        try container.encode(attempts, forKey: Name("attempts"))
        try container.encodeIfPresent(traceId, forKey: Name("trace_id"))
        let parts: [(String, Span?)] = [
            ("response", response), ("service", service), ("wait", wait), ("dns", dns), ("connect", connect),
            ("tls", tls), ("first_byte", firstByte), ("transfer", transfer),
        ]
        for (name, span) in parts { try container.encodeIfPresent(span?.milliseconds, forKey: Name("\(name)_ms")) }
        try container.encode(bytesSent, forKey: Name("bytes_sent"))
        try container.encode(bytesReceived, forKey: Name("bytes_received"))
    }
}

extension Measurement {
    /// The slowest calls, and the failed ones in groups. Takes steps and endpoints for granted.
    mutating func takeCalls(_ record: RunRecord) {
        func address(_ place: Int?) -> String? {
            place.flatMap { place in record.endpoints.first { $0.place == place }?.address }
        }
        slowest = (record.slowest ?? []).map { SlowCallSummary($0, address: address($0.place)) }
        let calls = Dictionary(
            steps.map { ($0.name, ($0.succeeded ?? 0) + ($0.failed ?? 0)) }, uniquingKeysWith: { first, _ in first })
        patterns = (record.patterns ?? []).map {
            ErrorPatternSummary(
                $0, address: address($0.place), failed: ledger.failed, calls: calls["\($0.scenario)/\($0.step)"] ?? 0)
        }
        patternsLost = record.patternsLost ?? 0
    }
}
