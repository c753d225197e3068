import Core
import Model

/// What services do for requests behind the scenes, their workers held: databases, caches, queues, other services.
extension SimulatedLab {
    /// Begins the work for a request whose service time is over. What a client that has left had asked for is done all the
    /// same: the service does not know.
    /// - Parameter fault: what struck the request; one that answers in place of the service leaves nothing to do.
    /// - Returns: whether there is any; then `workOver` is called when it is done.
    func startWork(_ flight: Int, _ request: SimulatedRequest, unless fault: FaultKind?, at now: Instant) -> Bool {
        guard let backstage, fault?.leavesAnswer ?? true else { return false }
        let exchange = asked(of: flight)
        let service = described[Int(flights[flight].listener)]
        let path = request.target(varied: exchange)
        guard let task = backstage.task(of: service, method: request.method(varied: exchange), path: path) else {
            return false
        }
        flights[flight].errand &+= 1
        flights[flight].key = task.key
        flights[flight].stage = .working
        backstage.start(
            task, bodyBytes: request.bodyBytes(varied: exchange),
            ticket: flight << 32 | Int(flights[flight].errand), at: now)
        return true
    }

    /// The work for a request is done.
    func workOver(_ ticket: Int, _ result: WorkResult, at now: Instant) {
        let flight = ticket >> 32
        // Its replica went out meanwhile, and the request with it.
        guard flights[flight].errand == UInt32(truncatingIfNeeded: ticket), flights[flight].stage == .working,
            let job = flights[flight].job
        else { return }
        let listener = Int(flights[flight].listener)
        if flights[flight].isAbandoned {
            isDone(flight)
        } else {
            services[listener].counts.answered(result)
            let outcome = services[listener].outcome(
                of: result, key: flights[flight].key, flights[flight].request, asked(of: flight), at: now)
            flights[flight].job = nil
            answer(flight, outcome, at: now)
        }
        release(job, of: listener, at: now)
    }
}
