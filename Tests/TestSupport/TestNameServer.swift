import Glibc
import Synchronization

/// A name server on UDP that says what a test wants it to say, or nothing (RFC 1035, RFC 2782).
package final class TestNameServer: Sendable {
    package enum Record: Hashable, Sendable {
        /// An address of a name, IPv4.
        case address(String, of: String)
        /// A service: `weight` of the load goes to `port` of `target`.
        case service(String, weight: UInt16, port: UInt16, target: String, priority: UInt16 = 1)
        /// An address that is told with every answer, asked for or not: a server's own, for one.
        case unasked(String, of: String)
    }

    package enum Mood: Hashable, Sendable {
        /// Knows these records. To a name with others, or of another type, it answers that there are none.
        case knows([Record])
        /// Answers with this code: 2 is a failure, 3 says that the name does not exist, 5 refuses.
        case fails(UInt8)
        /// Answers with bytes that are no answer.
        case babbles
        /// Does not answer.
        case isSilent
    }

    /// On 127.0.0.1.
    package let port: UInt16
    private let socket: Int32
    private let mood: Mutex<Mood>
    private let asked = Mutex(0)
    private let isOver = Mutex(false)

    /// How many questions it has heard.
    package var questions: Int { asked.withLock { $0 } }

    /// Starts one, runs `body`, and stops it again.
    package static func with<Value>(
        _ mood: Mood, _ body: (TestNameServer) async throws -> Value
    ) async throws -> Value {
        let server = try TestNameServer(mood)
        defer { server.isOver.withLock { $0 = true } }
        return try await body(server)
    }

    /// From now on.
    package func become(_ mood: Mood) { self.mood.withLock { $0 = mood } }

    private init(_ mood: Mood) throws {
        self.mood = Mutex(mood)
        socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var patience = timeval(tv_sec: 0, tv_usec: 50_000)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = socket
        let isBound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw NoFreePort()
        }
        port = UInt16(bigEndian: name.sin_port)
        var thread = pthread_t()
        let own = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { own in
                Unmanaged<TestNameServer>.fromOpaque(own!).takeRetainedValue().serve()
                return nil
            }, own.toOpaque())
        pthread_detach(thread)
    }

    private func serve() {
        defer { close(socket) }
        var question = [UInt8](repeating: 0, count: 2_048)
        while !isOver.withLock({ $0 }) {
            var from = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let count = withUnsafeMutablePointer(to: &from) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    recvfrom(socket, &question, question.count, 0, $0, &length)
                }
            }
            guard count > 0 else { continue }
            asked.withLock { $0 += 1 }
            guard let answer = answer(to: Array(question[..<count])) else { continue }
            _ = withUnsafePointer(to: &from) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(socket, answer, answer.count, 0, $0, length)
                }
            }
        }
    }

    // MARK: Answers

    private func answer(to question: [UInt8]) -> [UInt8]? {
        guard question.count > 16 else { return nil }
        switch mood.withLock({ $0 }) {
        case .isSilent: return nil
        case .babbles:
            // Its header says ten answers, and there is none.
            return question[..<2] + [0x81, 0x80, 0, 1, 0, 10, 0, 0, 0, 0] + question[12...] + [0xFF]
        case .fails(let code): return Self.head(question, code: code, answers: 0, additions: 0) + Self.asked(question)
        case .knows(let records):
            let (name, type) = Self.name(question)
            let found = records.compactMap { record -> (data: [UInt8], target: String)? in
                switch (record, type) {
                case (.address(let address, name), 1): (Self.bytes(of: address), "")
                case (.service(name, let weight, let port, let target, let priority), 33):
                    (Self.two(priority) + Self.two(weight) + Self.two(port) + Self.labels(of: target), target)
                default: nil
                }
            }
            // With a service come the addresses of its hosts.
            let additions = records.compactMap { record -> [UInt8]? in
                switch record {
                case .address(let address, let host) where found.contains { $0.target == host },
                    .unasked(let address, let host):
                    return Self.labels(of: host) + Self.record(type: 1, Self.bytes(of: address))
                default: return nil
                }
            }
            let head = Self.head(question, code: 0, answers: found.count, additions: additions.count)
            // 0xC00C points to the name in the question.
            let answers = found.map { [0xC0, 0x0C] + Self.record(type: UInt16(type), $0.data) }
            return head + Self.asked(question) + answers.joined() + additions.joined()
        }
    }

    private static func head(_ question: [UInt8], code: UInt8, answers: Int, additions: Int) -> [UInt8] {
        question[..<2] + [0x81, 0x80 | code, 0, 1] + two(UInt16(answers)) + [0, 0] + two(UInt16(additions))
    }

    /// Where the question ends: behind its name, type and class. What may follow it (EDNS) is not said back.
    private static func end(_ question: [UInt8]) -> Int {
        var place = 12
        while place < question.count, question[place] != 0 { place += 1 + Int(question[place]) }
        return min(question.count, place + 5)
    }

    private static func asked(_ question: [UInt8]) -> ArraySlice<UInt8> { question[12..<end(question)] }

    private static func name(_ question: [UInt8]) -> (name: String, type: Int) {
        var (labels, place) = ([String](), 12)
        while place < question.count, question[place] != 0 {
            let next = min(question.count, place + 1 + Int(question[place]))
            labels.append(String(decoding: question[(place + 1)..<next], as: UTF8.self).lowercased())
            place = next
        }
        guard place + 2 < question.count else { return ("", 0) }
        return (labels.joined(separator: "."), Int(question[place + 1]) << 8 | Int(question[place + 2]))
    }

    /// Type, class, five seconds to live, length, data.
    private static func record(type: UInt16, _ data: [UInt8]) -> [UInt8] {
        two(type) + [0, 1, 0, 0, 0, 5] + two(UInt16(data.count)) + data
    }

    private static func labels(of name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func bytes(of address: String) -> [UInt8] { address.split(separator: ".").compactMap { UInt8($0) } }

    private static func two(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
}
