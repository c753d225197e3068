import Core
import Testing

@testable import Policies

@Suite("The text of an endpoint")
struct EndpointTextTests {
    @Test(
        "is a host and a port",
        arguments: [
            ("10.0.0.1:8080", "10.0.0.1", 8_080), ("shop.example:80", "shop.example", 80), ("[::1]:8080", "::1", 8_080),
            ("Shop.Example.:1", "shop.example", 1), ("localhost:65535", "localhost", 65_535),
            ("[2001:DB8:0:0::1]:443", "2001:db8::1", 443), ("a_b-c:080", "a_b-c", 80),
        ] as [(String, String, UInt16)])
    func valid(text: String, host: String, port: UInt16) throws {
        #expect(try EndpointText.parse(text) == Endpoint(host: host, port: port))
        #expect(try EndpointText.parse(text, defaultPort: 7) == Endpoint(host: host, port: port))
    }

    @Test(
        "needs no port with a default one",
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("shop", "shop"), ("[::1]", "::1"), ("::1", "::1"), ("fe80::1", "fe80::1"),
        ])
    func defaultPort(text: String, host: String) throws {
        #expect(try EndpointText.parse(text, defaultPort: 8_080) == Endpoint(host: host, port: 8_080))
        let problem = #expect(throws: EndpointProblem.self) { try EndpointText.parse(text) }
        #expect(problem?.message == "the endpoint `\(text)` has no port")
        #expect(problem?.remedy.contains(":8080`") == true)
    }

    @Test(
        "is refused with the reason",
        arguments: [
            ("", "an endpoint is empty"),
            ("http://shop:80", "the endpoint `http://shop:80` holds a `/`; it is no URL and no network"),
            ("10.0.0.0/8:80", "the endpoint `10.0.0.0/8:80` holds a `/`; it is no URL and no network"),
            ("[::1", "the endpoint `[::1` has no `]` after its address"),
            ("[::1]8080", "the endpoint `[::1]8080` goes on after `]` with something else than a port"),
            ("[10.0.0.1]:80", "`10.0.0.1` in the endpoint `[10.0.0.1]:80` is no IPv6 address"),
            ("[]:80", "`` in the endpoint `[]:80` is no IPv6 address"),
            ("fe80::1%eth0", "`fe80::1%eth0` in the endpoint `fe80::1%eth0` is no IPv6 address"),
            ("a:b:80", "`a:b:80` in the endpoint `a:b:80` is no IPv6 address"),
            (":80", "`` in the endpoint `:80` is neither a host name nor an IP address"),
            ("*.shop:80", "`*.shop` in the endpoint `*.shop:80` is neither a host name nor an IP address"),
            ("127.1:80", "`127.1` in the endpoint `127.1:80` is neither a host name nor an IP address"),
            ("10.0.0.256:80", "`10.0.0.256` in the endpoint `10.0.0.256:80` is neither a host name nor an IP address"),
            ("sh\nop:80", "`sh op` in the endpoint `sh op:80` is neither a host name nor an IP address"),
            ("shop:", "`` in the endpoint `shop:` is no port"), ("shop:0", "`0` in the endpoint `shop:0` is no port"),
            ("shop:65536", "`65536` in the endpoint `shop:65536` is no port"),
            ("shop:-1", "`-1` in the endpoint `shop:-1` is no port"),
            ("shop:٣", "`٣` in the endpoint `shop:٣` is no port"),
            (
                "shop:99999999999999999999",
                "`99999999999999999999` in the endpoint `shop:99999999999999999999` is no port"
            ),
        ])
    func invalid(text: String, message: String) {
        let problem = #expect(throws: EndpointProblem.self) { try EndpointText.parse(text) }
        #expect(problem?.message == message)
        #expect(problem?.remedy.isEmpty == false)
        #expect(problem?.line == nil)
    }

    @Test("reads what an endpoint is known by as the same endpoint")
    func roundTrip() throws {
        for endpoint in [Endpoint(host: "10.0.0.1", port: 1), Endpoint(host: "2001:db8::1", port: 80)] {
            #expect(try EndpointText.parse(endpoint.address) == endpoint)
        }
    }

    @Test("never traps on any bytes", arguments: UInt64(1)...4)
    func hostile(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("[]:.%/#=*-_ \t019afzé\u{0}\u{301}")
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int(random.below(12))).map { _ in alphabet[Int(random.below(UInt64(alphabet.count)))] })
            if let endpoint = try? EndpointText.parse(text, defaultPort: 1) {
                #expect((try? EndpointText.parse(endpoint.address)) == endpoint)
            }
        }
    }
}
