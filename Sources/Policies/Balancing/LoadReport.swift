/// What an endpoint says of its own load.
package struct LoadReport: Hashable, Sendable {
    /// Used share of what it has, from 0; more than 1 when it is beyond what it takes for its limit.
    package var utilisation: Double
    /// Requests that it serves per second, of all clients; nil when it does not say: then the rate of the client's own
    /// answers stands for it.
    package var requestsPerSecond: Double?
    /// Requests that it fails per second; default 0.
    package var errorsPerSecond: Double

    package init(utilisation: Double, requestsPerSecond: Double? = nil, errorsPerSecond: Double = 0) {
        self.utilisation = utilisation
        self.requestsPerSecond = requestsPerSecond
        self.errorsPerSecond = errorsPerSecond
    }

    /// Reads the value of a header: an ORCA load report as text (`TEXT cpu_utilization=0.3, rps_fractional=100, eps=2`) or
    /// JSON (`JSON {"cpu_utilization": 0.3}`), or a bare number, the utilisation.
    ///
    /// The utilisation is `application_utilization` if that is above 0, else `cpu_utilization`. Other metrics are passed
    /// over. Binary reports are not read.
    /// - Returns: nil when it is none of these, gives no utilisation, gives a metric twice, or has a number that is negative
    ///   or not finite; and beyond 4,096 bytes.
    package init?(_ text: some Collection<UInt8>) {
        let read = text.withContiguousStorageIfAvailable { bytes in LoadReportReader.read(bytes) }
        guard let report = read ?? Array(text).withUnsafeBufferPointer({ LoadReportReader.read($0) }) else {
            return nil
        }
        self = report
    }
}

extension LoadReport {
    /// qps / (utilisation + eps/qps · penalty): how many requests the endpoint would serve with all it has (gRFC A58).
    /// - Returns: nil when the formula has no positive, finite value.
    package static func weight(
        requestsPerSecond qps: Double, utilisation: Double, errorsPerSecond eps: Double, penalty: Double = 1
    ) -> Double? {
        guard qps > 0, utilisation > 0, eps >= 0 else { return nil }
        let weight = qps / (utilisation + eps / qps * penalty)
        return weight > 0 && weight.isFinite ? weight : nil
    }
}
