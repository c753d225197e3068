import Core
import Flows
import Policies

/// What is right in the policies of a plan and perhaps not meant.
struct PolicyDoubts {
    let plan: Plan
    /// The whole plan's text, for places.
    let root: PlanNode

    private var policies: PolicySettings { plan.client.policies }
    private var total: Span { plan.client.totalTimeout }
    /// After which every call is over: steps may have a time-out of their own.
    private var longest: Span { plan.scenarios.flatMap(\.steps).map { $0.timeout ?? total }.max() ?? total }
    private var attempt: Span? { plan.client.attemptTimeout }

    func look(_ context: inout ReadingContext) {
        lookAtEndpoints(&context)
        lookAtPool(&context)
        lookAtRetries(&context)
        lookAtBreaker(&context)
        lookAtTimes(&context)
        lookAtMethods(&context)
    }

    private func place(_ keys: String...) -> Place {
        var node = root
        for key in ["client"] + keys {
            guard let entry = node.entry(key) else { break }
            node = entry.value
        }
        return node.place
    }

    // MARK: Endpoints

    private func lookAtEndpoints(_ context: inout ReadingContext) {
        let isSharded = policies.shard != nil
        if !isSharded {
            for step in context.sharded {
                guard let key = step.key else { continue }
                context.warn(
                    .ignored, at: key, "`key` is of no use, because the plan does not shard",
                    remedy: "write `client.shard`, or remove it")
            }
        }
        guard plan.endpoints == nil || plan.endpoints?.count == 1 else { return }
        let said = plan.endpoints == nil ? "the plan has no `endpoints`" : "the plan has one endpoint"
        func warn(_ word: String, _ place: Place) {
            context.warn(
                .ignored, at: place, "\(said), and `\(word)` has nothing to choose from",
                remedy: "write more `endpoints`, or remove it")
        }
        if root.entry("client")?.value.entry("balance") != nil { warn("balance", place("balance")) }
        if policies.outliers != nil { warn("outliers", place("health", "outliers")) }
        if isSharded { warn("shard", place("shard")) }
    }

    // MARK: Connections

    private func lookAtPool(_ context: inout ReadingContext) {
        let ages = plan.transport.ages
        if let validate = ages.validate, let idle = ages.idle, validate >= idle {
            context.warn(
                .ignored, at: place("pool", "validate"),
                "`validate` can never happen after \(Units.text(validate)), because connections are closed when they were "
                    + "idle for \(Units.text(idle))", remedy: "write a `validate` shorter than `idle`")
        }
        guard let pool = policies.pool else { return }
        if pool.wait >= total {
            context.warn(
                .ignored, at: place("pool", "wait"),
                "an attempt may wait \(Units.text(pool.wait)) for a connection, and its call is over after "
                    + Units.text(total), remedy: "write a `wait` shorter than `timeout.total`")
        }
        if let most = pool.connections, let each = pool.perEndpoint, each > most {
            context.warn(
                .ignored, at: place("pool", "per-endpoint"),
                "`per-endpoint` is \(each.grouped), more than all \(most.grouped) connections of the client",
                remedy: "lower it, or raise `connections`")
        }
        guard let most = pool.connections else { return }
        for bulkhead in policies.bulkheads where bulkhead.scope != .endpoint && bulkhead.running > most {
            context.warn(
                .ignored, at: place("pool", "connections"),
                "the bulkhead `\(bulkhead.name.printable)` lets \(bulkhead.running.grouped) calls run, and they have "
                    + "\(most.grouped) connections: the rest waits in the pool",
                remedy: "raise `connections`, or lower `running`")
        }
    }

    // MARK: Time

    private func lookAtTimes(_ context: inout ReadingContext) {
        for bulkhead in policies.bulkheads where bulkhead.queue > 0 && bulkhead.wait >= total {
            context.warn(
                .ignored, at: place("bulkhead", "wait"),
                "a call may wait \(Units.text(bulkhead.wait)) in the bulkhead `\(bulkhead.name.printable)`, and it is over "
                    + "after \(Units.text(total))", remedy: "write a `wait` shorter than `timeout.total`")
        }
        if let hedge = policies.hedge, case .fixed(let delay) = hedge.delay, delay >= attempt ?? total {
            context.warn(
                .ignored, at: place("hedge", "after"),
                "a hedge after \(Units.text(delay)) is never sent, because the attempt is over after "
                    + Units.text(attempt ?? total), remedy: "write a shorter one")
        }
        if let adaptive = policies.adaptiveTimeout, let attempt, adaptive.least > attempt {
            context.warn(
                .ignored, at: place("timeout", "adaptive"),
                "the adaptive time-out is at least \(Units.text(adaptive.least)), longer than `attempt` "
                    + "(\(Units.text(attempt)))", remedy: "write a shorter `least`, or a longer `attempt`")
        }
    }

    private func lookAtRetries(_ context: inout ReadingContext) {
        guard let retry = policies.retry, !isTooLate(retry, &context) else { return }
        guard let attempt else {
            if retry.conditions.contains(.timeout), policies.adaptiveTimeout == nil {
                context.warn(
                    .ignored, at: place("retry"),
                    "no attempt times out before its call does, so that none is tried again for it",
                    remedy: "write `timeout.attempt`, or leave `timeout` out of `on`")
            }
            return
        }
        let wait = policies.pool?.wait ?? .zero
        let pauses = (1..<retry.attempts).map { retry.backoff.longest(beforeRetry: $0) }
        let worst = pauses.reduce(Double(retry.attempts) * (attempt + wait).seconds) { $0 + $1 }
        guard worst > total.seconds else { return }
        context.warn(
            .ignored, at: place("retry"),
            "\(retry.attempts) attempts of up to \(Units.text(attempt))"
                + (wait > .zero ? ", each after up to \(Units.text(wait)) in the pool," : "")
                + " take up to \(Units.text(Span(seconds: worst))) with their pauses, and the call is over after "
                + Units.text(total),
            remedy: "shorten `timeout.attempt`, lengthen `timeout.total`, or make fewer attempts")
    }

    /// Warns of a first retry that comes when its call is over.
    private func isTooLate(_ retry: RetrySettings, _ context: inout ReadingContext) -> Bool {
        let first = min(retry.backoff.base, retry.backoff.cap)
        guard first >= longest else { return false }
        let isCertain = retry.backoff.shortest >= longest.seconds
        context.warn(
            .ignored, at: place("retry", "backoff", "base"),
            isCertain
                ? "the first retry waits for \(Units.text(first)), and the call is over after \(Units.text(longest)): none begins"
                : "the first retry waits for up to \(Units.text(first)), and the call is over after \(Units.text(longest)): "
                    + "many never begin", remedy: "write a shorter `base`, or a longer `timeout.total`")
        return true
    }

    /// A breaker looks at attempts; a share of slow ones needs some that take longer than `slow`.
    private func lookAtBreaker(_ context: inout ReadingContext) {
        guard let breaker = policies.breaker, case .rate(let rate) = breaker.trip, rate.slowShare != nil else { return }
        let isCut = attempt.map { $0 < rate.slow } ?? false
        guard isCut || rate.slow >= longest else { return }
        let (noun, end) = isCut ? ("attempt", attempt ?? longest) : ("call", longest)
        context.warn(
            .ignored, at: place("breaker", "slow"),
            "no \(noun) can be slower than `slow` (\(Units.text(rate.slow))), because it is over after \(Units.text(end))",
            remedy: "write a shorter `slow`, or a longer `timeout.\(isCut ? "attempt" : "total")`")
    }

    // MARK: Methods

    /// RFC 9110, 9.2.2: of the usual methods only these may not be repeated.
    private static let unsafeMethods: Set<String> = ["POST", "PATCH"]

    private func lookAtMethods(_ context: inout ReadingContext) {
        let steps = plan.scenarios.flatMap(\.steps)
        let isUnsafe = steps.allSatisfy { step in
            step.method.constant.map { Self.unsafeMethods.contains(String(decoding: $0, as: UTF8.self)) } ?? false
        }
        guard isUnsafe else { return }
        if let retry = policies.retry, !retry.allMethods, !steps.contains(where: { $0.retry == .allMethods }) {
            context.warn(
                .ignored, at: place("retry"),
                "all steps are POST or PATCH, which may not be repeated safely, and none is tried again",
                remedy: "write `methods: all`, or `retry: all` in a step")
        }
        if let hedge = policies.hedge, !hedge.allMethods {
            context.warn(
                .ignored, at: place("hedge"),
                "all steps are POST or PATCH, which may not be repeated safely, and none is hedged",
                remedy: "write `methods: all`")
        }
    }
}

extension RetrySettings.Backoff {
    /// The shortest pause before the first retry, in seconds.
    fileprivate var shortest: Double {
        let pause = min(base, cap).seconds
        switch jitter {
        case .none, .decorrelated, .added: return pause
        case .full: return 0
        case .equal: return pause / 2
        case .proportional: return pause * 0.8
        }
    }

    /// The longest pause before retry `n`, from 1, in seconds.
    func longest(beforeRetry n: Int) -> Double {
        if jitter == .decorrelated { return cap.seconds }
        var pause = base.seconds
        for _ in 1..<max(1, n) where pause < cap.seconds { pause *= factor }
        pause = min(pause, cap.seconds)
        switch jitter {
        case .added: return pause + 0.1
        case .proportional: return pause * 1.2
        case .none, .full, .equal, .decorrelated: return pause
        }
    }
}
