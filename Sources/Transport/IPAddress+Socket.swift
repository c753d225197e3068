import CCurl
import Core
import Glibc

extension IPAddress {
    /// The address that libcurl is about to connect to; nil for a family other than IPv4 and IPv6.
    ///
    /// Read in place: libcurl's structure ends in a `sockaddr` that is longer than its declaration says.
    init?(_ address: UnsafePointer<curl_sockaddr>) {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let raw = UnsafeRawPointer(address) + offset
        switch address.pointee.family {
        case AF_INET:
            var place = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            self.init(bytes: withUnsafeBytes(of: &place) { Array($0) })
        case AF_INET6:
            var place = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            self.init(bytes: withUnsafeBytes(of: &place) { Array($0) })
        default: return nil
        }
    }
}
