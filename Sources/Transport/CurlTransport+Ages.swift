import CCurl
import Core
import Glibc
import Loops

/// How old connections grow: which request is a connection's last, and which idle ones are closed.
///
/// HTTP/1.1 has one request at a time on a connection, and its last one is told to close it. HTTP/2 has many, so there
/// only the idle ones are closed.
extension CurlTransport {
    func connectionOpened(_ descriptor: Int32, by transfer: Transfer) {
        connections.opened(descriptor, at: loop.now)
        transfer.opened.append(descriptor)
    }

    /// A request goes out on the connection with that key.
    func connectionTaken(by transfer: Transfer, key: UInt64) {
        // libcurl sends again on another one what has met a dead one.
        connectionLeft(by: transfer)
        guard let use = connections.taken(key: key, opened: transfer.opened) else { return }
        transfer.use = use
        guard settings.version == .http1 else { return }
        let isLast = connections.isLast(use, at: loop.now)
        transfer.forbidReuse(isLast || transfer.shard?.route.isOpen == false)
    }

    /// The transfer has no part in its connection any more, which may be closed by now.
    func connectionLeft(by transfer: Transfer) {
        guard let use = transfer.use else { return }
        transfer.use = nil
        let due = connections.left(use, at: max(transfer.attempt.end, loop.now))
        if due < nextSweep { nextSweep = max(due, lastSweep + Self.sweepPause) }
    }

    /// Sweeps are not closer than this.
    private static let sweepPause = Span.milliseconds(5)

    /// Closes the idle connections that have come to their end.
    func sweep(at now: Instant) {
        lastSweep = now
        let (old, next) = connections.sweep(at: now)
        for descriptor in old { retire(descriptor) }
        nextSweep = next == .never ? .never : max(next, now + Self.sweepPause)
    }

    /// Closes the connection that has been idle for longest, whatever its way.
    func makeRoom() {
        if let descriptor = connections.longestIdle { retire(descriptor) }
    }

    /// Ends an idle connection at once: the other side sees its end now. libcurl has no call for that, so the socket is
    /// shut down and counts as closed; libcurl looks at each idle connection before it uses one, finds this one dead and
    /// closes the descriptor. If no further request comes to the shard, it ends with the shard.
    func retire(_ descriptor: Int32) {
        guard interest[descriptor].isOurs, !interest[descriptor].isRetired else { return }
        change(descriptor, to: 0)
        interest[descriptor].isRetired = true
        shutdown(descriptor, Int32(SHUT_RDWR))
        if tracksConnections { connections.closed(descriptor) }
        guard let shard = interest[descriptor].shard else { return }
        leave(shard)
        shard.retired += 1
        if shard.active == 0, shard.open == 0 { noteLeaving(shard) }
    }
}
