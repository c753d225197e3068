package import Core

/// Texts of quantities to values: the same words in a plan and on the command line.
///
/// Every quantity but a count and a plain number carries its unit, because `30` is seconds to one reader and
/// milliseconds to the next. Numbers are decimal, without sign or exponent; `_` may stand between digits.
package enum Units {
    /// Longest duration of a plan: 30 days.
    package static let maximumDuration = Span.seconds(30 * 86_400)
    /// Highest rate: ten million per second.
    package static let maximumRate = Rate(perSecond: 10_000_000)
    /// Most users of a phase: a million.
    package static let maximumUsers = 1_000_000
    /// Largest size: 1 TiB.
    package static let maximumSize = 1 << 40

    /// Units of time in nanoseconds, longest first, as they may follow each other in `1h30m`.
    static let timeUnits: [(name: String, nanoseconds: Double)] = [
        ("d", 86_400e9), ("h", 3_600e9), ("m", 60e9), ("s", 1e9), ("ms", 1e6), ("us", 1e3), ("ns", 1),
    ]

    /// Units of size in bytes.
    static let sizeUnits: [(name: String, bytes: Double)] = [
        ("B", 1), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ]

    /// `250ms`, `1.5s`, `1m30s`: one or more numbers with units, longest first. Rounded to the nanosecond; 0 to 30
    /// days. Zero needs a unit like every other duration.
    package static func duration(_ text: String) throws(UnitProblem) -> Span {
        let quantity = Quantity(
            text: text, noun: "a duration", units: "ns, us, ms, s, m, h or d", example: "`250ms` or `1m30s`")
        var rest = text[...]
        var nanoseconds = 0.0
        var next = 0
        repeat {
            let number = try quantity.number(&rest)
            var unit = rest.prefix { !$0.isASCII || !($0.isNumber || $0 == "." || $0 == "_" || $0 == "-") }
            rest = rest[unit.endIndex...]
            if unit == "µs" || unit == "μs" { unit = "us" }
            guard !unit.isEmpty else { throw quantity.noUnit(suggestion: "\(text)s") }
            guard let place = timeUnits.firstIndex(where: { $0.name == unit }) else {
                throw quantity.unknown(unit, aliases: timeAliases)
            }
            guard place >= next else {
                throw UnitProblem(
                    .unit, "`\(text.printable)` is no duration, its units must go from the longest to the shortest",
                    remedy: "write it like `1m30s`")
            }
            next = place + 1
            nanoseconds += number * timeUnits[place].nanoseconds
        } while !rest.isEmpty
        guard nanoseconds <= Double(maximumDuration.nanoseconds) else {
            throw UnitProblem(
                .range, "`\(text.printable)` is longer than 30d, the longest duration of a plan",
                remedy: "write a shorter one")
        }
        let rounded = nanoseconds.rounded()
        guard rounded > 0 || nanoseconds == 0 else {
            throw UnitProblem(
                .range, "`\(text.printable)` is shorter than 1ns, the shortest duration", remedy: "write `1ns` or `0s`")
        }
        return Span(nanoseconds: Int64(rounded))
    }

    /// `500/s`, `30/m`, `1_000/h`: a number per second, minute or hour; 0 to 10 million per second.
    package static func rate(_ text: String) throws(UnitProblem) -> Rate {
        let quantity = Quantity(text: text, noun: "a rate", units: "/s, /m or /h", example: "`500/s`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        let seconds: Double
        switch rest {
        case "/s": seconds = 1
        case "/m": seconds = 60
        case "/h": seconds = 3_600
        case "": throw quantity.noUnit(suggestion: "\(text)/s")
        default: throw quantity.unknown(rest, aliases: rateAliases)
        }
        let perSecond = number / seconds
        guard perSecond <= maximumRate.perSecond else {
            throw UnitProblem(
                .range, "`\(text.printable)` is above 10_000_000/s, the highest rate of a plan",
                remedy: "write a lower one")
        }
        return Rate(perSecond: perSecond)
    }

    /// `64B`, `2kB` (2,000 bytes), `1MiB` (1,048,576 bytes): whole bytes, 0 to 1 TiB.
    package static func size(_ text: String) throws(UnitProblem) -> Int {
        let quantity = Quantity(
            text: text, noun: "a size", units: "B, kB, MB, GB, KiB, MiB or GiB", example: "`2kB` or `1MiB`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard !rest.isEmpty else { throw quantity.noUnit(suggestion: "\(text)B") }
        guard let unit = sizeUnits.first(where: { $0.name == rest }) else {
            throw quantity.unknown(rest, aliases: sizeAliases)
        }
        let bytes = number * unit.bytes
        guard bytes <= Double(maximumSize) else {
            throw UnitProblem(
                .range, "`\(text.printable)` is more than 1024GiB, the largest size of a plan",
                remedy: "write a smaller one")
        }
        guard bytes == bytes.rounded() else {
            throw UnitProblem(
                .range, "`\(text.printable)` is not a whole number of bytes", remedy: "write it in a smaller unit")
        }
        return Int(bytes)
    }

    /// `5%`, `0.1%`: a share from 0 to 1 (`5%` is 0.05).
    package static func share(_ text: String) throws(UnitProblem) -> Double {
        let quantity = Quantity(text: text, noun: "a share", units: "%", example: "`5%`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard !rest.isEmpty else { throw quantity.noUnit(suggestion: "\(text)%") }
        guard rest == "%" else { throw quantity.unknown(rest, aliases: [:]) }
        guard number <= 100 else {
            throw UnitProblem(
                .range, "`\(text.printable)` is more than the whole, and a share lies between 0% and 100%",
                remedy: "write at most `100%`")
        }
        return number / 100
    }

    /// `10_000`: a whole number within `range`; `noun` is what messages call it (`a number of users`).
    package static func count(_ text: String, in range: ClosedRange<Int>, noun: String) throws(UnitProblem) -> Int {
        let quantity = Quantity(text: text, noun: "\(noun)", units: "", example: "`\(range.lowerBound)`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard rest.isEmpty else {
            throw UnitProblem(
                .unit, "`\(text.printable)` is not \(noun), which is a whole number without a unit",
                remedy: "write it like `10_000`")
        }
        guard number == number.rounded() else {
            throw UnitProblem(
                .number, "`\(text.printable)` is no whole number, and \(noun) is one",
                remedy: "round it")
        }
        guard number >= Double(range.lowerBound), number <= Double(range.upperBound) else {
            throw UnitProblem(
                .range,
                "`\(text.printable)` is out of range, \(noun) lies between \(range.lowerBound.grouped) and "
                    + range.upperBound.grouped, remedy: "write one within these bounds")
        }
        return Int(number)
    }

    /// `9`, `0.5`: a number from 0.000001 to a million; `noun` is what messages call it (`a weight`).
    package static func number(_ text: String, noun: String) throws(UnitProblem) -> Double {
        let quantity = Quantity(text: text, noun: noun, units: "", example: "`9` or `0.5`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard rest.isEmpty else {
            throw UnitProblem(
                .unit, "`\(text.printable)` is not \(noun), which is a number without a unit",
                remedy: "write it like `9` or `0.5`")
        }
        guard (0.000_001...1_000_000).contains(number) else {
            throw UnitProblem(
                .range, "`\(text.printable)` is out of range, \(noun) lies between 0.000001 and 1_000_000",
                remedy: "write one within these bounds")
        }
        return number
    }

    /// `100`, `340.5`, `1_000_000`: what a counter may reach, from 0 to 1e15.
    package static func amount(_ text: String) throws(UnitProblem) -> Double {
        let quantity = Quantity(text: text, noun: "an amount", units: "", example: "`100` or `10/s`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard rest.isEmpty else {
            throw UnitProblem(
                .unit, "`\(text.printable)` is not an amount, which is a number without a unit or one per second",
                remedy: "write it like `100` or `10/s`")
        }
        guard number <= 1e15 else {
            throw UnitProblem(
                .range, "`\(text.printable)` is above 1e15, the highest amount of a budget",
                remedy: "write a lower one")
        }
        return number
    }

    /// Both sides of `A to B`; the second is nil when there is no ` to `.
    static func ends(of text: String) -> (from: String, to: String?) {
        // Looked for scalar by scalar: a combining mark behind the blank must not hide the word.
        let scalars = Array(text.unicodeScalars)
        let word = Array(" to ".unicodeScalars)
        guard scalars.count >= word.count,
            let at = (0...(scalars.count - word.count)).first(where: { Array(scalars[$0..<$0 + 4]) == word })
        else { return (text, nil) }
        func trimmed(_ part: ArraySlice<Unicode.Scalar>) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            return String(view)
        }
        return (trimmed(scalars[..<at]), trimmed(scalars[(at + 4)...]))
    }

    private static let timeAliases = [
        "sec": "s", "secs": "s", "second": "s", "seconds": "s", "S": "s", "min": "m", "mins": "m", "minute": "m",
        "minutes": "m", "M": "m", "msec": "ms", "millis": "ms", "milliseconds": "ms", "MS": "ms", "usec": "us",
        "micros": "us", "hour": "h", "hours": "h", "hr": "h", "H": "h", "day": "d", "days": "d", "D": "d",
    ]
    private static let rateAliases = [
        "rps": "/s", "qps": "/s", "r/s": "/s", "req/s": "/s", "/sec": "/s", "/second": "/s", "/1s": "/s", "Hz": "/s",
        "s": "/s", "rpm": "/m", "/min": "/m", "/minute": "/m", "/hour": "/h", "/hr": "/h",
    ]
    private static let sizeAliases = [
        "b": "B", "bytes": "B", "K": "KiB", "k": "kB", "KB": "kB", "kb": "kB", "kib": "KiB", "Ki": "KiB", "M": "MB",
        "m": "MB", "mb": "MB", "Mi": "MiB", "mib": "MiB", "G": "GB", "gb": "GB", "g": "GB", "Gi": "GiB", "gib": "GiB",
    ]
}
