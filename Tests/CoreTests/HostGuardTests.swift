import Testing

@testable import Core

/// Which hosts a run may send to.
struct HostGuardTests {
    static func `guard`(_ rules: [String]) throws -> HostGuard {
        HostGuard(allowed: try rules.map { try HostRule($0) })
    }

    @Test(arguments: [
        "127.0.0.1", "127.255.0.3", "0.0.0.0", "::", "::1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "100.64.0.1", "100.127.255.255", "169.254.1.1", "fe80::1", "febf::1", "fc00::1", "fdff::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "::ffff:0.0.0.0",
    ])
    func anAddressThatIsNearIsAlwaysAllowed(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(HostGuard().allows(host: "any.example", address: address))
        #expect(HostGuard().allows(host: text))
        #expect(HostGuard().allows(host: "[\(text)]"))
    }

    @Test(arguments: [
        "0.0.0.1", "9.255.255.255", "11.0.0.0", "126.0.0.1", "128.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1",
        "100.63.255.255", "100.128.0.0", "169.253.0.1", "203.0.113.7", "fec0::1", "fbff::1", "fe00::1", "2001:db8::1",
        "::2", "::ffff:8.8.8.8", "64:ff9b::a00:1",
    ])
    func anAddressThatIsFarNeedsARule(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(!HostGuard().allows(host: "shop.example", address: address))
        #expect(!HostGuard().allows(host: text))
        #expect(try Self.guard(["shop.example"]).allows(host: "shop.example", address: address))
        #expect(try Self.guard([text]).allows(host: "other.example", address: address))
        #expect(try !Self.guard(["shop.example"]).allows(host: "other.example", address: address))
    }

    @Test(arguments: [
        "169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
        "::169.254.169.254",
    ])
    func anAddressOfMetadataIsAllowedOnlyByItself(text: String) throws {
        let address = try #require(IPAddress(text))
        let rules = ["metadata.example", "*.example", "169.254.0.0/16", "0.0.0.0/0", "::/0", "fd00::/8"]
        let far = try Self.guard(rules)
        #expect(!far.allows(host: "metadata.example", address: address))
        #expect(!far.allows(host: text))
        let named = try Self.guard([text])
        #expect(named.allows(host: "metadata.example", address: address))
        #expect(named.allows(host: text))
    }

    @Test(arguments: [
        ("shop.example", "shop.example", true), ("shop.example", "SHOP.Example", true),
        ("Shop.Example", "shop.example", true),
        ("shop.example", "shop.example.", true), ("shop.example.", "shop.example", true),
        ("shop.example", "a.shop.example", false), ("shop.example", "shop.example.net", false),
        ("shop.example", "xshop.example", false), ("*.shop.example", "a.shop.example", true),
        ("*.shop.example", "a.b.SHOP.example", true), ("*.shop.example", "shop.example", false),
        ("*.shop.example", "xshop.example", false), ("203.0.113.0/24", "203.0.113.255", true),
        ("203.0.113.0/24", "203.0.114.0", false), ("203.0.113.0/24", "::ffff:203.0.113.9", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "[2001:db8::1]", true),
        ("2001:db8::/32", "2001:db9::1", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "8.8.8.8", false), ("[2001:db8::1]", "2001:db8::1", true), ("203.0.113.7/32", "203.0.113.7", true),
        ("other.example", "localhost", true), ("other.example", "a.localhost", true),
        ("other.example", "localhost.example", false), ("other.example", "2130706433", false),
    ])
    func aRuleAllowsAHostByItsText(rule: String, host: String, allowed: Bool) throws {
        #expect(try Self.guard([rule]).allows(host: host) == allowed)
    }

    @Test(arguments: [
        ("", HostRuleProblem.name), (".", .name), ("a..b", .name), ("*", .name), ("*.", .name), ("a.*.b", .name),
        ("http:", .name), ("shop.example:80", .name), ("münchen.example", .name), ("a b", .name), ("::g", .name),
        ("127.1", .number), ("2130706433", .number), ("0x7f.1", .number), ("1.2.3.256", .number), ("01.2.3.4", .number),
        ("shop.example/24", .network), ("http://shop.example", .network), ("/8", .network), ("1.2.3/8", .network),
        ("10.0.0.0/33", .length(32)), ("10.0.0.0/", .length(32)), ("10.0.0.0/-1", .length(32)),
        ("10.0.0.0/+8", .length(32)), ("2001:db8::/129", .length(128)), ("10.0.0.1/8", .bits("10.0.0.0/8")),
        ("2001:db8::1/32", .bits("2001:db8::/32")),
    ])
    func aTextThatIsNoRuleIsRefused(text: String, problem: HostRuleProblem) {
        #expect(throws: problem) { try HostRule(text) }
    }

    @Test(arguments: ["shop.example", "*.shop.example", "203.0.113.7", "203.0.113.0/24", "2001:db8::/32", "a_b-c.d9"])
    func aRuleIsWrittenAsItWasRead(text: String) throws {
        #expect("\(try HostRule(text))" == text)
    }
}
