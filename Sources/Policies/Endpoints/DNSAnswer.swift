package import Core

/// The answer of a name server (RFC 1035), as far as endpoints are found by it: addresses and SRV records.
package struct DNSAnswer: Hashable, Sendable {
    /// One SRV record (RFC 2782).
    package struct Service: Hashable, Sendable {
        /// Lower values are to be used first.
        package var priority: UInt16
        package var weight: UInt16
        package var port: UInt16
        /// A host name without the dot at its end.
        package var target: String
    }

    /// One A or AAAA record.
    package struct Address: Hashable, Sendable {
        package var name: String
        package var address: IPAddress
    }

    /// `0` when all went well, `3` when there is no such name.
    package private(set) var code: UInt8
    package private(set) var services: [Service] = []
    /// What was asked for: A and AAAA records of the answer itself.
    package private(set) var addresses: [Address] = []
    /// Those that the server told without being asked, in the other sections: of the hosts of services, and of name
    /// servers, which are nobody's endpoints.
    package private(set) var additions: [Address] = []

    /// Most records that are looked at.
    private static let mostRecords = 4_096

    /// - Returns: nil when the bytes are no answer, or end in the middle of one.
    package init?(_ message: [UInt8]) {
        var reader = Reader(message)
        guard let flags = reader.word(at: 2), flags & 0x8000 != 0, let questions = reader.word(at: 4),
            let answers = reader.word(at: 6), let authorities = reader.word(at: 8), let extra = reader.word(at: 10)
        else { return nil }
        code = UInt8(flags & 0xF)
        reader.position = 12
        for _ in 0..<questions {
            guard reader.name() != nil, reader.skip(4) else { return nil }
        }
        let count = min(Int(answers) + Int(authorities) + Int(extra), Self.mostRecords)
        for index in 0..<count {
            guard let name = reader.name(), let type = reader.word(), reader.skip(6), let length = reader.word() else {
                return nil
            }
            let end = reader.position + Int(length)
            guard end <= message.count else { return nil }
            switch (type, length) {
            case (1, 4), (28, 16):
                if let address = IPAddress(bytes: Array(message[reader.position..<end])) {
                    let found = Address(name: name, address: address)
                    if index < answers { addresses.append(found) } else { additions.append(found) }
                }
            case (33, 7...):
                guard let priority = reader.word(), let weight = reader.word(), let port = reader.word(),
                    let target = reader.name()
                else { return nil }
                services.append(Service(priority: priority, weight: weight, port: port, target: target))
            default: break
            }
            reader.position = end
        }
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func word(at index: Int) -> UInt16? {
            index + 1 < bytes.count ? UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]) : nil
        }

        mutating func word() -> UInt16? {
            defer { position += 2 }
            return word(at: position)
        }

        mutating func skip(_ count: Int) -> Bool {
            position += count
            return position <= bytes.count
        }

        /// A name, which may go on elsewhere in the message (4.1.4); lower case, without the dot at its end.
        mutating func name() -> String? {
            var labels: [String] = []
            var index = position
            var jumped = false
            // A name has at most 127 labels, and each jump goes back: nobody is led around in circles.
            for _ in 0..<255 {
                guard index < bytes.count else { return nil }
                let length = Int(bytes[index])
                switch length {
                case 0:
                    if !jumped { position = index + 1 }
                    return labels.joined(separator: ".").lowercased()
                case 1...63:
                    guard index + length < bytes.count else { return nil }
                    labels.append(String(decoding: bytes[(index + 1)...(index + length)], as: UTF8.self))
                    index += length + 1
                case 0xC0...:
                    guard let pointer = word(at: index), Int(pointer & 0x3FFF) < index else { return nil }
                    if !jumped { position = index + 2 }
                    jumped = true
                    index = Int(pointer & 0x3FFF)
                default: return nil
                }
            }
            return nil
        }
    }
}
