import Core
import Testing

@Suite("Trace contexts")
struct TraceContextTests {
    @Test(
        "a context is written as the standard has it",
        arguments: [
            (
                TraceID(high: 0x4BF9_2F35_77B3_4DA6, low: 0xA3CE_929D_0E0E_4736), UInt64(0x00F0_67AA_0BA9_02B7), false,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02"
            ),
            (TraceID(high: 0, low: 1), 1, false, "00-00000000000000000000000000000001-0000000000000001-02"),
            (
                TraceID(high: .max, low: .max), .max, true, "00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-03"
            ),
            (
                TraceID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210), 0x90A0_0B0C, true,
                "00-0123456789abcdeffedcba9876543210-0000000090a00b0c-03"
            ),
        ])
    func written(trace: TraceID, parent: UInt64, isSampled: Bool, text: String) {
        let context = TraceContext(trace: trace, parent: parent, isSampled: isSampled)
        #expect("\(context)" == text)
        #expect(text.utf8.count == TraceContext.length)
    }

    @Test("digits are those of the standard library, whatever the number")
    func digits() {
        var random = SeededRandom(seed: 3)
        for round in 0..<1_000 {
            // Small numbers too, which have zeros in front.
            let shift = UInt64(round % 64)
            let (high, low, parent) = (random.next() >> shift, random.next(), random.next() >> (63 - shift))
            let context = TraceContext(trace: TraceID(high: high, low: low), parent: parent, isSampled: false)
            let parts = "\(context)".split(separator: "-").map(String.init)
            #expect(parts == ["00", "\(TraceID(high: high, low: low))", padded(parent), "02"])
            #expect(parts[1] == padded(high) + padded(low))
        }
    }

    private func padded(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    @Test("an identifier is read back as it was written")
    func readBack() {
        let trace = TraceID(high: 0xA0, low: 0x0B)
        #expect(TraceID("\(trace)") == trace)
        #expect(!trace.isNone && TraceID.none.isNone)
    }

    @Test(
        "what is no identifier is not read",
        arguments: [
            "", "4bf9", "00000000000000000000000000000000", "4BF92F3577B34DA6A3CE929D0E0E4736",
            "4bf92f3577b34da6a3ce929d0e0e473", "4bf92f3577b34da6a3ce929d0e0e47360", "+bf92f3577b34da6a3ce929d0e0e4736",
            "4bf92f3577b34da6-3ce929d0e0e4736", "4bf92f3577b34da6a3ce929d0e0e473é",
        ])
    func refused(text: String) { #expect(TraceID(text) == nil) }
}
