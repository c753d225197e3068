import Testing

@testable import Core

struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"), ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("fe80::", "fe80::"),
    ])
    func anAddressIsReadAndWritten(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect("\(address)" == written)
        #expect(IPAddress(written) == address)
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.", ".1.2.3", "1.2.3.-4", "1.2.3.4 ",
        "0x7f.0.0.1",
        "127.1", "2130706433", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8", "12345::", "g::", "[::1]", "fe80::1%eth0", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", ":1",
        "1:",
        "1:2:3:4:5:6:7:1.2.3.4", "１.2.3.4", "::é",
    ])
    func whatIsNoAddressIsNone(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func bytesAreAnAddressIfThereAreFourOrSixteen() {
        #expect(IPAddress(bytes: [127, 0, 0, 1]) == IPAddress("127.0.0.1"))
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 15) + [1]) == IPAddress("::1"))
        for count in [0, 1, 5, 15, 17] { #expect(IPAddress(bytes: [UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test(arguments: [
        ("255.255.255.255", 0, "0.0.0.0"), ("255.255.255.255", 9, "255.128.0.0"), ("1.2.3.4", 32, "1.2.3.4"),
        ("1.2.3.4", 99, "1.2.3.4"), ("1.2.3.4", -1, "0.0.0.0"), ("ffff:ffff::ffff", 17, "ffff:8000::"),
        ("1:2:3:4:5:6:7:8", 64, "1:2:3:4::"), ("1:2:3:4:ffff:6:7:8", 65, "1:2:3:4:8000::"), ("::1", 128, "::1"),
        ("ffff::1", 0, "::"),
    ])
    func aPrefixKeepsTheFirstBits(text: String, length: Int, prefix: String) throws {
        #expect("\(try #require(IPAddress(text)).prefix(length))" == prefix)
    }
}
