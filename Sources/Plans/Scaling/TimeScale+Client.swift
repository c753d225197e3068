import Core
import Policies

/// The client side.
extension TimeScale {
    func scale(_ client: inout ClientSettings) {
        scale(&client.totalTimeout)
        scale(&client.attemptTimeout)
        scale(&client.policies)
    }

    func scale(_ transport: inout TransportSettings) {
        scale(&transport.connectTimeout)
        scale(&transport.ages.idle)
        scale(&transport.ages.lifetime)
        scale(&transport.ages.validate)
    }

    func scaled(_ endpoints: PlannedEndpoints) -> PlannedEndpoints {
        guard case .source(let source) = endpoints else { return endpoints }
        func often(_ refresh: Span) -> Span { max(scaled(refresh), min(refresh, EndpointKeys.leastRefresh)) }
        switch source {
        case .fixed: return endpoints
        case .dns(let host, let port, let server, let refresh):
            return .source(.dns(host: host, port: port, server: server, refresh: often(refresh)))
        case .service(let name, let server, let refresh):
            return .source(.service(name: name, server: server, refresh: often(refresh)))
        case .file(let path, let refresh): return .source(.file(path: path, refresh: often(refresh)))
        }
    }

    private func scale(_ policies: inout PolicySettings) {
        scale(&policies.balance.slowStart)
        scale(&policies.balance.decay)
        scale(&policies.check)
        scale(&policies.outliers)
        scale(&policies.retry)
        if case .fixed(let delay)? = policies.hedge?.delay { policies.hedge?.delay = .fixed(scaled(delay)) }
        scale(&policies.breaker)
        if var throttle = policies.throttle {
            scale(&throttle.window)
            policies.throttle = throttle
        }
        for index in policies.bulkheads.indices { scale(&policies.bulkheads[index].wait) }
        if var pool = policies.pool {
            scale(&pool.wait)
            policies.pool = pool
        }
        if var timeout = policies.adaptiveTimeout {
            scale(&timeout.least)
            scale(&timeout.most)
            scale(&timeout.window)
            policies.adaptiveTimeout = timeout
        }
    }

    private func scale(_ check: inout HealthCheckSettings?) {
        guard var settings = check else { return }
        scale(&settings.interval, least: HealthKeys.leastInterval)
        scale(&settings.timeout)
        check = settings
    }

    private func scale(_ outliers: inout OutlierSettings?) {
        guard var settings = outliers else { return }
        scale(&settings.interval, least: HealthKeys.leastInterval)
        scale(&settings.ejection)
        scale(&settings.longest)
        outliers = settings
    }

    private func scale(_ retry: inout RetrySettings?) {
        guard var settings = retry else { return }
        scale(&settings.backoff.base)
        scale(&settings.backoff.cap)
        if case .ratio(let ratio, let perSecond) = settings.budget {
            settings.budget = .ratio(ratio, perSecond: perSecond * factor)
        }
        retry = settings
    }

    private func scale(_ breaker: inout BreakerSettings?) {
        guard var settings = breaker else { return }
        scale(&settings.open)
        if case .rate(var rate) = settings.trip {
            scale(&rate.slow)
            if case .time(var window) = rate.window {
                scale(&window, least: BreakerKeys.leastWindow)
                rate.window = .time(window)
            }
            settings.trip = .rate(rate)
        }
        breaker = settings
    }
}
