import Core

/// How errands walk through their steps.
extension Backstage {
    /// What came of beginning a step.
    private enum Begun {
        /// It is over already.
        case done
        /// Something will make the errand go on.
        case waits
        case failed(Int32)
    }

    /// An errand goes on: what it was waiting for in its step has come, or its next steps begin.
    func resume(_ errand: Int) {
        switch errands[errand].stage {
        case .between: walk(errand)
        case .working:
            errands[errand].step += 1
            walk(errand)
        case .looking: cacheLooked(errand)
        case .keeping: cacheKept(errand)
        case .invalidating: cacheInvalidated(errand)
        case .compressing: attemptUpload(errand)
        case .pausing:
            if case .upload = step(of: errand) { attemptUpload(errand) } else { attemptCall(errand) }
        // Those go on by `complete` and `fail`.
        case .joining, .querying, .filling, .storing, .uploading, .calling: break
        }
    }

    /// The step under way is over, and it was well.
    func complete(_ errand: Int) {
        errands[errand].stage = .between
        errands[errand].step += 1
        makeReady(errand)
    }

    /// The step under way has failed: so has the errand.
    func fail(_ errand: Int, _ status: Int32) {
        errands[errand].stage = .between
        errands[errand].failure = status
        makeReady(errand)
    }

    /// The errand goes on when so much time has passed.
    func wait(_ errand: Int, _ stage: Errand.Stage, _ time: Span) {
        errands[errand].stage = stage
        if time > .zero {
            events.insert(.goesOn(errand: errand), at: clock + time)
        } else {
            makeReady(errand)
        }
    }

    /// The step that an errand is at.
    /// - Precondition: it is not at its end.
    func step(of errand: Int) -> RouteTable.Step { routes.blocks[errands[errand].block][errands[errand].step] }

    /// A time that a step has of its own.
    func draw(_ time: RouteTable.OwnTime) -> Span { time.distribution.sample(using: &streams[time.stream]) }

    private func walk(_ errand: Int) {
        while errands[errand].failure == nil, errands[errand].step < routes.blocks[errands[errand].block].count {
            errands[errand].attempt = 0
            switch begin(step(of: errand), errand) {
            case .done: errands[errand].step += 1
            case .waits: return
            case .failed(let status): errands[errand].failure = status
            }
        }
        end(errand)
    }

    private func begin(_ step: RouteTable.Step, _ errand: Int) -> Begun {
        switch step {
        case .work(let time):
            let span = draw(time)
            guard span > .zero else { return .done }
            wait(errand, .working, span)
        case .query(let database, let isWrite, let time):
            errands[errand].stage = .querying
            let asked = ask(
                database, errands[errand].key, isWrite: isWrite, time: time.map(draw), owner: .errand(errand))
            if !asked { return .failed(503) }
        case .look(let cache, _): wait(errand, .looking, caches[cache].time())
        case .keep(let cache, let time): return beginKeeping(errand, cache, time: time) ? .waits : .failed(503)
        case .invalidate(let cache, _): wait(errand, .invalidating, caches[cache].time())
        case .send(let queue, let messages): return send(messages, queue) ? .done : .failed(503)
        case .upload(_, let upload): beginUpload(errand, upload)
        case .call: attemptCall(errand)
        case .parallel(let blocks):
            guard !blocks.isEmpty else { return .done }
            errands[errand].stage = .joining
            errands[errand].branches = blocks.count
            let parent = errands[errand]
            for (branch, block) in blocks.enumerated() {
                makeReady(errands.insert(parent.forked(block: block, branch: branch, of: errand)))
            }
        }
        return .waits
    }

    /// All steps of an errand are done, or one has failed.
    private func end(_ number: Int) {
        let errand = errands.remove(number)
        guard errand.parent >= 0 else {
            var result = errand.result
            if let failure = errand.failure { result.status = failure }
            return finish(errand.ticket, result)
        }
        errands[errand.parent].join(errand)
        guard errands[errand.parent].branches == 0 else { return }
        if let status = errands[errand.parent].joined() {
            fail(errand.parent, status)
        } else {
            complete(errand.parent)
        }
    }
}
