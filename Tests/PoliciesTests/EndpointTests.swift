import Policies
import Testing

@Suite("An endpoint")
struct EndpointTests {
    @Test(
        "is known by its address", arguments: [("10.0.0.1", "10.0.0.1:80"), ("shop", "shop:80"), ("::1", "[::1]:80")])
    func address(host: String, expected: String) {
        #expect(Endpoint(host: host, port: 80).address == expected)
    }
}
