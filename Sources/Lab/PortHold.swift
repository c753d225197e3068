import Glibc
import NIOCore

/// A port that stays ours while nobody listens on it: a socket that is bound to it and never listens.
///
/// A port that nobody holds may be given to any connection of the machine as its near end: the service could not listen
/// again, and a client that knocks may by chance be connected with itself. Linux lets others bind a held port
/// that allow its reuse as the holder does, as long as none of them listens (socket(7), SO_REUSEADDR).
final class PortHold {
    let port: UInt16
    private var descriptor: Int32

    /// - Parameter port: 0 for any free one.
    /// - Throws: the error of NIO or of the kernel.
    init(host: String, port: UInt16) throws {
        let address = try SocketAddress.makeAddressResolvingHost(host, port: Int(port))
        let family = address.protocol == .inet6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let status = address.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
        guard status == 0, let bound = Self.port(of: descriptor) else {
            let code = errno
            Glibc.close(descriptor)
            throw IOError(errnoCode: code, reason: "bind")
        }
        self.descriptor = descriptor
        self.port = bound
    }

    deinit { release() }

    /// Gives the port up; once is enough.
    func release() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }

    private static func port(of descriptor: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { return nil }
        // The port stands at the same place in addresses of both families.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }
}
