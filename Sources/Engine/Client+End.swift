import Core

/// How a client comes to its end: stop, drain, close.
extension Client {
    /// Begins no further call; those under way go on.
    func stop() {
        if isTearingDown { return }
        isStopping = true
        isCut = true
        loop.wake(sleepers)
        loop.wake(thinkers)
        clearRoom()
        lastUserGone?.resume()
        lastUserGone = nil
        drainLimit = min(drainLimit, loop.sample() + Self.stopPatience)
        if isSettingUp { Task(executorPreference: loop.taskExecutor) { await self.cutSetup(at: self.drainLimit) } }
    }

    /// Ends the calls of setup, if there are any then; those of the load are ended by the drain.
    private func cutSetup(at limit: Instant) async {
        _ = await loop.sleep(until: limit, in: sleepers)
        if isSettingUp {
            clearRoom()
            transport.cancelAll()
        }
    }

    /// Begins no arrival that was to begin later than that: the data have come to their end.
    func endArrivals(after instant: Instant) {
        guard instant < lastArrival else { return }
        lastArrival = instant
        loop.wake(sleepers)
        lastUserGone?.resume()
        lastUserGone = nil
    }

    /// Ends the present phase for the rows of data: until the next one begins, nothing is drawn.
    func closeRows() -> (rows: [Int], isExhausted: Bool) { (cursors.close(), cursors.isExhausted) }

    /// How long calls may still take when the run is stopped.
    private static let stopPatience = Span.seconds(5)

    /// Waits until every flow has come to its end; at `limit` cuts off the ones that have not, and lets every task go home.
    func drain(until limit: Instant) async {
        isStopping = true
        drainLimit = min(drainLimit, limit)
        loop.wake(sleepers)
        while inFlight > 0, loop.now < drainLimit {
            _ = await loop.sleep(until: loop.now + .milliseconds(1), in: sleepers)
        }
        isCut = true
        loop.wake(thinkers)
        clearRoom()
        if inFlight > 0 { transport.cancelAll() }
        while inFlight > 0 || users.contains(where: { $0 > 0 }) { await loop.nextTurn() }
        for runner in idleRunners { runner.resume(returning: nil) }
        idleRunners.removeAll()
        while runners > 0 { await loop.nextTurn() }
        await endSideTasks()
    }

    /// Waits for hedges and whoever else runs beside the calls.
    private func endSideTasks() async {
        loop.wake(thinkers)
        while sideTasks > 0 { await loop.nextTurn() }
    }

    /// Closes every connection.
    func close() async {
        await endChecks()
        await endSideTasks()
        noteImbalance()
        isClosed = true
        policies.audit.sees(loop.sample())
        policies.audit.finish([
            "flows under way": inFlight, "calls under way": policies.active, "attempts under way": policies.inFlight,
            "attempts under way at an endpoint": policies.endpoints.reduce(0) { $0 + abs($1.inFlight) },
            "tasks beside the calls": sideTasks, "health checks": checks, "flows on their way": runners,
        ])
        policies.audit.finish(policies.held)
        transport.close()
    }
}
