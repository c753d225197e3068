import Core
import Foundation
import Model
import Recording
import Testing

@testable import Plans

/// Times that a plan takes from a log, and two times with a share.
struct RecordedTimeTests {
    private func time(_ yaml: String) throws -> TimeDistribution? {
        try PlanInputs.plan("lab: { services: { shop: { time: \(yaml) } } }").lab?.services[0].time
    }

    @Test(
        arguments: [
            (
                "{ fast: 10ms, slow: 1s, share: 1% }",
                .bimodal(fast: .milliseconds(10), slow: .seconds(1), share: 0.01)
            ),
            ("{ fast: 0s, slow: 1s, share: 0% }", .bimodal(fast: .zero, slow: .seconds(1), share: 0)),
            ("{ fast: 1s, slow: 1s, share: 100% }", .bimodal(fast: .seconds(1), slow: .seconds(1), share: 1)),
        ] as [(String, TimeDistribution)])
    func aTimeIsOneOfTwo(yaml: String, time: TimeDistribution) throws {
        #expect(try self.time(yaml) == time)
    }

    /// What the recording of this house says of the log, all intervals together.
    private func histogram(of series: String) throws -> LatencyHistogram {
        var log = try IntervalLogReader(path: PlanInputs.inputs.appending(path: "run/intervals.hlog").path())
        var histogram = LatencyHistogram()
        while let line = try log.next() { if line.tag == series { try log.add(line, to: &histogram) } }
        return histogram
    }

    @Test(arguments: [("", "service"), (", series: service", "service"), (", series: response", "response")])
    func timesAreDrawnAsTheyWereMeasured(key: String, series: String) throws {
        guard case .recorded(let times)? = try time("{ recorded: run/intervals.hlog\(key) }") else {
            Issue.record("the time is not recorded")
            return
        }
        let histogram = try histogram(of: series)
        #expect(histogram.count > 100)
        #expect(times.count == histogram.count)
        #expect((times.mean.seconds / (histogram.mean / 1e9) - 1).magnitude < 0.001)
        var random = SeededRandom(seed: 1, stream: 2)
        for _ in 0..<1_000 {
            let drawn = times.sample(using: &random)
            #expect(drawn >= histogram.min && drawn <= histogram.max)
        }
    }

    @Test func aLogWithoutTagsHasOneSeries() throws {
        let text = try String(contentsOf: PlanInputs.inputs.appending(path: "run/intervals.hlog"), encoding: .utf8)
        let bare = text.replacing(/(?m)^Tag=response.*\n/, with: "").replacing("Tag=service,", with: "")
        try Folder.with(["bare.hlog": bare]) { folder in
            let files = PlanFiles(directory: folder)
            let times = try RecordedTimeKeys.times(in: "bare.hlog", series: nil, files)
            let known = try RecordedTimeKeys.times(
                in: "run/intervals.hlog", series: "service", PlanFiles(directory: PlanInputs.inputs.path()))
            #expect(times == known)
            #expect(throws: RecordedTimeKeys.Problem.self) {
                try RecordedTimeKeys.times(in: "bare.hlog", series: "service", files)
            }
        }
    }

    /// A run that was killed leaves half a line.
    @Test func aLogThatWasCutOffIsReadUpToThere() throws {
        let text = try String(contentsOf: PlanInputs.inputs.appending(path: "run/intervals.hlog"), encoding: .utf8)
        try Folder.with(["cut.hlog": String(text.dropLast(100))]) { folder in
            let times = try RecordedTimeKeys.times(in: "cut.hlog", series: nil, PlanFiles(directory: folder))
            #expect(times.count < (try histogram(of: "service")).count)
        }
    }

    @Test(arguments: 0..<4)
    func anyBytesOfALogAreAnswered(stream: Int) throws {
        let good = try String(contentsOf: PlanInputs.inputs.appending(path: "run/intervals.hlog"), encoding: .utf8)
        var random = SeededRandom(seed: 7, stream: UInt64(stream))
        var answers = 0
        for _ in 0..<100 {
            var bytes = Array(good.utf8)
            for _ in 0..<3 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) & 0x7F
            }
            try Folder.with(["log.hlog": String(decoding: bytes, as: UTF8.self)]) { folder in
                do throws(RecordedTimeKeys.Problem) {
                    let times = try RecordedTimeKeys.times(in: "log.hlog", series: nil, PlanFiles(directory: folder))
                    #expect(times.count > 0)
                } catch {
                    switch error {
                    case .log(let complaint), .series(let complaint): #expect(!complaint.message.contains("\n"))
                    }
                }
                answers += 1
            }
        }
        #expect(answers == 100)
    }

    @Test func aThinkTimeMayBeRecorded() throws {
        let plan = try PlanInputs.plan("scenarios: { a: [{ get: /, think: { recorded: run/intervals.hlog } }] }")
        #expect(plan.scenarios[0].steps.count == 1)
    }
}
