/// The policies of a plan's client: what each of its instances gets of its own.
package struct PolicySettings: Hashable, Sendable {
    package var balance = BalanceSettings()
    package var shard: ShardSettings?
    package var check: HealthCheckSettings?
    package var outliers: OutlierSettings?
    package var retry: RetrySettings?
    package var hedge: HedgeSettings?
    package var breaker: BreakerSettings?
    package var throttle: ThrottleSettings?
    package var bulkheads: [BulkheadSettings] = []
    package var pool: PoolSettings?
    package var adaptiveTimeout: AdaptiveTimeoutSettings?

    package init() {}
}
