import Core
import Testing

@testable import Flows

@Suite("Generated values")
struct GeneratorTests {
    private func draw(_ generator: Generator, _ ordinal: Int, seed: UInt64 = 1, wall: Int64 = 0) -> Value {
        var value = Value(text: "what was there before")
        generator.write(ordinal: ordinal, seed: seed, stream: 5, wallNanoseconds: wall, into: &value)
        return value
    }

    private func numbers(_ generator: Generator, _ count: Int, seed: UInt64 = 1) throws -> [Int] {
        try (0..<count).map { try #require(Int(draw(generator, $0, seed: seed).text)) }
    }

    private static func all() throws -> [Generator] {
        [
            .counter(start: 1, step: 1), .integer(1...10),
            .choice(try Choice([(Value(text: "a"), 5), (Value(2), 1)])), .uuid, .timestamp(.iso), .timestamp(.seconds),
            .timestamp(.milliseconds), .string(try RandomText(length: 16)), .zipf(try Zipf(1...100_000, exponent: 1.1)),
            .normal(try Normal(mean: 50, deviation: 10, range: 0...100)),
        ]
    }

    @Test("belong to their number: any order, any memory, the same values")
    func pure() throws {
        for generator in try Self.all() {
            let forwards = (0..<100).map { draw(generator, $0, wall: 9) }
            let backwards = (0..<100).reversed().map { draw(generator, $0, wall: 9) }
            #expect(forwards == backwards.reversed(), "\(generator.text)")
            #expect(forwards.allSatisfy { !$0.isMissing })
        }
    }

    @Test("differ with the seed and the stream")
    func seeds() throws {
        for generator in [Generator.integer(1...Int.max), .uuid, .string(try RandomText(length: 12))] {
            let values = Set((0..<1000).flatMap { [draw(generator, $0), draw(generator, $0, seed: 2)] })
            #expect(values.count == 2000)
            var other = Value.missing
            generator.write(ordinal: 0, seed: 1, stream: 6, wallNanoseconds: 0, into: &other)
            #expect(!values.contains(other))
        }
    }

    @Test("never change from one version to the next: old seeds keep their values")
    func golden() throws {
        #expect(
            try Self.all().map { draw($0, 3, seed: 42, wall: 1_772_368_200_250_000_000).text } == [
                "4", "5", "a", "7f82249b-432f-41f8-b5d8-3d076cf63d48", "2026-03-01T12:30:00.250Z", "1772368200",
                "1772368200250", "4HzLDtJJCI1j9sdQ", "43", "50",
            ])
    }

    @Test(
        "count exactly",
        arguments: [
            (1, 1, 0, "1"), (1, 1, 1_000_000, "1000001"), (10, -3, 4, "-2"), (-5, 5, 1, "0"),
            (Int.max, 1, 0, "9223372036854775807"),
            (Int.max, 1, 1, "-9223372036854775808"), (0, Int.max, 3, "9223372036854775805"), (7, 0, 99, "7"),
        ])
    func counter(start: Int, step: Int, ordinal: Int, text: String) {
        #expect(draw(.counter(start: start, step: step), ordinal) == Value(kind: .number, bytes: Array(text.utf8)))
    }

    @Test(
        "are whole numbers of the range, each as likely: χ² below the 99.99 % point",
        arguments: [
            (1...10, 34.0), (-3...3, 28), (0...255, 346), (Int.min...Int.min + 1, 15.2), (Int.max - 2...Int.max, 18.5),
        ])
    func integer(range: ClosedRange<Int>, limit: Double) throws {
        let size = range.upperBound - range.lowerBound + 1
        var counts = [Int](repeating: 0, count: size)
        let drawn = try numbers(.integer(range), 100 * size)
        #expect(drawn.allSatisfy { range.contains($0) })
        for number in drawn where range.contains(number) { counts[number - range.lowerBound] += 1 }
        #expect(chiSquare(counts.map { ($0, 100) }) < limit)
    }

    @Test("are whole numbers of the widest range, too")
    func widest() throws {
        let drawn = try numbers(.integer(Int.min...Int.max), 1000)
        #expect(Set(drawn).count == 1000)
        #expect((400...600).contains(drawn.count { $0 < 0 }))
        #expect(try numbers(.integer(5...5), 10).allSatisfy { $0 == 5 })
    }

    @Test("are chosen by weight; a weight of 0 never")
    func choice() throws {
        let choice = try Choice([
            (Value(text: "never"), 0), (Value(text: "small"), 5), (Value(text: "no"), 0), (Value(text: "large"), 1),
            (Value(kind: .boolean, bytes: Array("true".utf8)), 4), (Value(text: "last"), 0),
        ])
        var counts: [Value: Int] = [:]
        for ordinal in 0..<2000 { counts[draw(.choice(choice), ordinal), default: 0] += 1 }
        #expect(counts.count == 3)
        let cells = [(Value(text: "small"), 1000.0), (Value(text: "large"), 200), (choice.values[4], 800)]
        #expect(chiSquare(cells.map { (counts[$0.0] ?? 0, $0.1) }) < 18.5)
        let extreme = try Choice([(Value(1), .greatestFiniteMagnitude), (Value(2), .greatestFiniteMagnitude)])
        #expect(Set((0..<100).map { draw(.choice(extreme), $0) }) == [Value(1), Value(2)])
    }

    @Test("refuse weights that are none", arguments: [[], [0], [0, 0], [-1, 2], [Double.nan], [.infinity, 1]])
    func weights(weights: [Double]) {
        #expect(throws: DataError.self) { try Choice(weights.map { (Value(1), $0) }) }
    }

    @Test("are UUIDs of version 4, all different, each free bit as often 0 as 1")
    func uuid() throws {
        let drawn = (0..<1000).map { draw(.uuid, $0).text }
        #expect(Set(drawn).count == 1000)
        let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(try drawn.prefix(100).allSatisfy { try pattern.wholeMatch(in: $0) != nil })
        var ones = [Int](repeating: 0, count: 128)
        for text in drawn {
            for (index, digit) in text.filter({ $0 != "-" }).enumerated() {
                let nibble = try #require(digit.hexDigitValue)
                for bit in 0..<4 where nibble >> (3 - bit) & 1 == 1 { ones[index * 4 + bit] += 1 }
            }
        }
        // The version takes bits 48 to 51, the variant 64 and 65.
        #expect(Array(ones[48...51]) == [0, 1000, 0, 0])
        #expect(Array(ones[64...65]) == [1000, 0])
        for (bit, count) in ones.enumerated() where !(48...51).contains(bit) && !(64...65).contains(bit) {
            // Five standard deviations of 16.
            #expect((420...580).contains(count), "bit \(bit)")
        }
    }

    @Test(
        "are times of the clock that is passed in",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z", 0, 0),
            (1_772_368_200_250_999_999, "2026-03-01T12:30:00.250Z", 1_772_368_200, 1_772_368_200_250),
            (951_782_399_999_999_999, "2000-02-28T23:59:59.999Z", 951_782_399, 951_782_399_999),
            (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z", 951_782_400, 951_782_400_000),
            (1_709_164_800_000_000_000, "2024-02-29T00:00:00.000Z", 1_709_164_800, 1_709_164_800_000),
            (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z", 4_107_542_400, 4_107_542_400_000),
            (-1, "1969-12-31T23:59:59.999Z", -1, -1),
            (Int64.max, "2262-04-11T23:47:16.854Z", 9_223_372_036, 9_223_372_036_854),
            (Int64.min, "1677-09-21T00:12:43.145Z", -9_223_372_037, -9_223_372_036_855),
        ])
    func timestamps(wall: Int64, iso: String, seconds: Int, milliseconds: Int) {
        #expect(draw(.timestamp(.iso), 0, wall: wall) == Value(text: iso))
        #expect(draw(.timestamp(.seconds), 0, wall: wall) == Value(seconds))
        #expect(draw(.timestamp(.milliseconds), 0, wall: wall) == Value(milliseconds))
    }

    @Test("are dates that follow one another day by day from 1890 to 2110")
    func calendar() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var output: [UInt8] = []
        // 1890-01-01 is 29,219 days before 1970-01-01.
        var days: Int64 = -29_219
        var wrong: [String] = []
        for year in 1890...2110 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                for day in 1...(lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)) {
                    output.removeAll(keepingCapacity: true)
                    WallTime.writeISO(days * 86_400_000_000_000, into: &output)
                    let digits = output.prefix(10).filter { $0 != UInt8(ascii: "-") }.reduce(0) {
                        $0 * 10 + Int($1) - 48
                    }
                    if digits != year * 10_000 + month * 100 + day {
                        wrong.append(String(decoding: output, as: UTF8.self))
                    }
                    days += 1
                }
            }
        }
        #expect(wrong == [])
        #expect(days == 51_499)
    }

    @Test(
        "are texts of the alphabet, each character as likely: χ² below the 99.99 % point",
        arguments: [
            (RandomText.Alphabet.alphanumeric, 62, 110.0), (.letters, 52, 97), (.digits, 10, 34), (.hex, 16, 45),
            (.lowercase, 26, 60),
        ])
    func strings(alphabet: RandomText.Alphabet, size: Int, limit: Double) throws {
        let generator = Generator.string(try RandomText(length: 100, of: alphabet))
        var counts: [UInt8: Int] = [:]
        for ordinal in 0..<size {
            let value = draw(generator, ordinal)
            if value.kind != .text || value.bytes.count != 100 { Issue.record("draw \(ordinal) is \(value)") }
            for byte in value.bytes { counts[byte, default: 0] += 1 }
        }
        #expect(counts.count == size)
        #expect(chiSquare(counts.values.map { ($0, 100) }) < limit)
    }

    @Test("refuse lengths of texts beyond 1 to 1,048,576", arguments: [0, -1, Int.min, 1_048_577])
    func lengths(length: Int) {
        #expect(throws: DataError.self) { try RandomText(length: length) }
    }

    @Test(
        "say in one line what they are",
        arguments: zip(
            try GeneratorTests.all().map(\.text),
            [
                "1, 2, 3, …", "integer 1 to 10", "one of 2 values, by weight", "random UUID", "time as in RFC 3339",
                "time in seconds since 1970", "time in milliseconds since 1970", "16 random characters (alphanumeric)",
                "1 to 100000, Zipf with exponent 1.1", "normal around 50, deviation 10, 0 to 100",
            ]))
    func text(text: String, expected: String) {
        #expect(text == expected)
    }

    @Test("write digits as the standard library does", arguments: [0, 9, 10, -1, 12345, Int.max, Int.min])
    func digits(number: Int) {
        var output = Array("x".utf8)
        DecimalText.append(number, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x\(number)")
    }
}
