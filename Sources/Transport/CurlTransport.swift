import CCurl
package import Core
import Glibc
package import Loops

/// HTTP on libcurl multi handles, on one loop: the transport of one client.
///
/// Everything runs on the loop's thread: libcurl is driven by socket readiness and by its own timers, which are only
/// noted here and served once per turn. See `Docs/performance.md` for what each choice is worth.
package final class CurlTransport: Transporting, LoopSource {
    let loop: EpollLoop
    let settings: TransportSettings
    private var tag: UInt32 = 0
    private var requests: [PreparedRequest] = []
    private var shards: [Shard] = []
    private var dueShards: [Shard] = []
    /// A lower bound of all shards' timers.
    private var nextTimer = Instant.never
    /// Shards that had an idle connection when a transfer ended, the latest last. Entries may be stale.
    private var idleHints: [Shard] = []
    private var transfers: [Transfer] = []
    private var free: [Transfer] = []
    private var deadlines = DeadlineTable()
    private var interest = InterestTable()
    /// `host:port:address,…` for the target's name, resolved once by us; nil leaves it to libcurl.
    private let resolved: UnsafeMutablePointer<curl_slist>?

    package private(set) var openConnections = 0
    package private(set) var peakConnections = 0

    /// - Parameters:
    ///   - resolved: what the target's name stands for, as `host:port:address[,address…]`; libcurl would otherwise
    ///     start a thread for each look-up.
    /// - Note: Create it on the loop.
    package init(loop: EpollLoop, settings: TransportSettings, resolved: String? = nil) {
        self.loop = loop
        self.settings = settings
        self.resolved = resolved.flatMap { curl_slist_append(nil, $0) }
        tag = loop.attach(self)
    }

    deinit {
        close()
        curl_slist_free_all(resolved)
    }

    package func close() {
        // Handles leave before the multi handles they were in; closing tells this object about each socket.
        idleHints.removeAll()
        dueShards.removeAll()
        free.removeAll()
        transfers.removeAll()
        interest.releaseShards()
        shards.removeAll()
    }

    package func prepare(_ request: Request) throws(InvalidRequest) -> PreparedID {
        requests.append(try PreparedRequest(request, settings: settings))
        return PreparedID(index: requests.count - 1)
    }

    // MARK: Sending

    package func send(
        _ id: PreparedID, _ exchange: Exchange?, deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        let request = requests[id.index]
        guard settings.redirects > 0, let exchange, exchange.changesRequest else {
            return await send(request, exchange, deadline: deadline, deadlineKind: deadlineKind)
        }
        // A redirect is relative to the URL that was really asked for: then the request is made whole, at its price.
        guard let whole = try? PreparedRequest(request.request.varied(by: exchange), settings: settings) else {
            return .unsent(.unsendable_value, at: loop.sample())
        }
        return await send(whole, exchange, isWhole: true, deadline: deadline, deadlineKind: deadlineKind)
    }

    /// - Parameter isWhole: the request needs nothing of the exchange any more, which only takes the response.
    private func send(
        _ request: PreparedRequest, _ exchange: Exchange?, isWhole: Bool = false, deadline: Instant,
        deadlineKind: FailureKind
    ) async -> Attempt {
        let now = loop.sample()
        let transfer: Transfer
        let shard: Shard
        do {
            transfer = try takeTransfer()
            shard = try chooseShard()
        } catch {
            return .unsent(.generator_fault, at: now)
        }
        transfer.begin(request, exchange, isWhole: isWhole, sent: now, deadlineKind: deadlineKind)
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
        free.append(transfer)
        guard let location else { return attempt }
        return await follow(
            location, after: attempt, of: request, exchange, deadline: deadline, deadlineKind: deadlineKind)
    }

    /// Sends on to where a redirect points; the hops after it come back through `send`.
    private func follow(
        _ location: String, after attempt: Attempt, of request: PreparedRequest, _ exchange: Exchange?,
        deadline: Instant, deadlineKind: FailureKind
    ) async -> Attempt {
        var attempt = attempt
        switch request.hop(to: location, status: attempt.status, limit: settings.redirects) {
        case .failure(let refusal):
            attempt.failure = refusal.kind
        case .success(let hop):
            guard let prepared = try? PreparedRequest(hop, settings: settings, hops: request.hops + 1) else {
                attempt.failure = .redirect_refused
                break
            }
            attempt.append(
                await send(prepared, exchange, isWhole: true, deadline: deadline, deadlineKind: deadlineKind))
        }
        return attempt
    }

    package func cancelAll() {
        let now = loop.sample()
        for transfer in transfers where transfer.continuation != nil {
            transfer.cancel(at: now)
            release(transfer)
        }
    }

    private func takeTransfer() throws(CurlFailure) -> Transfer {
        if let transfer = free.popLast() { return transfer }
        let transfer = try Transfer(index: transfers.count, transport: self)
        transfers.append(transfer)
        return transfer
    }

    /// A shard with an idle connection, the latest used first; else one with room; else a new one.
    private func chooseShard() throws(CurlFailure) -> Shard {
        while let shard = idleHints.popLast() {
            if shard.open > shard.active { return shard }
        }
        if let last = shards.last, last.active < Shard.capacity { return last }
        if let roomy = shards.first(where: { $0.active < Shard.capacity }) { return roomy }
        let shard = try Shard(index: shards.count, transport: self)
        shards.append(shard)
        return shard
    }

    /// Takes a finished transfer out of its multi handle and resumes whoever waits for it.
    private func release(_ transfer: Transfer) {
        guard let shard = transfer.shard, let continuation = transfer.continuation else { return }
        deadlines.clear(transfer.index)
        curl_multi_remove_handle(UnsafeMutableRawPointer(shard.multi), transfer.easy)
        shard.active -= 1
        if shard.open > shard.active { idleHints.append(shard) }
        transfer.shard = nil
        transfer.continuation = nil
        continuation.resume()
    }

    // MARK: Driving libcurl

    package func ready(_ descriptor: Int32, events: UInt32) {
        let entry = interest[descriptor]
        guard let shard = entry.shard else { return }
        let wanted = entry.wanted
        if events & (wanted | Poll.problem) == 0 || wanted == 0 {
            // Interest was left as it was when libcurl lost it; now that it costs wake-ups, it is put right.
            change(descriptor, to: wanted)
            return
        }
        var mask: Int32 = 0
        if events & Poll.read != 0 { mask |= CURL_CSELECT_IN }
        if events & Poll.write != 0 { mask |= CURL_CSELECT_OUT }
        if events & Poll.problem != 0 { mask |= CURL_CSELECT_ERR }
        drive(shard, descriptor, mask)
    }

    package func turn(at now: Instant) -> Instant {
        if deadlines.earliest <= now {
            for index in deadlines.expire(at: now) {
                let transfer = transfers[index]
                transfer.expire(at: now)
                release(transfer)
            }
        }
        if nextTimer <= now {
            nextTimer = .never
            for shard in shards {
                if shard.timer <= now {
                    shard.timer = .never
                    makeDue(shard)
                } else {
                    nextTimer = min(nextTimer, shard.timer)
                }
            }
        }
        while let shard = dueShards.popLast() {
            shard.isDue = false
            drive(shard, CURL_SOCKET_TIMEOUT, 0)
        }
        return min(nextTimer, deadlines.earliest)
    }

    private func drive(_ shard: Shard, _ descriptor: Int32, _ mask: Int32) {
        let multi = UnsafeMutableRawPointer(shard.multi)
        var running: Int32 = 0
        curl_multi_socket_action(multi, descriptor, mask, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let context = gale_info_private(message.pointee.easy_handle)
            else {
                continue
            }
            let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            transfer.finish(gale_message_result(message), at: loop.sample())
            release(transfer)
        }
    }

    private func makeDue(_ shard: Shard) {
        if !shard.isDue {
            shard.isDue = true
            dueShards.append(shard)
        }
    }

    // MARK: What libcurl asks for

    func setTimer(of shard: Shard, milliseconds: Int) {
        switch milliseconds {
        case ..<0: shard.timer = .never
        case 0:
            shard.timer = .never
            makeDue(shard)
        default:
            shard.timer = loop.now + .milliseconds(Int64(milliseconds))
            nextTimer = min(nextTimer, shard.timer)
        }
    }

    func want(_ what: Int32, of descriptor: Int32, in shard: Shard) {
        switch what {
        case CURL_POLL_IN: set(Poll.read, of: descriptor, in: shard)
        case CURL_POLL_OUT: set(Poll.write, of: descriptor, in: shard)
        case CURL_POLL_INOUT: set(Poll.read | Poll.write, of: descriptor, in: shard)
        default:
            // CURL_POLL_REMOVE comes after every response on a connection that will be used again: the kernel's
            // interest stays, to be corrected if the idle socket speaks. libcurl's own sockets really go.
            interest[descriptor].wanted = 0
            if !interest[descriptor].isOurs { change(descriptor, to: 0) }
        }
    }

    private func set(_ wanted: UInt32, of descriptor: Int32, in shard: Shard) {
        interest[descriptor].shard = shard
        interest[descriptor].wanted = wanted
        let registered = interest[descriptor].registered
        // More than wanted is corrected when it makes noise, except for writability, which always does.
        if registered & wanted == wanted, registered & ~wanted & Poll.write == 0 { return }
        change(descriptor, to: wanted)
    }

    private func change(_ descriptor: Int32, to wanted: UInt32) {
        let registered = interest[descriptor].registered
        guard registered != wanted else { return }
        loop.watch(descriptor, of: tag, from: registered, to: wanted)
        interest[descriptor].registered = wanted
    }

    func openSocket(for transfer: Transfer, _ address: curl_sockaddr) -> Result<Int32, SystemError> {
        let kind = address.socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, kind, address.protocol)
        guard descriptor >= 0 else { return .failure(SystemError(number: errno)) }
        interest.opened(descriptor, in: transfer.shard)
        transfer.shard?.open += 1
        openConnections += 1
        peakConnections = max(peakConnections, openConnections)
        return .success(descriptor)
    }

    func closeSocket(_ descriptor: Int32) {
        interest[descriptor].shard?.open -= 1
        interest.closed(descriptor)
        openConnections -= 1
        Glibc.close(descriptor)
    }
}

/// errno of a failed call.
struct SystemError: Error {
    let number: Int32
}

/// epoll's bits as plain numbers.
enum Poll {
    static let read: UInt32 = 0x001
    static let write: UInt32 = 0x004
    /// EPOLLERR and EPOLLHUP, which always come.
    static let problem: UInt32 = 0x018
}
