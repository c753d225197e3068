import Core
import Foundation
import Lab
import Model
import TestSupport
import Testing

/// How runs end when they do not end by themselves.
@Suite("Endings", .serialized, .timeLimit(.minutes(10)))
struct EndingTests {
    /// A run that would last a minute, begun.
    private func begin(_ port: UInt16, in folder: String) async throws -> GaleProcess {
        let process = try GaleProcess(
            ["run", "http://127.0.0.1:\(port)/", "--rate", "50/s", "--for", "60s", "--out", "bundle"], in: folder)
        let timeline = folder + "/bundle/timeline.csv"
        #expect(
            await eventually {
                let text = (try? String(contentsOfFile: timeline, encoding: .utf8)) ?? ""
                return text.split(separator: "\n").count >= 3
            })
        return process
    }

    @Test(
        "one signal: no more load, whole reports marked as interrupted, exit status 130", arguments: [SIGINT, SIGTERM])
    func oneSignal(_ number: Int32) async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { lab, port in
                let process = try await begin(port, in: folder)
                process.signal(number)
                let outcome = await process.wait()
                #expect(outcome.status == 130, "\(outcome)")
                let record = try Record.read(folder + "/bundle")
                #expect(record.state == "interrupted")
                let ledger = try #require(record.outcome).ledger
                #expect(ledger["scheduled"] == (ledger["started"] ?? 0))
                #expect(record.onTheWire == (await lab.counts(of: "lab")?.received))
                let report = try String(contentsOfFile: folder + "/bundle/report.md", encoding: .utf8)
                #expect(report.lowercased().contains("interrupted"))
            }
        }
    }

    @Test("two signals: at once")
    func twoSignals() async throws {
        try await withFolder { folder in
            try await withService {
                $0.time = .constant(.seconds(20))
            } _: { _, port in
                let process = try await begin(port, in: folder)
                process.signal(SIGINT)
                try await Task.sleep(for: .milliseconds(300))
                process.signal(SIGINT)
                let began = SuspendingClock().now
                #expect(await process.wait().status == 130)
                // The drain alone would take five seconds.
                #expect(SuspendingClock().now - began < .seconds(4))
            }
        }
    }

    @Test("killed: `gale report` works on what is there")
    func killed() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { _, port in
                let process = try await begin(port, in: folder)
                process.signal(SIGKILL)
                #expect(await process.wait().status == -SIGKILL)
                #expect(try Record.read(folder + "/bundle").state == "running")
                let report = try await GaleProcess.run(["report", "bundle"], in: folder)
                #expect(report.output.contains("p99"), "\(report)")
                let text = try String(contentsOfFile: folder + "/bundle/report.md", encoding: .utf8)
                #expect(text.contains("killed"))
            }
        }
    }

    @Test("a full disk: the run goes on, the summary goes to stderr, the status is not 0, the old report stays whole")
    func fullDisk() async throws {
        try await withFolder { folder in
            try await withService { _ in
            } _: { lab, port in
                let words = ["run", "http://127.0.0.1:\(port)/", "--rate", "100/s", "--for", "3s", "--out", "bundle"]
                let outcome = try await GaleProcess.run(words, in: folder, shell: "ulimit -f 4;")
                #expect(outcome.status == 70, "\(outcome)")
                #expect(outcome.errors.contains("intervals.hlog") || outcome.errors.contains("run.json"))
                #expect(await lab.counts(of: "lab")?.received == 300)
            }
        }
    }

    @Test("no file descriptors left: the failures have their own name, and the run is invalid")
    func descriptors() async throws {
        try await withFolder { folder in
            try await withService {
                $0.time = .constant(.milliseconds(200))
            } _: { _, port in
                let words = ["run", "http://127.0.0.1:\(port)/", "--users", "200", "--for", "2s", "--out", "bundle"]
                let outcome = try await GaleProcess.run(words, in: folder, shell: "ulimit -n 64;")
                #expect(outcome.status == 75, "\(outcome)")
                #expect(outcome.output.contains("INVALID"))
                #expect((try Record.read(folder + "/bundle").failures["fd_exhausted"] ?? 0) > 0)
            }
        }
    }
}
