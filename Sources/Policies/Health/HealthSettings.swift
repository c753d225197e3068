package import Core

/// `client.health.check:` asking endpoints how they are.
package struct HealthCheckSettings: Hashable, Sendable {
    /// From start to start; default 30 s (the guide).
    package var interval: Span = .seconds(30)
    /// Longest time for one check; default 5 s (the guide).
    package var timeout: Span = .seconds(5)
    package var path = "/"
    /// Statuses that mean health; default 200 to 299.
    package var status: ClosedRange<Int32> = 200...299
    /// Failed checks in a row that make an endpoint unhealthy; default 3.
    package var unhealthy = 3
    /// Good checks in a row that make it healthy again; default 2.
    package var healthy = 2

    package init() {}
}

/// `client.health.outliers:` ejecting endpoints by what their attempts came to. Defaults are Envoy's.
package struct OutlierSettings: Hashable, Sendable {
    /// Failed attempts in a row that eject; nil: not looked at. Default 5.
    package var consecutive: Int? = 5
    /// How often rates are looked at, and how far the ejection time shrinks again; default 10 s.
    package var interval: Span = .seconds(10)
    /// An ejection lasts this times how often there were ones lately; default 30 s.
    package var ejection: Span = .seconds(30)
    /// The longest ejection; default 300 s.
    package var longest: Span = .seconds(300)
    /// The largest share of the endpoints that may be ejected at once; default 0.1. One may always be.
    package var most = 0.1
    /// Success rate below mean − factor × standard deviation ejects; nil: not looked at. Default 1.9.
    package var deviations: Double? = 1.9
    /// Endpoints with enough attempts that the comparison needs, and what is enough; defaults 5 and 100.
    package var deviationHosts = 5
    package var deviationVolume = 100
    /// Share of failed attempts that ejects, 0 to 1; nil (the default): not looked at.
    package var failures: Double?
    /// Endpoints with enough attempts that this needs, and what is enough; defaults 5 and 50.
    package var failureHosts = 5
    package var failureVolume = 50

    package init() {}
}
