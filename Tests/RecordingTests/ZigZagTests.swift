import Core
import Testing

@testable import Recording

@Suite struct ZigZagTests {
    static let vectors: [(value: Int64, bytes: [UInt8])] = [
        (0, [0x00]), (1, [0x02]), (-1, [0x01]), (63, [0x7e]), (-64, [0x7f]), (64, [0x80, 0x01]), (-65, [0x81, 0x01]),
        (.max, [0xfe] + [UInt8](repeating: 0xff, count: 8)), (.min, [UInt8](repeating: 0xff, count: 9)),
        (1 << 62, [UInt8](repeating: 0x80, count: 9)),
        ((1 << 55) - 1, [0xfe] + [UInt8](repeating: 0xff, count: 6) + [0x7f]),
    ]

    @Test(arguments: vectors)
    func `a number is written as the Java library writes it, and read back`(value: Int64, bytes: [UInt8]) {
        var written: [UInt8] = []
        ZigZag.append(value, to: &written)
        #expect(written == bytes)
        #expect(Self.read(bytes) == [value])
    }

    @Test func `every width of number survives, one after the other`() {
        var random = SeededRandom(seed: 11)
        let values = (0..<5_000).map { _ in Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random)
        }
        var bytes: [UInt8] = []
        for value in values { ZigZag.append(value, to: &bytes) }
        #expect(Self.read(bytes) == values)
    }

    @Test(arguments: 1...8)
    func `a number that is cut off is no number`(length: Int) {
        #expect(Self.read([UInt8](repeating: 0x80, count: length)) == nil)
    }

    /// All numbers in the bytes; nil when the last is cut off.
    private static func read(_ bytes: [UInt8]) -> [Int64]? {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            var values: [Int64] = []
            while offset < bytes.count {
                guard let value = ZigZag.read(bytes, at: &offset) else { return nil }
                values.append(value)
            }
            return values
        }
    }
}
