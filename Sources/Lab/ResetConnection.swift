import Glibc
import NIOCore
import NIOSSL

extension ChannelHandlerContext {
    /// Closes with RST: SO_LINGER of zero, then close, past a TLS handler, which would say goodbye first.
    func resetConnection() {
        let target = (try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)) ?? self
        guard let socket = channel as? any SocketOptionProvider else { return target.close(promise: nil) }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            target.close(promise: nil)
        }
    }
}
