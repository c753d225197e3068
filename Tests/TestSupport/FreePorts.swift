import Glibc

/// TCP ports that were free a moment ago, each on all of `addresses`.
///
/// They lie below the range from which the kernel takes the near ends of connections: a client that knocks at a closed
/// port of that range may by chance be connected with itself.
/// - Parameter addresses: numeric IPv4 addresses of this machine.
/// - Throws: `NoFreePort` when there are none.
package func freePorts(_ count: Int, on addresses: [String] = ["127.0.0.1"]) throws(NoFreePort) -> [UInt16] {
    var ports: [UInt16] = []
    for _ in 0..<10_000 where ports.count < count {
        let port = UInt16.random(in: 20_000..<32_000)
        guard !ports.contains(port), addresses.allSatisfy({ canListen($0, port) }) else { continue }
        ports.append(port)
    }
    guard ports.count == count else { throw NoFreePort() }
    return ports
}

/// No port to listen on was found.
package struct NoFreePort: Error {}

/// The connections of this machine that are established to a port, as the kernel counts them: seen from the side that
/// opened them.
package func connections(to port: UInt16) -> Int {
    guard let file = fopen("/proc/net/tcp", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 1_024)
    var count = 0
    while fgets(&line, Int32(line.count), file) != nil {
        let text = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        // sl, near end, far end, state; the ends as hexadecimal address and port, 01 is ESTABLISHED.
        let words = String(decoding: text, as: UTF8.self).split(separator: " ")
        guard words.count > 3, words[3] == "01", let end = words[2].split(separator: ":").last else { continue }
        if UInt16(end, radix: 16) == port { count += 1 }
    }
    return count
}

private func canListen(_ address: String, _ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = inet_addr(address)
    return withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
