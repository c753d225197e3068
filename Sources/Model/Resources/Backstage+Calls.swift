import Core
import Policies

/// Calls to other services.
extension Backstage {
    /// An attempt at the call that an errand is at.
    func attemptCall(_ errand: Int) {
        guard case .call(let site) = step(of: errand) else { return }
        errands[errand].stage = .calling
        errands[errand].attempt += 1
        let service = sites[site].service
        var pass: Breaker.Pass?
        if let admission = sites[site].breaker?.admit(at: clock) {
            countOpenings(site)
            guard case .admitted(let own) = admission else {
                services[service].meter.add(.stopped, at: clock)
                // To try again is what the breaker is to prevent.
                return giveUp(errand, site)
            }
            pass = own
        }
        services[service].meter.add(.calls, at: clock)
        let call = calls.insert(Call(site: site, errand: errand, began: clock, pass: pass))
        guard !services[service].model.isOut else { return conclude(call, .refused) }
        switch services[service].model.arrived(call, path: "", at: clock) {
        case .started(let job, let until): begun(call, job, until: until)
        case .queued(let seat): calls[call].seat = seat
        case .rejected: return conclude(call, .refused)
        }
        services[service].gauge(at: clock)
        if let timeout = sites[site].settings.timeout {
            events.insert(.timedOut(call: call, serial: calls.serial(call)), at: clock + timeout)
        }
    }

    /// The service has finished its work on a call, and takes the next.
    func callServed(_ call: Int, _ serial: UInt32) {
        guard calls.holds(call, serial), let job = calls[call].job else { return }
        let service = sites[calls[call].site].service
        let fault = services[service].model.outcome(of: job)
        if let next = services[service].model.finished(job, at: clock) {
            begun(next.ticket, next.job, until: next.until)
        }
        services[service].gauge(at: clock)
        conclude(call, fault == nil ? .succeeded : .failed)
    }

    /// The caller waits no longer; a service that is at work on it does not know and goes on.
    func callTimedOut(_ call: Int, _ serial: UInt32) {
        guard calls.holds(call, serial), calls[call].errand != nil else { return }
        let service = sites[calls[call].site].service
        if let seat = calls[call].seat, services[service].model.left(seat) {
            services[service].gauge(at: clock)
            return conclude(call, .timedOut)
        }
        count(call, .timedOut)
        let (errand, site) = (calls[call].errand, calls[call].site)
        calls[call].errand = nil
        calls[call].pass = nil
        if let errand { tryAgain(errand, site) }
    }

    /// Something happens to a called service: episodes.
    func serviceChanges(_ service: Int) {
        let turnover = services[service].model.advance(to: clock)
        if !turnover.out.isEmpty {
            for call in calls.places where sites[calls[call].site].service == service {
                if let job = calls[call].job, turnover.out.contains(job.replica) { conclude(call, .failed) }
            }
        }
        for call in turnover.lost { conclude(call, .failed) }
        for start in turnover.started { begun(start.ticket, start.job, until: start.until) }
        services[service].gauge(at: clock)
        events.insert(.changes(service: service), at: services[service].model.nextChange)
    }

    func resizeService(_ service: Int, to workers: Int) {
        services[service].recovery?.arrived()
        for start in services[service].model.scale(to: workers, at: clock) {
            begun(start.ticket, start.job, until: start.until)
        }
        services[service].gauge(at: clock)
    }

    /// A worker has begun a call.
    private func begun(_ call: Int, _ job: ServiceModel<Int>.Job, until: Instant) {
        calls[call].seat = nil
        calls[call].job = job
        events.insert(.served(call: call, serial: calls.serial(call)), at: until)
    }

    /// A call has left its service. Its caller hears of it if it waits still.
    private func conclude(_ number: Int, _ end: Call.End) {
        if calls[number].errand != nil { count(number, end) }
        let call = calls.remove(number)
        guard let errand = call.errand else { return }
        if end == .succeeded {
            complete(errand)
        } else {
            tryAgain(errand, call.site)
        }
    }

    /// What an attempt came to, in the books and for the breaker.
    private func count(_ number: Int, _ end: Call.End) {
        let call = calls[number]
        let service = sites[call.site].service
        switch end {
        case .succeeded:
            services[service].meter.add(.done, at: clock)
            services[service].meter.record(clock - call.began, at: clock)
        case .failed: services[service].meter.add(.failed, at: clock)
        case .refused: services[service].meter.add(.refused, at: clock)
        case .timedOut: services[service].meter.add(.timedOut, at: clock)
        }
        services[service].recovery?.ended(failed: end != .succeeded)
        guard let pass = call.pass else { return }
        let transition = sites[call.site].breaker?.ended(
            pass, failed: end != .succeeded, took: clock - call.began, at: clock)
        if transition?.to == .open { services[service].meter.add(.openings, at: clock) }
        countOpenings(call.site)
    }

    private func tryAgain(_ errand: Int, _ site: Int) {
        let settings = sites[site].settings
        guard errands[errand].attempt < settings.attempts else { return giveUp(errand, site) }
        wait(errand, .pausing, settings.wait)
    }

    /// No attempt is left, or the breaker is open.
    private func giveUp(_ errand: Int, _ site: Int) {
        guard let fallback = sites[site].settings.fallback else { return fail(errand, 502) }
        services[sites[site].service].meter.add(.fallbacks, at: clock)
        errands[errand].result.status = errands[errand].result.status ?? fallback
        complete(errand)
    }

    private func countOpenings(_ site: Int) {
        while let transition = sites[site].breaker?.takeTransition() {
            if transition.to == .open { services[sites[site].service].meter.add(.openings, at: clock) }
        }
    }
}
