import Core
import Testing

@testable import Recording

@Suite struct Base64Tests {
    /// RFC 4648 §10, and what its vectors leave out.
    static let vectors: [(plain: [UInt8], text: String)] = [
        ([], ""), ([UInt8]("f".utf8), "Zg=="), ([UInt8]("fo".utf8), "Zm8="), ([UInt8]("foo".utf8), "Zm9v"),
        ([UInt8]("foob".utf8), "Zm9vYg=="), ([UInt8]("fooba".utf8), "Zm9vYmE="), ([UInt8]("foobar".utf8), "Zm9vYmFy"),
        ([0xfb, 0xff, 0xbf], "+/+/"), ([0x1c, 0x84, 0x93, 0x14], "HISTFA=="),
    ]

    @Test(arguments: vectors)
    func `bytes and text stand for each other`(plain: [UInt8], text: String) throws {
        #expect(Self.encode(plain) == text)
        #expect(try Self.decode(text) == plain)
    }

    @Test func `bytes of every length survive`() throws {
        var random = SeededRandom(seed: 4)
        for length in 0..<300 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(try Self.decode(Self.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: [
        ("A", 1), ("AAA", 3), ("AAAAA", 5), ("A===", 1), ("====", 0), ("AA=A", 2), ("AA-A", 2), ("AAAA AAA", 4),
        ("=AAA", 0), ("AAA\u{e9}", 5), ("AAAA====", 4),
    ])
    func `text that is not base64 is refused at the first byte out of place`(text: String, offset: Int) {
        #expect(throws: HistogramError.notBase64(offset: offset)) { try Self.decode(text) }
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        bytes.withUnsafeBytes { Base64.append($0, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decode(_ text: String) throws -> [UInt8] {
        // What an earlier call left there must not show through.
        var bytes: [UInt8] = [1, 2, 3]
        try Base64.decode([UInt8](text.utf8), into: &bytes)
        return bytes
    }
}
