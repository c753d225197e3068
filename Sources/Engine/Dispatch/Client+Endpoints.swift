import Core
import Flows
import Plans
import Policies
import Recording

/// The set of endpoints, and how each of them is: changes of the set, health checks, ejections, alerts.
extension Client {
    // MARK: The set

    /// Takes a new set of endpoints: routes are opened and closed, what is known of those that stay is kept.
    func take(_ update: EndpointFeed.Update) {
        // Updates of two threads may come in the wrong order, and the last after the end.
        guard update.number > lastUpdate, !isClosed else { return }
        lastUpdate = update.number
        let now = loop.sample()
        let before = Set(policies.members)
        let after = Set(update.members.map(\.place))
        for (place, endpoint) in update.members {
            policies.makeRoom(for: place)
            if !before.contains(place) { open(place, endpoint) }
        }
        let earlier = policies.sharder
        policies.setMembers(update.members, at: now)
        for place in before.subtracting(after).sorted() { close(place) }
        for place in policies.members { policies.refresh(place, at: now) }
        if !update.isFirst, index == 0 { note(update, movedFrom: earlier) }
        noteHealth(at: now)
    }

    private func open(_ place: Int, _ endpoint: Endpoint) {
        policies.endpoints[place].label = endpoint.label
        policies.endpoints[place].isMember = true
        policies.endpoints[place].generation += 1
        transport.openRoute(place, to: endpoint.address, named: endpoint.hostName)
        if isChecking { beginChecks(of: place) }
    }

    private func close(_ place: Int) {
        policies.endpoints[place].isMember = false
        transport.closeRoute(place)
    }

    private func note(_ update: EndpointFeed.Update, movedFrom earlier: Sharder?) {
        for (what, addresses) in [("added", update.added), ("removed", update.removed), ("changed", update.changed)] {
            for address in addresses { note(.endpoints, address, what) }
        }
        if let problem = update.problem { note(.endpoints, "source", "kept", problem) }
        guard let earlier, let sharder = policies.sharder, !(update.added + update.removed).isEmpty else { return }
        let share = sharder.movedShare(from: earlier)
        movedKeys.append((runTime, share))
        note(.endpoints, "shards", "moved", "\((share * 100).fixed(1)) % of the keys")
    }

    // MARK: Health checks

    /// Begins to ask the endpoints how they are, and to look after those that were ejected.
    func beginChecks() {
        isChecking = true
        for place in policies.members { beginChecks(of: place) }
        if policies.detector != nil {
            checks += 1
            Task(executorPreference: loop.taskExecutor) { await self.watchEjections() }
        }
    }

    /// Ends all checks.
    func endChecks() async {
        isChecking = false
        loop.wake(checkers)
        for handle in checkHandles { transport.cancel(handle) }
        while checks > 0 { await loop.nextTurn() }
    }

    private func beginChecks(of place: Int) {
        guard policies.settings.check != nil else { return }
        let generation = policies.endpoints[place].generation
        checks += 1
        Task(executorPreference: loop.taskExecutor) { await self.check(place, generation) }
    }

    /// Asks one endpoint again and again, from a random moment on, so that checks of many do not fall together.
    private func check(_ place: Int, _ generation: Int) async {
        defer { checks -= 1 }
        guard let settings = policies.settings.check, let request = checkRequest else { return }
        let share = policies.drawUnit()
        var next = loop.now + Span(seconds: settings.interval.seconds * share)
        let exchange = program.checkLoadHeader == nil ? nil : Exchange()
        exchange?.keepsHeaders = true
        while isToBeChecked(place, generation), await loop.sleep(until: next, in: checkers) {
            guard isToBeChecked(place, generation) else { return }
            let handle = SendHandle()
            checkHandles.append(handle)
            let attempt = await transport.send(
                request, exchange, over: place, handle, trace: nil, deadline: loop.sample() + settings.timeout,
                deadlineKind: .attempt_timeout)
            checkHandles.removeAll { $0 === handle }
            recorder.endpoint(place) {
                if attempt.reachedServer { $0.checks += 1 + Int(attempt.resends) + Int(attempt.redirects) }
            }
            guard !attempt.cancelled, isToBeChecked(place, generation) else { return }
            let isGood = attempt.failure == nil && settings.status.contains(attempt.status)
            judge(place, isGood: isGood, attempt)
            if isGood, let exchange, let header = program.checkLoadHeader {
                if let text = exchange.responseHeader(header), let load = LoadReport(text.utf8) {
                    policies.balancer.report(place, load, at: loop.now)
                }
            }
            next = max(next + settings.interval, loop.now)
        }
    }

    private func isToBeChecked(_ place: Int, _ generation: Int) -> Bool {
        isChecking && policies.endpoints[place].isMember && policies.endpoints[place].generation == generation
    }

    private func judge(_ place: Int, isGood: Bool, _ attempt: Attempt) {
        if !isGood { recorder.endpoint(place) { $0.checksFailed += 1 } }
        if let change = policies.endpoints[place].health?.checked(good: isGood) {
            policies.endpoints[place].isUnhealthy = change == .becameUnhealthy
            let why = attempt.failure?.name ?? "status \(attempt.status)"
            note(.health, policies.endpoints[place].label, change.description, isGood ? "" : why)
            if isGood, policies.detector?.unejected(byHealthCheck: place) == true {
                note(.ejection, policies.endpoints[place].label, "returned", "by a health check")
            }
            policies.refresh(place, at: loop.now)
            noteHealth(at: loop.now)
        }
    }

    // MARK: Ejections

    private func watchEjections() async {
        defer { checks -= 1 }
        while isChecking {
            lookAtEjections()
            let next = max(policies.detector?.nextTick ?? .never, loop.now + .milliseconds(1))
            guard await loop.sleep(until: next, in: checkers) else { return }
        }
    }

    private func lookAtEjections() {
        for event in policies.detector?.tick(at: loop.now) ?? [] {
            switch event {
            case .ejected(let ejection): note(ejection)
            case .returned(let place):
                note(.ejection, policies.endpoints[place].label, "returned")
                policies.refresh(place, at: loop.now)
            }
        }
        noteHealth(at: loop.now)
    }

    /// Looks when that ejection is over: the watch may sleep longer than it lasts.
    private func awaitReturn(at instant: Instant) {
        guard isChecking else { return }
        checks += 1
        Task(executorPreference: loop.taskExecutor) { await self.lookAtEjections(at: instant) }
    }

    private func lookAtEjections(at instant: Instant) async {
        defer { checks -= 1 }
        if isChecking, await loop.sleep(until: instant, in: checkers), isChecking { lookAtEjections() }
    }

    func note(_ ejection: Ejection) {
        let place = ejection.place
        recorder.endpoint(place) { $0.ejections += 1 }
        note(
            .ejection, policies.endpoints[place].label, "ejected",
            "\(ejection.reason), \(until(ejection.until))")
        policies.refresh(place, at: loop.now)
        noteHealth(at: loop.now)
        awaitReturn(at: ejection.until)
    }

    // MARK: Breakers

    /// Notes what an admission has changed.
    func noteTransitions(of breaker: Int, _ call: CallUnderWay, _ place: Int) {
        while let transition = policies.breakers[breaker].takeTransition() {
            note(transition, of: breaker, call, place)
        }
    }

    func note(_ transition: Breaker.Transition, of breaker: Int, _ call: CallUnderWay, _ place: Int) {
        policies.audit.breakerTurned(breaker, transition)
        let isOfStep = policies.settings.breaker?.scope == .step
        let step = program.steps[call.step]
        let subject = isOfStep ? "\(step.scenario)/\(step.name)" : policies.endpoints[place].label
        var detail = ""
        if transition.to == .open {
            detail = until(policies.breakers[breaker].openUntil)
            if !isOfStep { recorder.endpoint(place) { $0.breakerOpenings += 1 } }
        }
        note(.breaker, subject.isEmpty ? "target" : subject, transition.to.description, detail)
        guard !isOfStep else { return }
        policies.refresh(place, at: loop.now)
        notePanic()
    }

    /// Asks breakers again whose time to be tried has come.
    func refreshTrialsIfDue(at now: Instant) {
        guard now >= policies.nextTrial else { return }
        policies.refreshTrials(at: now)
        notePanic()
    }

    // MARK: Alerts

    /// Notes when too few endpoints are healthy, and when enough are again.
    private func noteHealth(at now: Instant) {
        let members = policies.members
        guard members.count > 1 else { return }
        let healthy = members.count { policies.isHealthy($0) }
        // The guide's alert is strict: half is enough.
        let isUnhealthy = 2 * healthy < members.count
        if isUnhealthy != policies.isUnhealthy {
            policies.isUnhealthy = isUnhealthy
            note(.alert, "healthy-ratio", isUnhealthy ? "begin" : "end", "\(healthy) of \(members.count) healthy")
        }
        notePanic()
    }

    /// Notes when the balancer begins to look away from who is available, and when it looks again.
    private func notePanic() {
        let isPanicking = policies.members.count > 1 && policies.balancer.isPanicking
        guard isPanicking != policies.isPanicking else { return }
        policies.isPanicking = isPanicking
        note(.panic, "balancer", isPanicking ? "begin" : "end")
    }

    /// Once a minute, and at the end: whether the shards are too unequal.
    func noteImbalance() {
        guard let shard = policies.settings.shard, policies.members.count > 1 else { return }
        var balance = ShardBalance()
        for place in policies.members { balance.add(policies.keyed[place], at: place) }
        let imbalance = balance.imbalance
        let isImbalanced = imbalance > shard.imbalance
        guard isImbalanced != policies.isImbalanced else { return }
        policies.isImbalanced = isImbalanced
        note(.alert, "imbalance", isImbalanced ? "begin" : "end", "\((imbalance * 100).fixed(0)) % above the mean")
    }

    // MARK: Events

    func note(_ kind: RunEvent.Kind, _ subject: String, _ what: String, _ detail: String = "") {
        let client = program.client.clients > 1 && kind != .endpoints ? index : nil
        recorder.note(
            RunEvent(
                time: runTime, client: client, kind: kind, subject: subject, what: what,
                detail: detail))
    }

    /// Since the start of the run; zero in setup, before it.
    private var runTime: Span { hasBegun ? max(.zero, loop.now - origin) : .zero }

    /// An instant that lies ahead, as seconds of the run; in setup nobody knows yet when that begins.
    private func until(_ instant: Instant) -> String {
        hasBegun
            ? "until \((instant - origin).seconds.fixed(1)) s" : "for \((instant - loop.now).seconds.fixed(1)) s"
    }
}
