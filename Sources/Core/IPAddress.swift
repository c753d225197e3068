/// An address of IPv4 or IPv6, as a number.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    /// The first and the last 64 bits.
    case v6(UInt64, UInt64)

    /// From text: four decimal numbers without leading zeros (`127.0.0.1`), or IPv6 as RFC 4291, section 2.2, writes it,
    /// without brackets and without a zone. Nil for everything else, also for `127.1` and `0x7f000001`.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if let number = Self.dotted(bytes[...]) {
            self = .v4(number)
        } else if let (high, low) = Self.groups(bytes) {
            self = .v6(high, low)
        } else {
            return nil
        }
    }

    /// From 4 or 16 bytes in network order; nil for any other number.
    package init?(bytes: [UInt8]) {
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        switch bytes.count {
        case 4: self = .v4(UInt32(truncatingIfNeeded: number(bytes[...])))
        case 16: self = .v6(number(bytes[..<8]), number(bytes[8...]))
        default: return nil
        }
    }

    /// The IPv4 address for one that is mapped into IPv6 (`::ffff:127.0.0.1`), else the address itself.
    package var unmapped: IPAddress {
        guard case .v6(0, let low) = self, low >> 32 == 0xFFFF else { return self }
        return .v4(UInt32(truncatingIfNeeded: low))
    }

    /// How many bits it has: 32 or 128.
    package var width: Int {
        switch self {
        case .v4: 32
        case .v6: 128
        }
    }

    /// The address with its bits after the first `length` set to 0.
    /// - Parameter length: less than 0 reads as 0, more than `width` as `width`.
    package func prefix(_ length: Int) -> IPAddress {
        // A shift by the whole width or more makes 0, one by less than 0 goes the other way.
        switch self {
        case .v4(let number): .v4(number & (~0 << UInt32(max(0, min(32, 32 - length)))))
        case .v6(let high, let low):
            .v6(
                high & (~0 << UInt64(max(0, min(64, 64 - length)))), low & (~0 << UInt64(max(0, min(64, 128 - length))))
            )
        }
    }

    // MARK: Text

    private static func dotted(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0") else { return nil }
            var value: UInt32 = 0
            for byte in part {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + UInt32(byte - UInt8(ascii: "0"))
            }
            guard value <= 255 else { return nil }
            number = number << 8 | value
        }
        return number
    }

    private static func groups(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
        let colon = UInt8(ascii: ":")
        // At most one gap: `::`, with every group of zeros that is missing.
        let gap = bytes.indices.dropLast().first { bytes[$0] == colon && bytes[$0 + 1] == colon }
        let groups: [UInt16]
        if let gap {
            guard let front = list(bytes[..<gap], mayEndDotted: false), let back = list(bytes[(gap + 2)...]),
                front.count + back.count <= 7
            else { return nil }
            groups = front + [UInt16](repeating: 0, count: 8 - front.count - back.count) + back
        } else {
            guard let all = list(bytes[...]), all.count == 8 else { return nil }
            groups = all
        }
        func number(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }
        return (number(groups[..<4]), number(groups[4...]))
    }

    /// Groups with `:` between them; the last two may be written as an IPv4 address.
    private static func list(_ bytes: ArraySlice<UInt8>, mayEndDotted: Bool = true) -> [UInt16]? {
        if bytes.isEmpty { return [] }
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndDotted, index == parts.count - 1, let number = dotted(part) {
                groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
                continue
            }
            guard (1...4).contains(part.count) else { return nil }
            var value: UInt16 = 0
            for byte in part {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
                value = value << 4 | UInt16(digit)
            }
            groups.append(value)
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// As RFC 5952 writes it: lower case, the longest run of zeros as `::`.
    package var description: String {
        switch self {
        case .v4(let number):
            return stride(from: 24, through: 0, by: -8).map { String(number >> UInt32($0) & 255) }.joined(
                separator: ".")
        case .v6(let high, let low):
            let groups = [high, low].flatMap { half in
                stride(from: 48, through: 0, by: -16).map { UInt16(truncatingIfNeeded: half >> UInt64($0)) }
            }
            if case .v4 = unmapped { return "::ffff:\(unmapped)" }
            var best = 0..<0
            var start = 0
            while start < 8 {
                let end = groups[start...].firstIndex { $0 != 0 } ?? 8
                // Section 4.2.2: one group of zeros is no run.
                if end - start > max(1, best.count) { best = start..<end }
                start = max(end, start) + 1
            }
            func text(_ groups: ArraySlice<UInt16>) -> String {
                groups.map { String($0, radix: 16) }.joined(separator: ":")
            }
            return best.isEmpty
                ? text(groups[...]) : "\(text(groups[..<best.lowerBound]))::\(text(groups[best.upperBound...]))"
        }
    }
}
