import Testing

@testable import Policies

@Suite("The stable hash")
struct StableHashTests {
    /// The test bytes of xxHash's own sanity check: the high bytes of a product that goes on.
    static func sanityBytes(_ count: Int) -> [UInt8] {
        var generator: UInt64 = 2_654_435_761
        return (0..<count).map { _ in
            defer { generator &*= 11_400_714_785_074_694_797 }
            return UInt8(truncatingIfNeeded: generator >> 56)
        }
    }

    @Test(
        "is XXH64 by its published vectors",
        arguments: [
            (0, 0xEF46_DB37_51D8_E999, 0xAC75_FDA2_929B_17EF),
            (1, 0xE934_A84A_DB05_2768, 0x5014_6076_43A9_B4C3),
            (4, 0x9136_A0DC_A574_57EE, 0xCAAB_286B_D8E9_FDB5),
            (14, 0x8282_DCC4_994E_35C8, 0xC3BD_6BF6_3DEB_6DF0),
            (222, 0xB641_AE8C_B691_C174, 0x20CB_8AB7_AE10_C14A),
        ] as [(Int, UInt64, UInt64)])
    func vectors(length: Int, plain: UInt64, seeded: UInt64) {
        let bytes = Self.sanityBytes(length)
        #expect(StableHash.of(bytes) == plain)
        #expect(StableHash.of(bytes, seed: 2_654_435_761) == seeded)
    }

    @Test(
        "is XXH64 for text",
        arguments: [
            ("a", 0, 0xD24E_C4F1_A98C_6E5B), ("abc", 0, 0x44BC_2CF5_AD77_0999), ("1000", 0, 0x6AA4_8FBA_1835_CAB3),
            ("Nobody inspects the spammish repetition", 0, 0xFBCE_A83C_8A37_8BF1),
            ("xxhash", 20_141_025, 0xB559_B98D_844E_0635),
        ] as [(String, UInt64, UInt64)])
    func text(text: String, seed: UInt64, expected: UInt64) {
        #expect(StableHash.of(Array(text.utf8), seed: seed) == expected)
    }

    @Test("does not care where the bytes stand in memory, and differs for each length")
    func alignment() {
        let bytes = Self.sanityBytes(300)
        var seen: Set<UInt64> = []
        for length in 0...100 {
            let expected = StableHash.of(Array(bytes[0..<length]))
            for offset in 1...8 {
                let padded = [UInt8](repeating: 7, count: offset) + bytes[0..<length]
                #expect(StableHash.of(padded.span.bytes.extracting(offset..<(offset + length))) == expected)
            }
            seen.insert(expected)
        }
        #expect(seen.count == 101)
    }
}
