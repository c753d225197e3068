import Core
import Model
import NIOCore
import NIOSSL

/// One service with its listening socket, on the loop that it lives on.
struct Listener: Sendable {
    let address: LabAddress
    private let loop: any EventLoop
    private let parts: NIOLoopBound<(service: LabService, socket: ListeningSocket)>

    static func open(
        _ description: ServiceDescription, seed: UInt64, host: String,
        backstage: NIOLoopBound<LabBackstage>?, place: Int, on loop: any EventLoop
    ) async throws(LabProblem) -> Listener {
        let tls = try context(of: description)
        let wish = description.port ?? 0
        do {
            let parts = try await loop.submit {
                let hold = description.mayBeOut ? try PortHold(host: host, port: wish) : nil
                let service = LabService(
                    description, seed: seed, tls: tls, backstage: backstage?.value, place: place, on: loop)
                let socket = ListeningSocket(service, host: host, port: hold?.port ?? wish, hold: hold, on: loop)
                return NIOLoopBound((service: service, socket: socket), eventLoop: loop)
            }.get()
            try await loop.flatSubmit { parts.value.socket.open() }.get()
            let port = try await loop.submit {
                let (service, socket) = parts.value
                service.whenOut = { socket.setOpen(!$0) }
                return socket.port
            }.get()
            let address = LabAddress(service: description.name, host: host, port: port, isTLS: tls != nil)
            return Listener(address: address, loop: loop, parts: parts)
        } catch {
            throw .address(service: description.name, host: host, port: wish, reason: "\(error)")
        }
    }

    /// The load begins: episodes count from `origin`.
    func begin(at origin: Instant) {
        loop.execute { [parts] in parts.value.service.begin(at: origin) }
    }

    func counts() -> EventLoopFuture<ServiceCounts> {
        loop.submit { [parts] in parts.value.service.counts }
    }

    func close() async {
        let closed = loop.submit { [parts] in
            parts.value.service.whenOut = nil
            parts.value.socket.close()
        }
        // Refused only by a loop that has been shut down.
        try? await closed.get()
    }

    func drain(within grace: Span) async {
        let drained = loop.flatSubmit { [parts] in parts.value.service.drain(within: grace) }
        try? await drained.get()
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

extension ServiceDescription {
    /// Whether its replicas are out at some time of the run.
    fileprivate var mayBeOut: Bool {
        episodes.contains {
            switch $0.kind {
            case .outage, .restart: true
            case .slow, .time, .pause, .cold, .workers: false
            }
        }
    }
}
