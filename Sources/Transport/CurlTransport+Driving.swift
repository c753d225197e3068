import CCurl
package import Core
import Glibc
import Loops

/// What the kernel and libcurl have to tell each other.
extension CurlTransport {
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
        if nextSweep <= now { sweep(at: now) }
        if !leavingShards.isEmpty { endLeavingShards() }
        return min(nextTimer, deadlines.earliest, nextSweep)
    }

    private func drive(_ shard: Shard, _ descriptor: Int32, _ mask: Int32) {
        let multi = UnsafeMutableRawPointer(shard.multi)
        var running: Int32 = 0
        isDriving = true
        curl_multi_socket_action(multi, descriptor, mask, &running)
        isDriving = false
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
        if !cancelledHandles.isEmpty || !closedPlaces.isEmpty { doWhatWasPutOff() }
    }

    /// What callbacks asked for while libcurl was at work.
    private func doWhatWasPutOff() {
        while let handle = cancelledHandles.popLast() { cancel(handle) }
        while let place = closedPlaces.popLast() { closeRoute(place) }
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
            // One that is ending has nothing to do any more.
            if !shard.hasEnded { makeDue(shard) }
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

    func change(_ descriptor: Int32, to wanted: UInt32) {
        let registered = interest[descriptor].registered
        guard registered != wanted else { return }
        loop.watch(descriptor, of: tag, from: registered, to: wanted)
        interest[descriptor].registered = wanted
    }

    func openSocket(for transfer: Transfer, _ address: curl_sockaddr) -> Result<Int32, SystemError> {
        if let limit = settings.connections, openConnections >= limit { makeRoom() }
        let kind = address.socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, kind, address.protocol)
        guard descriptor >= 0 else { return .failure(SystemError(number: errno)) }
        interest.opened(descriptor, in: transfer.shard)
        if tracksConnections { connectionOpened(descriptor, by: transfer) }
        transfer.shard?.open += 1
        transfer.shard?.route.openConnections += 1
        openConnections += 1
        peakConnections = max(peakConnections, openConnections)
        return .success(descriptor)
    }

    func closeSocket(_ descriptor: Int32) {
        let entry = interest[descriptor]
        if entry.isRetired {
            entry.shard?.retired -= 1
        } else {
            leave(entry.shard)
        }
        if tracksConnections { connections.closed(descriptor) }
        interest.closed(descriptor)
        Glibc.close(descriptor)
    }

    /// One connection less.
    func leave(_ shard: Shard?) {
        shard?.open -= 1
        shard?.route.openConnections -= 1
        openConnections -= 1
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
