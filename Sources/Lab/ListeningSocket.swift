import Core
import Model
import NIOCore
import NIOPosix

/// The listening socket of one service, which an outage closes and its end opens again on the same port. It lives on the
/// loop of its service.
final class ListeningSocket {
    private let service: NIOLoopBound<LabService>
    private let host: String
    private let loop: any EventLoop
    private let hold: PortHold?
    private(set) var port: UInt16
    private var channel: (any Channel)?
    private var isWanted = true

    /// Connections that may wait to be accepted; the kernel may allow fewer (`net.core.somaxconn`).
    private static let backlog: ChannelOptions.Types.BacklogOption.Value = 4096
    /// From one attempt to listen again to the next.
    private static let pause = TimeAmount.milliseconds(10)

    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - hold: what keeps the port while nobody listens; its port is `port` then.
    init(_ service: LabService, host: String, port: UInt16, hold: PortHold?, on loop: any EventLoop) {
        self.service = NIOLoopBound(service, eventLoop: loop)
        self.host = host
        self.loop = loop
        self.hold = hold
        self.port = port
    }

    /// Listens for the first time.
    func open() -> EventLoopFuture<Void> {
        let bound = bind().assumeIsolated().map { channel in
            self.channel = channel
            self.port = UInt16(channel.localAddress?.port ?? 0)
        }
        return bound.nonisolated()
    }

    /// Refuses connections, or takes them again.
    func setOpen(_ isOpen: Bool) {
        isWanted = isOpen
        if isOpen { reopen() } else { shut() }
    }

    /// Refuses connections for good.
    func close() {
        isWanted = false
        shut()
        hold?.release()
    }

    private func shut() {
        channel?.close(promise: nil)
        channel = nil
    }

    /// Goes on trying as long as it is wanted: somebody else may listen on the port for a moment.
    private func reopen() {
        guard isWanted, channel == nil else { return }
        bind().assumeIsolated().whenComplete { result in
            switch result {
            case .success(let channel) where self.isWanted && self.channel == nil:
                self.channel = channel
            case .success(let channel):
                channel.close(promise: nil)
            case .failure:
                self.loop.assumeIsolated().scheduleTask(in: Self.pause) { self.reopen() }
            }
        }
    }

    private func bind() -> EventLoopFuture<any Channel> {
        let service = service
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                // Without descriptors to spare, accepting pauses instead of spinning.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try service.value.accepted(channel) }
            }
            .bind(host: host, port: Int(port))
    }
}
