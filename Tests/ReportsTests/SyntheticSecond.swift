import Core
import Recording

/// One second of a `SyntheticRun`.
struct SyntheticSecond {
    let run: SyntheticRun
    let isWarmUp: Bool
    private(set) var row: TimelineRow
    private(set) var counts: [StepCounts]
    /// Transactions, checks and counters.
    let outcomes: Interval
    private(set) var response = LatencyHistogram()
    private(set) var service = LatencyHistogram()
    private(set) var lag = LatencyHistogram()
    private(set) var connect = LatencyHistogram()
    private(set) var firstByte = LatencyHistogram()
    private(set) var stepResponse: [LatencyHistogram]
    private(set) var stepService: [LatencyHistogram]
    private let second: Int

    init(run: SyntheticRun, second: Int, isWarmUp: Bool, phase: Int) {
        self.run = run
        self.second = second
        self.isWarmUp = isWarmUp
        row = TimelineRow(time: Double(second), length: 1, kind: isWarmUp ? .warmUp : .run, phase: phase)
        outcomes = Interval(run.table)
        counts = run.steps.map { _ in StepCounts() }
        stepResponse = run.steps.map { _ in LatencyHistogram() }
        stepService = stepResponse
    }

    mutating func fill(_ random: inout SeededRandom) {
        for call in 0..<run.rate { make(call: second * run.rate + call, &random) }
        if run.policies == nil { row.ledger.firstTries = run.rate }
        row.ledger.scheduled = run.rate + run.droppedLatePerSecond + run.droppedInFlightPerSecond
        row.ledger.droppedLate = run.droppedLatePerSecond
        row.ledger.droppedInFlight = run.droppedInFlightPerSecond
        row.ledger.started = run.rate
        row.ledger.completed = run.rate
        row.ledger.made = run.rate
        row.ledger.reached = row.ledger.attempts
        row.ledger.resends = run.resendsPerSecond
        row.ledger.connectionsReused = max(0, run.rate - row.ledger.connectionsOpened)
        row.ledger.bytesSent = 120 * run.rate
        row.ledger.bytesReceived = 2_300 * run.rate
        row.inFlight = run.rate / 10
        row.connections = 12
        row.busiestLoop = run.busiest
        if !response.isEmpty {
            row.responseP50 = response.value(atPercentile: 50)
            row.responseP99 = response.value(atPercentile: 99)
            row.sendLagP99 = lag.value(atPercentile: 99)
        }
        for count in counts { row.count(count) }
        guard !isWarmUp else { return }
        row.count(outcomes.checks)
        row.counters = run.table.sums(of: outcomes.counters)
        run.policies?.finish(second: second, &row, outcomes)
    }

    private mutating func make(call: Int, _ random: inout SeededRandom) {
        let step = call % run.steps.count
        if !isWarmUp, let policies = run.policies, policies.rejects(call) {
            return policies.reject(call, &row.ledger, &counts[step], outcomes)
        }
        // Integer arithmetic after one division, so that no platform's logarithm decides a golden file: a tail like 1/x.
        let unit = random.nextUnit()
        let milliseconds = min(run.median * 40, run.median * (0.5 + 0.5 / max(unit, 0.001)) * (1 + Double(step) / 4))
        let total = Span(nanoseconds: Int64(milliseconds * 1e6))
        let served = max(total - run.sendLag, .microseconds(100))
        response.record(total)
        service.record(served)
        lag.record(run.sendLag)
        firstByte.record(Span(nanoseconds: served.nanoseconds * 9 / 10))
        stepResponse[step].record(total)
        stepService[step].record(served)
        if second == 0, call % run.rate < 12 {
            connect.record(.microseconds(400))
            row.ledger.connectionsOpened += 1
        }
        let fails = run.failEvery > 0 && call % run.failEvery == run.failEvery - 1
        let status: Int32 = fails ? (run.failure == .status_5xx ? 503 : 0) : 200
        counts[step].count(status: status, failure: fails ? run.failure : nil)
        if run.namesCalls, !isWarmUp { name(call, step, total, served, status, fails ? run.failure : nil) }
        for index in run.transactions.indices {
            outcomes.transactions[index].count(status: 0, failure: fails ? run.failure : nil)
            outcomes.histograms[run.table.transaction(index)].record(total)
        }
        for index in run.checks.indices {
            let isTurn = call % 10 == 9 && call / 10 % run.checks.count == index
            if isTurn { outcomes.checks[index].fail(sample: run.sample) } else { outcomes.checks[index].pass() }
        }
        for index in run.counters.indices {
            let tags = call % 2 == 0 ? "" : CounterName.text(of: run.tags)
            outcomes.counters.add(counter: index, tags: tags, amount: 0.5)
        }
        if fails { row.ledger.failed += 1 } else { row.ledger.succeeded += 1 }
        if isWarmUp {
            row.ledger.firstTries += run.policies == nil ? 0 : 1
        } else {
            run.policies?.attempt(call, served: served, fails: fails, &row.ledger, outcomes)
        }
    }

    /// What a client keeps of a call that is slow or failed.
    private func name(_ call: Int, _ step: Int, _ total: Span, _ served: Span, _ status: Int32, _ failure: FailureKind?)
    {
        let trace = TraceID(
            high: SeededRandom.value(seed: run.seed, stream: 1, at: UInt64(call)),
            low: SeededRandom.value(seed: run.seed, stream: 2, at: UInt64(call)))
        let intended = Span(nanoseconds: Int64(call) * 1_000_000_000 / Int64(run.rate))
        let place = run.policies?.endpoint(of: call)
        var phases = ConnectPhases()
        if call % run.rate < 12, second == 0 { phases.connect = .microseconds(400) }
        let rest = served - phases.total
        let firstByte = Span(nanoseconds: rest.nanoseconds * 9 / 10)
        outcomes.notable.slowest.add(
            SlowCall(
                intended: intended, step: step, place: place, status: status, failure: failure,
                attempts: failure == nil || run.policies == nil ? 1 : 3, trace: trace, response: total, service: served,
                wait: total - served, phases: phases, firstByte: status > 0 ? firstByte : nil,
                transfer: status > 0 ? rest - firstByte : nil, bytesSent: 190, bytesReceived: status > 0 ? 2_300 : 0))
        guard let failure else { return }
        outcomes.notable.errors.note(
            step: step, place: place, status: status, failure: failure, at: intended + total, trace: trace)
    }

    /// What the log gets, in the order of the engine.
    var series: [(SeriesName, LatencyHistogram)] {
        guard !isWarmUp else { return [(.warmUpResponse, response), (.warmUpService, service)] }
        var series: [(SeriesName, LatencyHistogram)] = [(.response, response), (.service, service)]
        for (index, step) in run.steps.enumerated() {
            series.append((.stepResponse(scenario: step.scenario, step: step.step), stepResponse[index]))
            series.append((.stepService(scenario: step.scenario, step: step.step), stepService[index]))
        }
        for (index, transaction) in run.transactions.enumerated() {
            let name = SeriesName.transaction(scenario: transaction.scenario, name: transaction.name)
            series.append((name, outcomes.histograms[run.table.transaction(index)]))
        }
        for (address, endpoint) in zip(run.policies?.addresses ?? [], outcomes.endpoints) {
            series.append((.endpoint(address: address), endpoint.service))
        }
        return series + [(.sendLag, lag), (.connect, connect), (.firstByte, firstByte)]
    }
}
