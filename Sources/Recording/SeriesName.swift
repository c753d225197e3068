/// The tags of `intervals.hlog`: what each series measures. All values are nanoseconds.
package enum SeriesName: Hashable, Sendable {
    /// End − intended start, of every succeeded or failed call: the headline.
    case response
    /// End − sent.
    case service
    /// The same of one step, by its place in the plan's list of steps.
    case stepResponse(scenario: String, step: String)
    case stepService(scenario: String, step: String)
    /// Sent − intended start, of every first attempt.
    case sendLag
    /// Parts of an attempt. The first three only where a connection was opened.
    case dns, connect, tls, firstByte, transfer
    /// Response and service time of calls that arrived in a warm-up phase.
    case warmUpResponse, warmUpService
    /// Response time of a transaction: steps of a scenario measured as one. No part of `response`.
    case transaction(scenario: String, name: String)
    /// Service time of the attempts to one endpoint that were not cancelled. No part of `service`, which has calls.
    case endpoint(address: String)

    /// The tag; characters that would break a line of the log are replaced by `_`.
    package var tag: String {
        switch self {
        case .response: "response"
        case .service: "service"
        case .stepResponse(let scenario, let step): Self.clean("response/\(scenario)/\(step)")
        case .stepService(let scenario, let step): Self.clean("service/\(scenario)/\(step)")
        case .sendLag: "send-lag"
        case .dns: "phase/dns"
        case .connect: "phase/connect"
        case .tls: "phase/tls"
        case .firstByte: "phase/first-byte"
        case .transfer: "phase/transfer"
        case .warmUpResponse: "warm-up/response"
        case .warmUpService: "warm-up/service"
        case .transaction(let scenario, let name): Self.clean("transaction/\(scenario)/\(name)")
        case .endpoint(let address): Self.clean(Self.endpointPrefix + address)
        }
    }

    /// What the tag of each endpoint begins with.
    package static let endpointPrefix = "endpoint/"

    /// The text with `_` for what would end a tag, a field or a line.
    static func clean(_ text: String) -> String {
        // By scalars: as a character, CR LF is neither CR nor LF.
        let breaking = ", =#\"".unicodeScalars
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let breaks = scalar.value < 0x20 || scalar.value == 0x7f || breaking.contains(scalar)
            cleaned.append(breaks ? "_" : scalar)
        }
        return String(cleaned)
    }
}
