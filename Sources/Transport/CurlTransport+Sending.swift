import CCurl
package import Core
import Loops

/// One request from its beginning to its end.
extension CurlTransport {
    /// - Note: A way that is not open carries nothing: the attempt is a fault of the generator.
    package func send(
        _ id: PreparedID, _ exchange: Exchange?, over place: Int, _ handle: SendHandle?, trace: TraceContext?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        guard routes.indices.contains(place), let route = routes[place], route.isOpen else {
            return .unsent(.generator_fault, at: loop.sample())
        }
        let request = prepared(id)
        guard settings.redirects > 0, let exchange, exchange.changesRequest else {
            return await send(
                request, exchange, over: route, handle, trace: trace, deadline: deadline, deadlineKind: deadlineKind)
        }
        // A redirect is relative to the URL that was really asked for: then the request is made whole, at its price.
        guard let whole = try? PreparedRequest(request.request.varied(by: exchange), settings: settings) else {
            return .unsent(.unsendable_value, at: loop.sample())
        }
        return await send(
            whole, exchange, isWhole: true, over: route, handle, trace: trace, deadline: deadline,
            deadlineKind: deadlineKind)
    }

    /// - Parameters:
    ///   - isWhole: the request needs nothing of the exchange any more, which only takes the response.
    ///   - chain: where the first request of a chain of redirects went; nil for the first itself.
    private func send(
        _ request: PreparedRequest, _ exchange: Exchange?, isWhole: Bool = false, over route: Route,
        _ handle: SendHandle?, trace: TraceContext?, chain: RedirectChain? = nil, deadline: Instant,
        deadlineKind: FailureKind
    ) async -> Attempt {
        let now = loop.sample()
        let transfer: Transfer
        let shard: Shard
        do {
            transfer = try takeTransfer(for: route)
            shard = try chooseShard(of: route)
        } catch {
            return .unsent(.generator_fault, at: now)
        }
        transfer.begin(request, exchange, isWhole: isWhole, trace: trace, sent: now, deadlineKind: deadlineKind)
        // A hop of a chain may still go where nothing new does.
        if !route.isOpen { transfer.forbidReuse(true) }
        if let handle {
            handle.transfer = transfer.index
            transfer.handle = handle
        }
        if let resolved, !shard.knowsNames {
            transfer.introduce(resolved)
            shard.knowsNames = true
        }
        transfer.shard = shard
        shard.active += 1
        deadlines.set(transfer.index, deadline)
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            transfer.continuation = continuation
            curl_multi_add_handle(UnsafeMutableRawPointer(shard.multi), transfer.easy)
        }
        let attempt = transfer.attempt
        let location = transfer.redirectLocation
        transfer.exchange = nil
        giveBack(transfer, of: route)
        guard let location else { return attempt }
        return await follow(
            location, after: attempt, of: request, exchange, handle, trace: trace,
            chain: chain ?? RedirectChain(origin: request.request.origin, route: route), deadline: deadline,
            deadlineKind: deadlineKind)
    }

    /// Sends on to where a redirect points; the hops after it come back through `send`.
    private func follow(
        _ location: String, after attempt: Attempt, of request: PreparedRequest, _ exchange: Exchange?,
        _ handle: SendHandle?, trace: TraceContext?, chain: RedirectChain, deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        var attempt = attempt
        defer { handle?.transfer = SendHandle.over }
        if handle?.transfer == SendHandle.cancelledBetweenHops {
            attempt.cancelled = true
            return attempt
        }
        switch request.hop(to: location, status: attempt.status, limit: settings.redirects) {
        case .failure(let refusal):
            attempt.failure = refusal.kind
        case .success(let hop):
            guard let prepared = try? PreparedRequest(hop, settings: settings, hops: request.hops + 1) else {
                attempt.failure = .redirect_refused
                break
            }
            // An endpoint speaks for the target only; another host is found where its own name leads.
            let isHome = hop.origin == chain.origin
            // The hops of a chain are one attempt, hence one trace and parent; another host gets nothing of the kind, as it
            // gets no other header that was meant for the first.
            attempt.append(
                await send(
                    prepared, exchange, isWhole: true, over: isHome ? chain.route : direct, handle,
                    trace: isHome ? trace : nil, chain: chain, deadline: deadline, deadlineKind: deadlineKind))
        }
        return attempt
    }

    // MARK: Ending

    package func cancel(_ handle: SendHandle) {
        if handle.transfer == SendHandle.betweenHops {
            handle.transfer = SendHandle.cancelledBetweenHops
            return
        }
        guard transfers.indices.contains(handle.transfer) else { return }
        let transfer = transfers[handle.transfer]
        guard transfer.handle === handle, transfer.continuation != nil else { return }
        if isDriving {
            cancelledHandles.append(handle)
            return
        }
        transfer.cancel(at: loop.sample())
        release(transfer)
    }

    package func cancelAll() {
        let now = loop.sample()
        for transfer in transfers where transfer.continuation != nil {
            transfer.cancel(at: now)
            release(transfer)
        }
    }

    /// Takes a finished transfer out of its multi handle and resumes whoever waits for it.
    func release(_ transfer: Transfer) {
        guard let shard = transfer.shard, let continuation = transfer.continuation else { return }
        deadlines.clear(transfer.index)
        curl_multi_remove_handle(UnsafeMutableRawPointer(shard.multi), transfer.easy)
        shard.active -= 1
        if tracksConnections { connectionLeft(by: transfer) }
        if shard.open > shard.active, shard.route.isOpen {
            shard.route.idleHints.append(shard)
        } else if shard.active == 0, shard.retired > 0 || !shard.route.isOpen {
            noteLeaving(shard)
        }
        if let handle = transfer.handle {
            handle.transfer = transfer.redirectLocation == nil ? SendHandle.over : SendHandle.betweenHops
            handle.requestGoesOut = nil
            transfer.handle = nil
        }
        transfer.shard = nil
        transfer.continuation = nil
        continuation.resume()
    }
}

/// Where a chain of redirects began.
struct RedirectChain {
    let origin: String
    let route: Route
}

/// What stands in `SendHandle.transfer` instead of a transfer.
extension SendHandle {
    static let over = -1
    /// A redirect was answered, and the next request has not begun.
    static let betweenHops = -2
    static let cancelledBetweenHops = -3
}
