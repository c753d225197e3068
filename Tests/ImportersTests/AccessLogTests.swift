import Importers
import Testing

@Suite("Access logs")
struct AccessLogTests {
    private static func rows(_ text: String) throws -> [String] {
        let plan = try Imports.plan(.log, text)
        let file = try #require(plan.files.first)
        return String(decoding: file.bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
    }

    private static func line(_ request: String, time: String = "01/Mar/2028:00:00:00 +0000") -> String {
        "192.0.2.1 - - [\(time)] \"\(request)\" 200 5\n"
    }

    @Test(
        "Each request and its row",
        arguments: [
            ("GET / HTTP/1.1", "0,GET,/"), ("HEAD /a HTTP/1.0", "0,HEAD,/a"), ("GET /old", "0,GET,/old"),
            ("GET http://a.example/b?c=1 HTTP/1.1", "0,GET,/b?c=1"), ("GET /a,b HTTP/1.1", "0,GET,\"/a,b\""),
            (#"GET /\xC3\xA9 HTTP/1.1"#, "0,GET,/%C3%A9"), (#"GET /a\"b HTTP/2.0"#, "0,GET,\"/a\"\"b\""),
            ("GET /x?password=s3cr3t&a=1 HTTP/1.1", "0,GET,/x?password=removed&a=1"),
        ])
    func row(request: String, row: String) throws {
        #expect(try Self.rows(Self.line(request)) == [row])
    }

    @Test("The lines of one second are spread over it, in the log's order")
    func spread() throws {
        let text = (0..<4).map { Self.line("GET /\($0) HTTP/1.1") }.joined()
        #expect(try Self.rows(text) == ["0,GET,/0", "0.250000,GET,/1", "0.500000,GET,/2", "0.750000,GET,/3"])
    }

    @Test("Time zones, leap days and the turn of a year are counted")
    func times() throws {
        let text =
            Self.line("GET /a HTTP/1.1", time: "28/Feb/2028:23:59:59 -0100")
            + Self.line("GET /b HTTP/1.1", time: "29/Feb/2028:01:00:00 +0000")
            + Self.line("GET /c HTTP/1.1", time: "31/Dec/2028:23:59:59 +0000")
            + Self.line("GET /d HTTP/1.1", time: "01/Jan/2029:00:00:00 +0000")
        #expect(try Self.rows(text) == ["0,GET,/a", "1,GET,/b", "26521200,GET,/c", "26521201,GET,/d"])
    }

    @Test("Ten thousand lines in any order come out ascending")
    func order() throws {
        let text = (0..<10_000).map { index in
            let second = index * 7_919 % 3_600
            let time = "01/Mar/2028:10:\(Self.two(second / 60)):\(Self.two(second % 60)) +0000"
            return Self.line("GET /\(index) HTTP/1.1", time: time)
        }.joined()
        let times = try Self.rows(text).compactMap { $0.split(separator: ",").first.flatMap { Double($0) } }
        #expect(times.count == 10_000)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
