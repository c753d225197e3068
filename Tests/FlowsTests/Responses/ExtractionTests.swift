import Core
import Flows
import Testing

@Suite("Extractions")
struct ExtractionTests {
    static let headers = [
        "Content-Type:  application/json \t", "location: /orders/17", "X-Empty:", "Location: /second",
        "Set-Cookie: session=old; Path=/", "set-cookie: session=abc==; HttpOnly; Max-Age=10", "Set-Cookie: other=1",
        "Set-Cookie: nothing", "X-Set-Cookie: session=no",
    ].map { $0 + "\r\n" }.joined()

    private func exchange(_ body: String = "") -> Exchange {
        let exchange = Exchange()
        exchange.responseHeaders = Array(Self.headers.utf8)
        exchange.responseBody = Array(body.utf8)
        exchange.responseSize = exchange.responseBody.count
        return exchange
    }

    private func read(_ source: Extraction.Source, in body: String = "", status: Int32 = 200) -> Value? {
        var variables = Variables(count: 1)
        variables[0] = Value(text: "former")
        var random = SeededRandom(seed: 1)
        let found = Extraction(slot: 0, source: source)
            .read(status: status, exchange(body), using: &random, into: &variables)
        #expect(found == !variables[0].isMissing)
        return found ? variables[0] : nil
    }

    @Test(
        "a header is found by its name in letters of either case, the first one, without blanks",
        arguments: [
            ("content-TYPE", "application/json"), ("Location", "/orders/17"), ("X-Empty", ""), ("X-Absent", nil),
            ("Content", nil), ("", nil), ("Content-Type:", nil),
        ])
    func headers(name: String, expected: String?) {
        #expect(read(.header(name)) == expected.map(Value.init(text:)))
    }

    @Test(
        "a cookie is found in the Set-Cookie lines, the last one of its name",
        arguments: [("session", "abc=="), ("other", "1"), ("Session", nil), ("nothing", nil), ("", nil)])
    func cookies(name: String, expected: String?) {
        #expect(read(.cookie(name)) == expected.map(Value.init(text:)))
    }

    @Test("a value of a JSON body keeps its kind")
    func json() throws {
        let path = try JSONPath("$.items[*].id")
        let body = #"{"items":[{"id":7},{"id":"b"}]}"#
        #expect(read(.json(path, .first), in: body) == Value(7))
        #expect(read(.json(path, .last), in: body) == Value(text: "b"))
        #expect(read(.json(path, .count), in: body) == Value(2))
        #expect(read(.json(path, .first), in: "no JSON") == nil)
    }

    @Test("a group of a pattern is found in any body")
    func regex() throws {
        let pattern = try Pattern(#"name="csrf" value="([^"]+)""#)
        let body = #"<input name="csrf" value="t0k3n">"#
        #expect(read(.regex(pattern, group: 1), in: body) == Value(text: "t0k3n"))
        #expect(read(.regex(pattern, group: 0), in: body) == Value(text: #"name="csrf" value="t0k3n""#))
        #expect(read(.regex(pattern, group: 2), in: body) == nil)
        #expect(read(.regex(pattern, group: 1), in: "<input>") == nil)
    }

    @Test("a status is a number, and none when no response came")
    func status() {
        #expect(read(.status, status: 404) == Value(404))
        #expect(read(.status, status: 0) == nil)
    }

    @Test("a default stands in for what is not found")
    func defaults() throws {
        var table = VariableTable()
        let (cart, other) = (table.slot(of: "cart"), table.slot(of: "other"))
        let path = try JSONPath("$.cart")
        var random = SeededRandom(seed: 1)
        func read(_ text: String, _ kind: Value.Kind = .text, body: String = "{}", former: Value = .missing) throws
            -> (Bool, Value)
        {
            let standard = try Template(text, escape: .none) { table.slot(of: $0) }
            let extraction = Extraction(slot: cart, source: .json(path, .first), standard: standard, standardKind: kind)
            var variables = Variables(count: table.count)
            variables[cart] = former
            variables[other] = Value(12)
            let found = extraction.read(status: 200, exchange(body), using: &random, into: &variables)
            return (found, variables[cart])
        }
        #expect(try read("none") == (true, Value(text: "none")))
        #expect(try read("0", .number) == (true, Value(0)))
        #expect(try read("") == (true, Value(text: "")))
        #expect(try read("{{other}}") == (true, Value(12)))
        #expect(try read("no. {{other}}") == (true, Value(text: "no. 12")))
        #expect(try read("{{cart}}", former: Value(text: "former")) == (true, Value(text: "former")))
        #expect(try read("{{cart}}!", former: Value(text: "former")) == (true, Value(text: "former!")))
        #expect(try read("{{cart}}") == (false, .missing))
        #expect(try read("{{absent}}", former: Value(1)) == (false, .missing))
        #expect(try read("{{absent}}!", former: Value(1)) == (false, .missing))
        #expect(try read("none", body: #"{"cart":5}"#, former: Value(1)) == (true, Value(5)))
    }

    @Test("an extraction says what must be kept of a response")
    func needs() throws {
        let body: [Extraction.Source] = [.json(try JSONPath("$"), .first), .regex(try Pattern("a"), group: 0)]
        for source in body {
            #expect(Extraction(slot: 0, source: source).needsBody && !Extraction(slot: 0, source: source).needsHeaders)
        }
        for source in [Extraction.Source.header("a"), .cookie("a")] {
            #expect(!Extraction(slot: 0, source: source).needsBody && Extraction(slot: 0, source: source).needsHeaders)
        }
        let status = Extraction(slot: 0, source: .status)
        #expect(!status.needsBody && !status.needsHeaders)
    }

    @Test("no header lines stop the reader")
    func fuzz() {
        var random = SeededRandom(seed: 5)
        let exchange = exchange()
        for _ in 0..<2_000 {
            var bytes = Array(Self.headers.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + 3))
                default: bytes.insert(Array("\r\n:;= ".utf8).randomElement(using: &random) ?? 0, at: at)
                }
            }
            exchange.responseHeaders = bytes
            var variables = Variables(count: 1)
            for source in [Extraction.Source.header("location"), .cookie("session")] {
                let found = Extraction(slot: 0, source: source)
                    .read(status: 200, exchange, using: &random, into: &variables)
                #expect(found == !variables[0].isMissing)
                #expect(!variables[0].bytes.contains(0x0A))
            }
        }
    }
}
