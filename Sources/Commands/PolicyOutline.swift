import Core
import Plans
import Policies

/// Endpoints and policies of a plan, a line each, for `gale check`.
struct PolicyOutline {
    private let plan: Plan
    private var policies: PolicySettings { plan.client.policies }

    init(_ plan: Plan) {
        self.plan = plan
    }

    var lines: [String] {
        endpoints + [balance, shard].compactMap { $0 } + health + retries + limits
    }

    private var endpoints: [String] {
        switch plan.endpoints {
        case nil: []
        case .fixed(let endpoints)?:
            [line("endpoints", "\(endpoints.count): " + Self.list(endpoints.map(Self.text)))]
        case .source(let source)?: [line("endpoints", Self.text(source))]
        }
    }

    private static func list(_ texts: [String]) -> String {
        texts.count > 5
            ? texts.prefix(4).joined(separator: ", ") + " and \(texts.count - 4) more" : texts.joined(separator: ", ")
    }

    private static func text(_ endpoint: PlannedEndpoint) -> String {
        let address =
            switch endpoint.place {
            case .address(let host, let port): Endpoint(host: host, port: port).address
            case .lab(let service): "lab/\(service)"
            }
        return endpoint.weight == 1 ? address : "\(address) (weight \(endpoint.weight))"
    }

    private static func text(_ source: EndpointSource) -> String {
        switch source {
        case .fixed(let endpoints): list(endpoints.map(\.address))
        case .dns(let host, let port, _, let refresh): "all addresses of \(host), port \(port), asked every \(refresh)"
        case .service(let name, _, let refresh): "the SRV records of \(name), asked every \(refresh)"
        case .file(let path, let refresh): "the lines of \(path), looked at every \(refresh)"
        }
    }

    private var balance: String? {
        if plan.endpoints == nil || policies.shard != nil { return nil }
        let rule =
            switch policies.balance.rule {
            case .roundRobin: "round robin"
            case .weightedRoundRobin: "weighted round robin"
            case .leastConnections: "least connections"
            case .leastRequest(let choices): "least request of \(choices)"
            case .peakEWMA: "peak EWMA"
            case .random: "random"
            }
        let weights =
            switch policies.balance.weights {
            case .plan: ""
            case .header(let name): ", weights by `\(name)` of each answer"
            case .health(let name): ", weights by `\(name)` of health checks"
            }
        return line("balance", rule + weights + (policies.balance.slowStart.map { ", slow start over \($0)" } ?? ""))
    }

    private var shard: String? { policies.shard.map { line("shards", $0.words) } }

    private var health: [String] {
        var lines: [String] = []
        if let check = policies.check {
            let detection = Double(check.unhealthy) * check.interval.seconds + check.timeout.seconds
            lines.append(
                line(
                    "health",
                    "`\(check.path)` every \(check.interval); what hangs is found out within "
                        + "\(Span(seconds: detection))"))
        }
        if let outliers = policies.outliers {
            let most = "at most \((outliers.most * 100).fixed(0)) % at once"
            let rule = outliers.consecutive.map { "\($0) failures in a row, " } ?? ""
            lines.append(line("ejection", "\(rule)for \(outliers.ejection), \(most)"))
        }
        return lines
    }

    private var retries: [String] {
        var lines: [String] = []
        if let retry = policies.retry {
            lines.append(line("retries", "\(retry.attempts) attempts at most, budget \(Self.text(retry.budget))"))
        }
        if let hedge = policies.hedge {
            let delay =
                switch hedge.delay {
                case .fixed(let span): "\(span)"
                case .percentile(let percent): "the p\(percent.shortest) of recent attempts"
                }
            lines.append(line("hedges", "after \(delay), for at most \((hedge.budget * 100).fixed(1)) % of the calls"))
        }
        return lines
    }

    private static func text(_ budget: RetrySettings.Budget?) -> String {
        switch budget {
        case nil: "none"
        case .ratio(let ratio, let perSecond):
            "\((ratio * 100).fixed(1)) % of the calls" + (perSecond > 0 ? " and \(perSecond.shortest)/s" : "")
        case .tokens(let most, let ratio): "\(most.shortest) tokens, \(ratio.shortest) back for a success"
        case .share(let share, let least): "\((share * 100).fixed(1)) % of the calls under way, at least \(least)"
        }
    }

    private var limits: [String] {
        var lines: [String] = []
        if let breaker = policies.breaker {
            let trip =
                switch breaker.trip {
                case .consecutive(let failures): "\(failures) failures in a row"
                case .rate(let rate): "a rate over \(Self.text(rate.window))"
                }
            lines.append(line("breaker", "per \(breaker.scope.rawValue): \(trip) open it for \(breaker.open)"))
        }
        if let throttle = policies.throttle {
            lines.append(line("throttle", "k \(throttle.k.shortest) over \(throttle.window)"))
        }
        lines += policies.bulkheads.map {
            line("bulkhead", "\($0.name): \($0.running) run, \($0.queue) wait for at most \($0.wait)")
        }
        if let pool = policies.pool {
            let parts = [
                pool.connections.map { "\($0) connections" }, pool.perEndpoint.map { "\($0) per endpoint" },
                "\(pool.pending) wait for at most \(pool.wait)",
            ]
            lines.append(line("pool", parts.compactMap { $0 }.joined(separator: ", ")))
        }
        if let adaptive = policies.adaptiveTimeout {
            lines.append(
                line(
                    "time-out",
                    "\(adaptive.factor.shortest) × p\(adaptive.percentile.shortest), from \(adaptive.least) to "
                        + "\(adaptive.most)"))
        }
        return lines
    }

    private static func text(_ window: BreakerSettings.Window) -> String {
        switch window {
        case .count(let count): "\(count) calls"
        case .time(let span): "\(span)"
        }
    }

    private func line(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.count)) + text
    }
}
