import Core
import Testing

@testable import Policies

@Suite("A load report")
struct LoadReportTests {
    @Test(
        "is read from text, JSON or a bare number",
        arguments: [
            ("0.3", LoadReport(utilisation: 0.3)),
            (" 1.25 ", LoadReport(utilisation: 1.25)),
            ("0", LoadReport(utilisation: 0)),
            ("3e-1", LoadReport(utilisation: 0.3)),
            ("TEXT cpu_utilization=0.3", LoadReport(utilisation: 0.3)),
            (
                "TEXT cpu_utilization=0.3, rps_fractional=100, eps=2",
                LoadReport(utilisation: 0.3, requestsPerSecond: 100, errorsPerSecond: 2)
            ),
            (
                "TEXT rps_fractional = 12.5,named_metrics.queue=7,mem_utilization=0.9,application_utilization=0.75,cpu_utilization=0.3",
                LoadReport(utilisation: 0.75, requestsPerSecond: 12.5)
            ),
            ("TEXT application_utilization=0,cpu_utilization=0.4", LoadReport(utilisation: 0.4)),
            ("TEXT cpu_utilization=0.4,rps_fractional=0", LoadReport(utilisation: 0.4)),
            (#"JSON {"cpu_utilization":0.3}"#, LoadReport(utilisation: 0.3)),
            (
                #"JSON { "cpuUtilization" : 0.5, "rpsFractional" : 1e2 , "eps":10 }"#,
                LoadReport(utilisation: 0.5, requestsPerSecond: 100, errorsPerSecond: 10)
            ),
            (
                #"JSON {"named_metrics":{"cpu_utilization":[9,{"a\"}":-1.5e+3}]},"x":null,"y":"}","application_utilization":0.2}"#,
                LoadReport(utilisation: 0.2)
            ),
        ])
    func forms(text: String, expected: LoadReport) {
        #expect(LoadReport(text.utf8) == expected)
        #expect(LoadReport(Array(text.utf8)) == expected)
        #expect(LoadReport(Array(text.utf8).reversed().reversed()) == expected)
    }

    @Test(
        "is nothing when the text is something else",
        arguments: [
            "", " ", "-0.3", "nan", "inf", "1e999", "0.3.1", "0.3 x", ".", "0x1", "1e", "1e+", "١",
            "TEXT ", "TEXT cpu_utilization", "TEXT cpu_utilization=", "TEXT cpu_utilization=-1", "TEXT =0.3",
            "TEXT cpu_utilization=0.3,", "TEXT cpu_utilization=0.3 rps_fractional=1", "TEXT eps=1",
            "TEXT cpu_utilization=0.3,cpu_utilization=0.3", "text cpu_utilization=0.3", "BIN AAAA",
            "JSON ", "JSON {", "JSON {}", "JSON []", "JSON 0.3", #"JSON {"cpu_utilization":"0.3"}"#,
            #"JSON {"cpu_utilization":0.3"#, #"JSON {"cpu_utilization":0.3}}"#, #"JSON {"cpu_utilization":0.3,}"#,
            #"JSON {"cpu_utilization":-0.3}"#, #"JSON {"a":"#, #"JSON {"a":]}"#, #"JSON {"a"}"#, #"JSON {"a\"#,
            #"JSON {"cpu_utilization":0.3,"cpuUtilization":0.3}"#,
        ])
    func others(text: String) {
        // `=0.3` alone has a nameless metric, which is passed over: what is missing is a utilisation.
        #expect(LoadReport(text.utf8) == nil)
    }

    @Test("is nothing beyond 4,096 bytes, and takes as long as the text however deep it goes")
    func length() {
        let pairs = "TEXT cpu_utilization=0.3" + String(repeating: ",a=1", count: 1_018)
        #expect(pairs.utf8.count == 4_096 && LoadReport(pairs.utf8) == LoadReport(utilisation: 0.3))
        #expect(LoadReport((pairs + ",a=1").utf8) == nil)
        let deep = #"JSON {"a":"# + String(repeating: "[", count: 4_000)
        #expect(LoadReport(deep.utf8) == nil)
    }

    @Test("is a sensible one or none with bytes changed")
    func hostile() {
        let seeds = [
            "TEXT cpu_utilization=0.3, rps_fractional=100, eps=2",
            #"JSON {"cpu_utilization": 0.3, "x": {"y": [1, "\"", null]}, "rps_fractional": 1e2}"#, "0.35e1",
        ]
        let alphabet = Array("{}[]\",:=. e-+019\\TJ\u{0}\u{7F}é".utf8)
        var random = SeededRandom(seed: 9, stream: 1)
        var read = 0
        for round in 0..<30_000 {
            var bytes = Array(seeds[round % 3].utf8)
            for _ in 0...random.below(3) {
                let index = Int(random.below(UInt64(bytes.count)))
                switch random.below(3) {
                case 0: bytes[index] = alphabet[Int(random.below(UInt64(alphabet.count)))]
                case 1: bytes.insert(alphabet[Int(random.below(UInt64(alphabet.count)))], at: index)
                default: bytes.removeSubrange(index...)
                }
                if bytes.isEmpty { bytes = [0x30] }
            }
            guard let report = LoadReport(bytes) else { continue }
            read += 1
            #expect(report.utilisation >= 0 && report.utilisation.isFinite)
            #expect(report.requestsPerSecond.map { $0 > 0 && $0.isFinite } ?? true)
            #expect(report.errorsPerSecond >= 0 && report.errorsPerSecond.isFinite)
        }
        #expect(read > 1_000)
    }

    @Test(
        "weighs as gRPC's formula says",
        arguments: [
            (100.0, 0.5, 0.0, 1.0, 200.0), (100, 0.5, 10, 1, 166.667), (100, 0.5, 10, 0, 200),
            (100, 0.5, 10, 2, 142.857),
            (50, 2, 0, 1, 25),
        ])
    func weight(qps: Double, utilisation: Double, eps: Double, penalty: Double, expected: Double) throws {
        let weight = try #require(
            LoadReport.weight(
                requestsPerSecond: qps, utilisation: utilisation, errorsPerSecond: eps, penalty: penalty))
        #expect(abs(weight - expected) < 0.001)
    }

    @Test(
        "has no weight when nothing is asked or used",
        arguments: [
            (0.0, 0.5, 0.0), (100, 0, 0), (-1, 0.5, 0), (.nan, 0.5, 0), (100, .nan, 0), (100, 0.5, .nan),
            (.infinity, 0.5, 0), (1e308, 1e-308, 0),
        ])
    func weightless(qps: Double, utilisation: Double, eps: Double) {
        #expect(
            LoadReport.weight(requestsPerSecond: qps, utilisation: utilisation, errorsPerSecond: eps) == nil)
    }
}
