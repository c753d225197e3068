import Core

/// Values that are made rather than read. What a draw gives depends on its number, the seed and the stream alone (a time
/// also on the clock), so that clients make the same values together as one alone would.
package enum Generator: Sendable {
    /// start, start + step, start + 2 · step, … : draw n gives the nth, over all clients; beyond 64 bits it wraps.
    case counter(start: Int, step: Int)
    /// Any number of the range, each as likely as the others.
    case integer(ClosedRange<Int>)
    case choice(Choice)
    /// A random UUID (version 4 of RFC 9562).
    case uuid
    case timestamp(TimestampForm)
    case string(RandomText)
    case zipf(Zipf)
    case normal(Normal)

    package enum TimestampForm: String, Hashable, Sendable, CaseIterable {
        /// RFC 3339 in UTC, with milliseconds; a text.
        case iso
        /// Since 1970; whole numbers, rounded down.
        case seconds, milliseconds
    }

    /// Makes the value of one draw, keeping the memory of `value`.
    /// - Parameters:
    ///   - ordinal: which draw, at least 0.
    ///   - seed: the run's seed.
    ///   - stream: the data source's stream of random numbers.
    ///   - wallNanoseconds: the time now, in nanoseconds since 1970; only timestamps read it.
    package func write(
        ordinal: Int, seed: UInt64, stream: UInt64, wallNanoseconds: Int64, into value: inout Value
    ) {
        var random = SeededRandom(seed: seed, stream: stream, ordinal: ordinal)
        switch self {
        case .counter(let start, let step):
            value.set(number: start &+ ordinal &* step)
        case .integer(let range):
            let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
            let offset = width == .max ? random.next() : random.below(width + 1)
            value.set(number: range.lowerBound &+ Int(truncatingIfNeeded: offset))
        case .choice(let choice):
            let chosen = choice.values[choice.draw(&random)]
            value.set(chosen.kind) { $0.append(contentsOf: chosen.bytes) }
        case .uuid:
            value.set(.text) { Self.writeUUID(&random, into: &$0) }
        case .timestamp(.iso):
            value.set(.text) { WallTime.writeISO(wallNanoseconds, into: &$0) }
        case .timestamp(.seconds):
            value.set(number: Int(WallTime.floorDivide(wallNanoseconds, by: 1_000_000_000).quotient))
        case .timestamp(.milliseconds):
            value.set(number: Int(WallTime.floorDivide(wallNanoseconds, by: 1_000_000).quotient))
        case .string(let text):
            value.set(.text) { text.write(&random, into: &$0) }
        case .zipf(let zipf):
            value.set(number: zipf.draw(&random))
        case .normal(let normal):
            value.set(number: normal.draw(&random))
        }
    }

    /// RFC 9562, 5.4: 122 random bits, the version 4 and the variant 10.
    private static func writeUUID(_ random: inout SeededRandom, into output: inout [UInt8]) {
        let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        for digit in 0..<32 {
            if digit == 8 || digit == 12 || digit == 16 || digit == 20 { output.append(UInt8(ascii: "-")) }
            let word = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (digit % 16))) & 15
            output.append(nibble < 10 ? 0x30 + nibble : 0x57 + nibble)
        }
    }

    /// One line for a reader of the plan: `integer 1 to 10`.
    package var text: String {
        switch self {
        case .counter(let start, let step): "\(start), \(start &+ step), \(start &+ 2 &* step), …"
        case .integer(let range): "integer \(range.lowerBound) to \(range.upperBound)"
        case .choice(let choice): "one of \(choice.values.count) value\(choice.values.count == 1 ? "" : "s"), by weight"
        case .uuid: "random UUID"
        case .timestamp(.iso): "time as in RFC 3339"
        case .timestamp(let form): "time in \(form.rawValue) since 1970"
        case .string(let text): "\(text.length) random characters (\(text.alphabet.rawValue))"
        case .zipf(let zipf):
            "\(zipf.range.lowerBound) to \(zipf.range.upperBound), Zipf with exponent \(zipf.exponent.trimmed(6))"
        case .normal(let normal):
            "normal around \(normal.mean.trimmed(6)), deviation \(normal.deviation.trimmed(6))"
                + (normal.range == Normal.widest ? "" : ", \(normal.range.lowerBound) to \(normal.range.upperBound)")
        }
    }
}

extension Value {
    /// Becomes that number, keeping its memory.
    fileprivate mutating func set(number: Int) {
        set(.number) { DecimalText.append(number, to: &$0) }
    }
}
