import Core
import Policies
import Testing

@Suite("Answers of name servers")
struct DNSAnswerTests {
    private static func two(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    private static func labels(_ name: String) -> [UInt8] {
        name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    private static func record(_ name: [UInt8], _ type: Int, _ data: [UInt8]) -> [UInt8] {
        name + two(type) + [0, 1, 0, 0, 0, 60] + two(data.count) + data
    }

    /// A message with one question, about `shop.test`, and these records, of which so many are the answer.
    private static func message(_ records: [[UInt8]], answers: Int, code: UInt8 = 0) -> [UInt8] {
        [0x12, 0x34, 0x81, 0x80 | code, 0, 1] + two(answers) + two(0) + two(records.count - answers)
            + labels("shop.test") + [0, 1, 0, 1] + records.joined()
    }

    /// Points to the name in the question.
    private static let same: [UInt8] = [0xC0, 0x0C]

    private static let service = record(same, 33, two(1) + two(5) + two(8_080) + labels("Host.Shop.test"))
    private static let address = record(same, 1, [10, 0, 0, 1])
    private static let addition = record(labels("host.shop.test"), 1, [10, 0, 0, 2])
    private static let wide = record(same, 28, [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [1])

    @Test("addresses of the answer are kept apart from those that nobody has asked for")
    func sections() throws {
        let answer = try #require(
            DNSAnswer(Self.message([Self.address, Self.wide, Self.service, Self.addition], answers: 3)))
        #expect(answer.code == 0)
        #expect(answer.addresses.map(\.address.description) == ["10.0.0.1", "2001:db8::1"])
        #expect(answer.addresses.allSatisfy { $0.name == "shop.test" })
        #expect(answer.additions.map(\.address.description) == ["10.0.0.2"])
        #expect(answer.services.map(\.target) == ["host.shop.test"])
        #expect(answer.services.first?.port == 8_080 && answer.services.first?.weight == 5)
    }

    @Test("a refusal has its code, and no records", arguments: [UInt8(2), 3, 5])
    func codes(code: UInt8) throws {
        let answer = try #require(DNSAnswer(Self.message([], answers: 0, code: code)))
        #expect(answer.code == code)
        #expect(answer.addresses.isEmpty && answer.services.isEmpty && answer.additions.isEmpty)
    }

    @Test("an answer that is cut off anywhere is none")
    func cut() {
        let whole = Self.message([Self.address, Self.service, Self.addition], answers: 2)
        #expect(DNSAnswer(whole) != nil)
        for length in 0..<whole.count { #expect(DNSAnswer(Array(whole[..<length])) == nil, "\(length) bytes") }
    }

    @Test(
        "what is no answer is none",
        arguments: [
            ("a question", [0x12, 0x34, 0x01, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("a name that points to itself", [0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 0x0C, 0, 1, 0, 1]),
            ("a name that points ahead", [0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 0x20, 0, 1, 0, 1]),
            ("a label of a kind that is not known", [0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 1, 0, 1]),
            ("ten records, and none there", [0, 0, 0x81, 0x80, 0, 0, 0, 10, 0, 0, 0, 0]),
        ] as [(String, [UInt8])])
    func nonsense(what: String, bytes: [UInt8]) {
        #expect(DNSAnswer(bytes) == nil, "\(what)")
    }

    @Test("no bytes make it fall: each byte of an answer replaced by each value of a few")
    func hostile() {
        let whole = Self.message([Self.service, Self.address, Self.wide, Self.addition], answers: 3)
        var readable = 0
        for place in whole.indices {
            for value in [0, 1, 0x3F, 0x40, 0x7F, 0x80, 0xBF, 0xC0, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[place] = value
                guard let answer = DNSAnswer(bytes) else { continue }
                readable += 1
                #expect(answer.addresses.count + answer.additions.count + answer.services.count <= 4)
            }
        }
        #expect(readable > 0)
    }
}
