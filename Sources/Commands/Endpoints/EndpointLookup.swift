import CLinux
import Core
import Glibc
import Policies

/// Asks a source for its endpoints, once. Blocks as long as name servers take: not for a loop.
struct EndpointLookup {
    /// Why a source has no answer, in words.
    struct Problem: Error {
        let text: String
    }

    static func endpoints(of source: EndpointSource) throws(Problem) -> [Endpoint] {
        switch source {
        case .fixed(let endpoints): return endpoints
        case .dns(let host, let port, let server, _):
            let addresses = try addresses(of: host, server)
            // Servers turn their answers round and round; a set is told by its members.
            return addresses.sorted().map { address in
                var endpoint = Endpoint(host: address, port: port)
                endpoint.hostName = IPAddress(host) == nil ? host : nil
                return endpoint
            }
        case .service(let name, let server, _): return try services(of: name, server)
        case .file(let path, _): return try file(path)
        }
    }

    // MARK: Names

    /// Numeric addresses of a host; never empty.
    static func addresses(of host: String, _ server: NameServer? = nil) throws(Problem) -> [String] {
        var addresses: [String] = []
        if let server, IPAddress(host) == nil {
            // A server that cannot say the one is not asked for the other: what is half known would look like a change.
            addresses = try query(host, .a, server).addresses.map(\.address.description)
            addresses += (try? query(host, .aaaa, server))?.addresses.map(\.address.description) ?? []
        } else {
            addresses = ResolvedName.lookUp(host)
        }
        guard !addresses.isEmpty else { throw Problem(text: "the name \(host) has no address") }
        return addresses
    }

    /// An endpoint with a numeric address, and the name that it was given by.
    static func resolved(_ endpoint: Endpoint) throws(Problem) -> Endpoint {
        guard IPAddress(endpoint.host) == nil else { return endpoint }
        var resolved = endpoint
        resolved.host = try addresses(of: endpoint.host)[0]
        resolved.name = endpoint.label
        resolved.hostName = endpoint.host
        return resolved
    }

    /// The hosts of SRV records (RFC 2782): of the first priority, by their weights.
    private static func services(of name: String, _ server: NameServer?) throws(Problem) -> [Endpoint] {
        let answer = try query(name, .srv, server)
        guard let first = answer.services.map(\.priority).min() else {
            throw Problem(text: "the name \(name) has no SRV record")
        }
        var endpoints: [Endpoint] = []
        for service in answer.services where service.priority == first && !service.target.isEmpty && service.port > 0 {
            let told = answer.additions.filter { $0.name == service.target }.map(\.address.description)
            for address in told.isEmpty ? try addresses(of: service.target, server) : told {
                // With 0 a server means "hardly anything", and not "nothing".
                var endpoint = Endpoint(host: address, port: service.port, weight: max(1, Int(service.weight)))
                endpoint.hostName = service.target
                endpoints.append(endpoint)
            }
        }
        return endpoints.sorted { $0.address < $1.address }
    }

    private enum QueryType: Int32 {
        case a = 1
        case aaaa = 28
        case srv = 33
    }

    private static func query(_ name: String, _ type: QueryType, _ server: NameServer?) throws(Problem) -> DNSAnswer {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let length = gale_dns_query(
            name, type.rawValue, server.map { $0.address.bigEndian } ?? 0, Int32(server?.port ?? 0), &bytes,
            Int32(bytes.count))
        guard length > 0, Int(length) <= bytes.count else {
            // The C library takes a server that refuses, or fails, for one that does not answer.
            throw Problem(text: "no name server had an answer for \(name)")
        }
        guard let answer = DNSAnswer(Array(bytes.prefix(Int(length)))) else {
            throw Problem(text: "the name server's answer for \(name) cannot be read")
        }
        guard answer.code == 0 else {
            guard answer.code != 3 else { throw Problem(text: "there is no name \(name)") }
            throw Problem(text: "the name server refused \(name) (\(answer.code))")
        }
        return answer
    }

    // MARK: Files

    private static func file(_ path: String) throws(Problem) -> [Endpoint] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Problem(text: "\(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= EndpointFile.mostBytes {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Problem(text: "\(path): \(String(cString: strerror(errno)))") }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        let endpoints: [Endpoint]
        do throws(EndpointProblems) {
            endpoints = try EndpointFile(bytes).endpoints
        } catch {
            throw Problem(text: "\(path): \(error)")
        }
        return try endpoints.map { (endpoint) throws(Problem) in try resolved(endpoint) }
    }
}
