import Core
import Recording

/// What the client side of a `SyntheticRun` does with its calls: each count follows from the number of the call.
struct SyntheticPolicies {
    var addresses: [String] = []
    var zones: [String] = []
    /// Every so many calls, one is turned away; 0 for never. Every other of them has a fallback.
    var rejectEvery = 0
    /// Every so many calls, the first try fails and a retry rescues the call; 0 for never.
    var retryEvery = 0
    /// Every so many calls, one is hedged; every fourth hedge wins. 0 for never.
    var hedgeEvery = 0
    /// The endpoint that takes half of the calls, and fails most first tries, if any.
    var blackHole: Int?
    var shards: RunRecord.ShardRecord?
    var events: [RunEvent] = []
    /// How many events were more than a second's share, in the first second.
    var eventsLost = 0
    /// Endpoints that are not available, by second.
    var unavailable: [Int: Int] = [:]

    /// Names what the run has; before its start.
    func list(in record: inout RunRecord) {
        record.endpoints = addresses.indices.map { place in
            RunRecord.EndpointRecord(
                place: place, address: addresses[place], weight: 1 + place % 2,
                zone: place < zones.count ? zones[place] : nil)
        }
        record.shards = shards
        record.policies = [:]
    }

    func endpoint(of call: Int) -> Int? {
        guard !addresses.isEmpty else { return nil }
        if let blackHole, call % 2 == 0 { return blackHole }
        return call / 2 % addresses.count
    }

    /// Whether the client turns a call away.
    func rejects(_ call: Int) -> Bool { rejectEvery > 0 && call % rejectEvery == rejectEvery - 1 }

    func reject(_ call: Int, _ ledger: inout Ledger, _ counts: inout StepCounts, _ outcomes: Interval) {
        ledger.rejected += 1
        counts.reject()
        let layer: Rejection = call % 3 == 0 ? .bulkhead_full : .breaker_open
        outcomes.policies.rejections[Int(layer.rawValue)] += 1
        guard call / rejectEvery % 2 == 0 else { return }
        ledger.fallbacks += 1
        counts.fallBack()
    }

    /// The attempts of a call that was sent.
    func attempt(_ call: Int, served: Span, fails: Bool, _ ledger: inout Ledger, _ outcomes: Interval) {
        let place = endpoint(of: call)
        let isHole = place != nil && place == blackHole
        let retries = !fails && (retryEvery > 0 && call % retryEvery == 0 || isHole && call % 3 > 0)
        attempt(at: place, served: served, isSuccess: !fails && !retries, outcomes)
        ledger.firstTries += 1
        if retries {
            attempt(at: place.map { ($0 + 1) % addresses.count }, served: served, isSuccess: true, outcomes)
            ledger.retries += 1
            outcomes.policies.retries[call % 2 == 0 ? 1 : 3] += 1
            outcomes.policies.rescued += 1
        } else if fails, retryEvery > 0 {
            outcomes.policies.retriesDenied += 1
        }
        if hedgeEvery > 0, call % hedgeEvery == 1 {
            let place = place.map { ($0 + 1) % addresses.count }
            attempt(at: place, served: served, isSuccess: true, outcomes)
            ledger.hedges += 1
            if call / hedgeEvery % 4 == 0 {
                outcomes.policies.hedgesWon += 1
            } else {
                outcomes.policies.hedgesWasted += 1
            }
        }
        guard shards != nil, let place else { return }
        if call % 10 == 0 {
            outcomes.policies.scattered += 1
        } else {
            outcomes.policies.keyed += 1
            outcomes.endpoints[place].keyed += 1
        }
    }

    private func attempt(at place: Int?, served: Span, isSuccess: Bool, _ outcomes: Interval) {
        guard let place else { return }
        outcomes.makeRoom(for: place)
        outcomes.endpoints[place].attempts += 1
        outcomes.endpoints[place].requests += 1
        if isSuccess { outcomes.endpoints[place].succeeded += 1 } else { outcomes.endpoints[place].failed += 1 }
        outcomes.endpoints[place].service.record(served)
    }

    /// Gauges at the end of a second, and what happened in it once.
    func finish(second: Int, _ row: inout TimelineRow, _ outcomes: Interval) {
        row.policies = outcomes.policies
        row.retryBudgetLeft = retryEvery > 0 ? max(0, 1 - Double(second) / 20) : nil
        if second == 0, eventsLost > 0 {
            let event = RunEvent(time: .zero, client: 0, kind: .alert, subject: "imbalance", what: "begin")
            for _ in 0..<(Interval.mostEvents + eventsLost) { outcomes.note(event) }
        }
        guard !addresses.isEmpty else { return }
        outcomes.makeRoom(for: addresses.count - 1)
        row.endpoints = addresses.count
        row.endpointsAvailable = addresses.count - (unavailable[second] ?? 0)
        outcomes.endpoints[0].checks += 1
        if second == 7 { outcomes.endpoints[addresses.count - 1].breakerOpenings += 1 }
    }
}
