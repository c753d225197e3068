import Core
import Testing

@testable import Policies

@Suite("A file of endpoints")
struct EndpointFileTests {
    private static func problems(_ text: String, defaultPort: UInt16? = nil) -> EndpointProblems? {
        #expect(throws: EndpointProblems.self) { try EndpointFile(Array(text.utf8), defaultPort: defaultPort) }
    }

    @Test("holds one a line, with weight and zone")
    func lines() throws {
        let text = """
            \u{FEFF}# the shop
            10.0.0.1:8080 weight=5 zone=a

              shop.example:80\tzone=eu-west.1 weight=0 # drained
            [::1]:80#near\r
            \t
            10.0.0.2:8080 weight=65535\r
            """
        #expect(
            try EndpointFile(Array(text.utf8)).endpoints == [
                Endpoint(host: "10.0.0.1", port: 8_080, weight: 5, zone: "a"),
                Endpoint(host: "shop.example", port: 80, weight: 0, zone: "eu-west.1"),
                Endpoint(host: "::1", port: 80), Endpoint(host: "10.0.0.2", port: 8_080, weight: 65_535),
            ])
    }

    @Test("may be empty", arguments: ["", "\n\n", "# nobody", "\u{FEFF}", " \t\r\n"])
    func empty(text: String) throws {
        #expect(try EndpointFile(Array(text.utf8)).endpoints.isEmpty)
    }

    @Test("gives endpoints the default port")
    func defaultPort() throws {
        let file = try EndpointFile(Array("10.0.0.1\n10.0.0.2:81\n".utf8), defaultPort: 80)
        #expect(file.endpoints.map(\.address) == ["10.0.0.1:80", "10.0.0.2:81"])
    }

    @Test(
        "says what is wrong, and where",
        arguments: [
            ("a:1\nb\n", 2, "the endpoint `b` has no port"),
            ("a:1 weight=x", 1, "`weight=x` is no weight"), ("a:1 weight=-1", 1, "`weight=-1` is no weight"),
            ("a:1 weight=65536", 1, "`weight=65536` is no weight"), ("a:1 weight", 1, "`weight` is no weight"),
            ("a:1 weight=99999999999999999999", 1, "`weight=99999999999999999999` is no weight"),
            ("a:1 zone=", 1, "`zone=` is no zone"), ("a:1 zone=a/b", 1, "`zone=a/b` is no zone"),
            ("\n\na:1 zone=a zone=b", 3, "`zone` is given twice for one endpoint"),
            ("a:1 b:2", 1, "`b:2` is no option of an endpoint"),
            ("a:1 color=red", 1, "`color=red` is no option of an endpoint"),
            ("a:1\n#\nA.:1 weight=2", 3, "the endpoint `a:1` stands on line 1 already"),
            ("[::1]:1\n[0:0::1]:1", 2, "the endpoint `[::1]:1` stands on line 1 already"),
        ])
    func wrong(text: String, line: Int, message: String) {
        let problems = Self.problems(text)
        #expect(problems?.count == 1)
        #expect(problems?.problems.first?.line == line)
        #expect(problems?.problems.first?.message == message)
        #expect(problems?.description.hasPrefix("line \(line): \(message): ") == true)
    }

    @Test("has one problem for each line that is wrong, of which the first 50 are kept")
    func several() {
        let three = Self.problems("a:1\na:1\nb\na:1\n")
        #expect(three?.problems.map(\.line) == [2, 3, 4])
        let many = Self.problems(String(repeating: "a:1\n", count: 100))
        #expect(many?.count == 99)
        #expect(many?.problems.count == 50)
        #expect(many?.description.hasSuffix("\nand 49 more") == true)
    }

    @Test("has 4,096 endpoints and 1 MiB at most")
    func limits() throws {
        let lines = (0..<4_097).map { "host-\($0):80\n" }
        #expect(try EndpointFile(Array(lines.dropLast().joined().utf8)).endpoints.count == 4_096)
        let problems = Self.problems(lines.joined() + "more:1\n")
        #expect(problems?.count == 1)
        #expect(problems?.problems.first?.line == 4_097)
        let full = [UInt8](repeating: 0x0A, count: 1 << 20)
        #expect(try EndpointFile(full).endpoints.isEmpty)
        #expect(throws: EndpointProblems.self) { try EndpointFile(full + [0x0A]) }
    }

    @Test("never traps on any bytes", arguments: UInt64(1)...4)
    func hostile(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let words = ["10.0.0.1:80", "weight=", "=", "zone=a", "#", "\n", " ", "\r", "[::1]:", "9", "é", ":"]
        for _ in 0..<300 {
            var bytes: [UInt8] = []
            for _ in 0..<random.below(30) {
                if random.below(5) == 0 { bytes.append(UInt8(random.below(256))) }
                bytes += words[Int(random.below(UInt64(words.count)))].utf8
            }
            do throws(EndpointProblems) {
                let endpoints = try EndpointFile(bytes).endpoints
                #expect(Set(endpoints.map(\.address)).count == endpoints.count)
            } catch {
                #expect(error.count > 0 && error.problems.allSatisfy { $0.line != nil })
            }
        }
    }
}
