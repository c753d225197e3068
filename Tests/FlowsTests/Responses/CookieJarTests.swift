import Core
import Testing

@testable import Flows

@Suite("Cookie jars")
struct CookieJarTests {
    /// 2026-10-21 07:28:00 UTC.
    private let now: Int64 = 1_792_567_680
    private var jar = CookieJar()

    private mutating func set(_ lines: String..., path: String = "/shop/cart?x=/a/b", after seconds: Int64 = 0) {
        let headers = lines.map { "Set-Cookie: \($0)\r\n" }.joined()
        jar.store(from: Array(headers.utf8), requestPath: Array(path.utf8), now: now + seconds)
    }

    private func sent(_ path: String = "/shop/cart", secure: Bool = false, after seconds: Int64? = nil) -> String? {
        var output: [UInt8] = []
        let wrote = jar.write(
            path: Array(path.utf8), isSecure: secure, now: seconds.map { now + $0 }, into: &output)
        #expect(wrote == !output.isEmpty)
        return wrote ? String(decoding: output, as: UTF8.self) : nil
    }

    @Test(
        "a line gives a cookie, as RFC 6265, 5.2 reads it",
        arguments: [
            ("a=b", "a=b"), (" a = b ; Path=/", "a=b"), ("a=b=c", "a=b=c"), ("a=", "a="), ("a=\"b c\"", "a=\"b c\""),
            ("a=b; HttpOnly; SameSite=Lax; Domain=other.example; Priority=High", "a=b"), ("a=b;;;", "a=b"),
            ("a=é", "a=é"),
            ("a=b; path=relative", "a=b"), ("a=b; Max-Age=abc", "a=b"), ("a=b; expires=never", "a=b"),
            ("a=b; PATH", "a=b"),
            ("a", nil), ("=b", nil), ("", nil), (";a=b", nil), ("a=b\u{1}", nil), ("a=b; x=\0", nil), ("a=\u{7F}", nil),
            ("a=b; Max-Age=0", nil), ("a=b; max-age=-1", nil), ("a=b; Secure", nil),
            ("a=b; Expires=Wed, 21 Oct 2026 07:27:59 GMT", nil), ("a=b; Expires=Wed, 21 Oct 2026 07:28:01 GMT", "a=b"),
            ("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", "a=b"),
        ])
    mutating func lines(line: String, expected: String?) {
        set(line)
        #expect(sent() == expected)
    }

    @Test(
        "a cookie goes to its path and what is below it",
        arguments: [
            ("a=b", "/shop/cart", "/shop/cart", true), ("a=b", "/shop/cart", "/shop", true),
            ("a=b", "/shop/cart", "/shop/", true), ("a=b", "/shop/cart", "/shopping", false),
            ("a=b", "/shop/cart", "/", false), ("a=b", "/shop/", "/shop/x/y", true), ("a=b", "/shop", "/other", true),
            ("a=b", "/shop/cart?next=/a/b", "/shop?x", true), ("a=b", "", "/", true), ("a=b", "*", "/x", true),
            ("a=b; Path=/a/", "/", "/a/b", true), ("a=b; Path=/a/", "/", "/a", false),
            ("a=b; Path=/a", "/", "/a?b", true),
            ("a=b; Path=/a", "/", "/ab", false), ("a=b; Path=/a; Path=/c", "/", "/c", true),
            ("a=b; Path=/A", "/", "/a", false),
        ])
    mutating func paths(line: String, requestPath: String, path: String, isSent: Bool) {
        set(line, path: requestPath)
        #expect(sent(path) == (isSent ? "a=b" : nil))
    }

    @Test("longer paths come first, then older cookies")
    mutating func order() {
        set("a=1; Path=/", "b=2; Path=/shop", "c=3; Path=/", "d=4; Path=/shop")
        set("a=5; Path=/")
        #expect(sent() == "b=2; d=4; a=5; c=3")
        #expect(jar.count == 4)
        #expect(jar["a"] == "5" && jar["d"] == "4" && jar["A"] == nil)
    }

    @Test("a cookie of the same name and path is replaced or deleted, of another path it stays")
    mutating func replacing() {
        set("a=1", "a=2; Path=/", "a=3")
        #expect(sent() == "a=3; a=2")
        set("a=; Max-Age=0")
        #expect(sent() == "a=2")
        set("a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(sent() == nil)
        #expect(jar.count == 0)
    }

    @Test("a cookie expires, and a secure one waits for TLS")
    mutating func expiry() {
        set("a=1; Max-Age=10; Path=/", "b=2; Secure; Path=/")
        #expect(sent(after: 9) == "a=1")
        #expect(sent(after: 10) == nil)
        #expect(sent(secure: true, after: 10) == "b=2")
        #expect(sent(secure: true) == "a=1; b=2")
        set("c=3; Max-Age=99999999999999999999999999; Path=/")
        #expect(sent(after: 1_000_000) == "c=3")
    }

    @Test("fifty cookies are kept, the expired and then the oldest go first, and 4 KiB each")
    mutating func limits() {
        set("short=1; Max-Age=1")
        for index in 0..<50 { set("c\(index)=1", after: index == 49 ? 5 : 0) }
        #expect(jar.count == 50)
        #expect(jar["short"] == nil && jar["c0"] == "1")
        set("more=1")
        #expect(jar.count == 50)
        #expect(jar["c0"] == nil && jar["c1"] == "1" && jar["more"] == "1")
        set("big=" + String(repeating: "x", count: 4_094))
        #expect(jar["big"] == nil)
        set("big=" + String(repeating: "x", count: 4_093))
        #expect(jar["big"]?.utf8.count == 4_093)
        set("far=1; Path=/" + String(repeating: "x", count: 5_000))
        #expect(jar["far"] == nil)
        jar.removeAll()
        #expect(jar.count == 0 && sent() == nil)
    }

    @Test(
        "a date is read as RFC 6265, 5.1.1 reads it",
        arguments: [
            ("Wed, 21 Oct 2026 07:28:00 GMT", 1_792_567_680), ("Wednesday, 21-Oct-26 07:28:00 GMT", 1_792_567_680),
            ("Wed Oct 21 07:28:00 2026", 1_792_567_680), ("Wed, 21-Oct-2026 07:28:00 GMT", 1_792_567_680),
            ("2026 21 october 7:28:0", 1_792_567_680), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200),
            ("Tue, 31 Dec 2069 23:59:59 GMT", 3_155_759_999), ("Sun, 31 Dec 1600 00:00:00 GMT", nil),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Wed, 21 Oct 2026", nil), ("07:28:00", nil), ("", nil),
            ("Wed, 21 Oct 2026 24:00:00 GMT", nil), ("Wed, 32 Oct 2026 00:00:00 GMT", nil),
            ("Wed, 21 Okt 2026 07:28:00", nil),
            ("::: 21 Oct 2026", nil), ("21 Oct 99999 07:28:00", nil),
        ] as [(String, Int64?)])
    func dates(text: String, seconds: Int64?) {
        #expect(Array(text.utf8).withUnsafeBufferPointer { HTTPDate.seconds($0) } == seconds)
    }

    @Test("nothing that a server sends lets CR, LF or NUL out, or holds the jar up", arguments: 0..<10)
    mutating func fuzz(round: Int) {
        var random = SeededRandom(seed: UInt64(round), stream: 6)
        let parts = [
            "a", "b=", "=", ";", " ", "\t", "Path=/", "/shop", "Max-Age=", "-1", "99999999999999999999", "Expires=",
            "Oct", "21",
            "07:28:00", "2026", "Secure", "\r", "\n", "\0", "\u{7F}", "é", "\r\nSet-Cookie: ", "\nset-cookie:x=y",
        ]
        for _ in 0..<500 {
            let line = (0..<Int.random(in: 0..<12, using: &random)).map { _ in parts.randomElement(using: &random) ?? ""
            }
            .joined()
            set(line, path: "/shop/" + (parts.randomElement(using: &random) ?? "") + "/")
            let output = sent("/shop/a/b", secure: true) ?? ""
            #expect(!output.utf8.contains { $0 < 0x20 && $0 != 9 || $0 == 0x7F })
            #expect(jar.count <= CookieJar.countLimit)
        }
    }
}
