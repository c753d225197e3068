import Core
import Model
import NIOCore
import NIOPosix
import NIOSSL

/// The listening socket of one service, on the loop that the service lives on.
struct Listener: Sendable {
    let address: LabAddress
    private let channel: any Channel
    private let service: NIOLoopBound<LabService>

    /// Connections that may wait to be accepted; the kernel may allow fewer (`net.core.somaxconn`).
    private static let backlog: ChannelOptions.Types.BacklogOption.Value = 4096

    static func open(
        _ description: ServiceDescription, seed: UInt64, host: String, on loop: any EventLoop
    ) async throws(LabProblem) -> Listener {
        let tls = try context(of: description)
        let port = description.port ?? 0
        do {
            let service = try await loop.submit {
                NIOLoopBound(LabService(description, seed: seed, tls: tls), eventLoop: loop)
            }.get()
            let channel = try await ServerBootstrap(group: loop)
                .serverChannelOption(.backlog, value: backlog)
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
                .bind(host: host, port: Int(port)).get()
            let bound = UInt16(channel.localAddress?.port ?? 0)
            let address = LabAddress(service: description.name, host: host, port: bound, isTLS: tls != nil)
            return Listener(address: address, channel: channel, service: service)
        } catch {
            throw .address(service: description.name, host: host, port: port, reason: "\(error)")
        }
    }

    func counts() -> EventLoopFuture<ServiceCounts> {
        channel.eventLoop.submit { [service] in service.value.counts }
    }

    func close() async {
        // Refused only when it is closed already.
        try? await channel.close()
    }

    func drain(within grace: Span) async {
        let (service, loop) = (service, channel.eventLoop)
        try? await loop.flatSubmit { service.value.drain(within: grace, on: loop) }.get()
    }

    private static func context(of description: ServiceDescription) throws(LabProblem) -> NIOSSLContext? {
        guard let files = description.tls else { return nil }
        func loading<Value>(_ file: String, _ load: () throws -> Value) throws(LabProblem) -> Value {
            do { return try load() } catch {
                throw .certificate(service: description.name, file: file, reason: "\(error)")
            }
        }
        let chain = try loading(files.certificate) { try NIOSSLCertificate.fromPEMFile(files.certificate) }
        let key = try loading(files.key) { try NIOSSLPrivateKey(file: files.key, format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.applicationProtocols = ["http/1.1"]
        // A client that is gone answers no close_notify: NIO would wait five seconds for it.
        configuration.shutdownTimeout = .milliseconds(200)
        return try loading(files.key) { try NIOSSLContext(configuration: configuration) }
    }
}
