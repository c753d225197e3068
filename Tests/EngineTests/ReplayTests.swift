import Core
import Foundation
import Recording
import Testing

/// Phases whose arrivals come at recorded times, from a file to the target.
@Suite("Replays in virtual time")
struct ReplayTests {
    /// A folder with one file, for the length of a test.
    private static func withFile<Value>(
        _ text: String, named name: String = "access.csv", _ body: (String) throws -> Value
    ) throws -> Value {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gale-replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        return try body(folder.path())
    }

    /// Times with pauses and crowds, to the nanosecond; each row has a path of its own.
    private static func recording(_ count: Int) -> (times: [Int64], text: String) {
        var random = SeededRandom(seed: 8)
        var time: Int64 = 0
        var times: [Int64] = []
        var text = "at,method,path\n"
        for n in 0..<count {
            if random.next() % 3 > 0 { time += Int64(random.next() % 40_000_000) }
            times.append(time)
            let digits = String(time % 1_000_000_000)
            let decimals = String(repeating: "0", count: 9 - digits.count) + digits
            text += "\(time / 1_000_000_000).\(decimals),\(n % 5 == 0 ? "HEAD" : "GET"),/row/\(n)?q=\(n)\n"
        }
        return (times, text)
    }

    /// A plan as the importer of access logs writes it, without its target.
    private static func imported(_ phases: String, clients: Int = 1, inFlight: Int = 10_000) -> String {
        """
        data:
          request: { csv: access.csv }
        load: [\(phases)]
        client: { clients: \(clients), in-flight: \(inFlight) }
        scenarios:
          main:
            steps:
              - name: request
                method: "{{request.method}}"
                path: "{{request.path}}"
        """
    }

    @Test(
        "every arrival starts at exactly its time, with the row of its number",
        arguments: [(clients: 1, speed: 1.0), (3, 1), (1, 2), (3, 2), (8, 0.25)])
    func times(clients: Int, speed: Double) throws {
        let (times, text) = Self.recording(500)
        let target = ScriptedTarget(after: .milliseconds(30))
        let run = try Self.withFile(text) { folder in
            try PlanRun.of(
                Self.imported("{ replay: access.csv, speed: \(speed) }", clients: clients), directory: folder,
                target: target)
        }
        #expect(run.ledger.scheduled == 500 && run.ledger.succeeded == 500)
        #expect(run.sendLag.max == .zero)
        let due = times.map { Int64((Double($0) / speed).rounded()) }
        #expect(target.log.map { ($0.at - run.origin).nanoseconds } == due)
        let sent = Dictionary(grouping: target.log, by: \.target).mapValues {
            $0.map { ($0.at - run.origin).nanoseconds }
        }
        for n in 0..<500 { #expect(sent["/row/\(n)?q=\(n)"] == [due[n]]) }
        #expect(
            target.log.allSatisfy { ($0.method == "HEAD") == ($0.target.hasSuffix("0") || $0.target.hasSuffix("5")) })
    }

    @Test("arrivals of one time go out together, in the order of their rows")
    func crowd() throws {
        let target = ScriptedTarget()
        let run = try Self.withFile("at,method,path\n1,GET,/a\n1,GET,/b\n1.000,GET,/c\n3,GET,/d\n") { folder in
            try PlanRun.of(Self.imported("{ replay: access.csv }"), directory: folder, target: target)
        }
        #expect(target.lines == ["GET /a", "GET /b", "GET /c", "GET /d"])
        #expect(target.sentAt.map { $0 - run.origin } == [.seconds(1), .seconds(1), .seconds(1), .seconds(3)])
    }

    @Test("a crowd larger than one turn of the loop starts within its instant", arguments: [1, 3])
    func largeCrowd(clients: Int) throws {
        let target = ScriptedTarget()
        let rows = (0..<1_000).map { "2,GET,/\($0)\n" }.joined()
        let run = try Self.withFile("at,method,path\n" + rows) { folder in
            try PlanRun.of(
                Self.imported("{ replay: access.csv }", clients: clients), directory: folder, target: target)
        }
        #expect(Set(target.sentAt.map { $0 - run.origin }) == [.seconds(2)])
        #expect(Set(target.paths) == Set((0..<1_000).map { "/\($0)" }))
        #expect(run.ledger.succeeded == 1_000)
    }

    @Test("a dropped arrival leaves the others' rows and times as they are", arguments: [1, 3])
    func dropped(clients: Int) throws {
        let (times, text) = Self.recording(300)
        let target = ScriptedTarget(after: .milliseconds(200))
        let run = try Self.withFile(text) { folder in
            try PlanRun.of(
                Self.imported("{ replay: access.csv }", clients: clients, inFlight: 2), directory: folder,
                target: target)
        }
        #expect(run.ledger.droppedInFlight > 0)
        #expect(run.ledger.droppedInFlight + target.received == 300)
        for request in target.log {
            let n = try #require(Int(request.target.dropFirst(5).prefix { $0 != "?" }))
            #expect((request.at - run.origin).nanoseconds == times[n])
        }
    }

    @Test("a replay begins with its first row, whatever the phases before it took", arguments: [1, 3])
    func afterOtherPhases(clients: Int) throws {
        let target = ScriptedTarget()
        let rows = (0..<10).map { "\($0),GET,/\($0)\n" }.joined()
        let phases = """
            { rate: 3/s, for: 1s, warm-up: true }, { replay: access.csv, for: 4s, warm-up: true }, \
            { replay: access.csv, speed: 10 }
            """
        let run = try Self.withFile("at,method,path\n" + rows) { folder in
            try PlanRun.of(Self.imported(phases, clients: clients), directory: folder, target: target)
        }
        #expect(run.warmUp.made == 3 + 5 && run.ledger.made == 10)
        let sent = target.log.sorted { ($0.at, $0.target) < ($1.at, $1.target) }
        let replayed = sent.filter { $0.at >= run.origin + .seconds(1) }
        // The last row of the first replay and the first one of the second fall on one instant.
        #expect(replayed.map(\.target) == ["/0", "/1", "/2", "/3", "/0", "/4"] + (1..<10).map { "/\($0)" })
        #expect(replayed[5].at == run.origin + .seconds(5) && replayed[6].at == run.origin + .milliseconds(5_100))
    }

    @Test("`for` cuts a recording, and keeps the phase going when the recording is shorter")
    func lengths() throws {
        let text = "at,method,path\n0,GET,/0\n1,GET,/1\n2,GET,/2\n"
        let target = ScriptedTarget(after: .milliseconds(1))
        let phases = "{ replay: access.csv, for: 1500ms }, { replay: access.csv, for: 10s }, { rate: 1/s, for: 1s }"
        let run = try Self.withFile(text) { folder in
            try PlanRun.of(Self.imported(phases), directory: folder, target: target)
        }
        let milliseconds = target.sentAt.map { Int(($0 - run.origin).milliseconds.rounded()) }
        #expect(milliseconds == [0, 1_000, 1_500, 2_500, 3_500, 11_500])
        let alone = try Self.withFile(text) { folder in
            try PlanRun.of(
                Self.imported("{ replay: access.csv, for: 10s }"), directory: folder, target: ScriptedTarget())
        }
        #expect(alone.total >= .seconds(10) && alone.total < .milliseconds(10_100))
    }

    @Test("a stop ends a replay, also in the silence after its last arrival", arguments: [(500, 1), (5_000, 2)])
    func stop(milliseconds: Int64, made: Int) throws {
        let target = ScriptedTarget(after: .milliseconds(1))
        let run = try Self.withFile("at,method,path\n0,GET,/0\n1,GET,/1\n") { folder in
            try PlanRun.of(
                Self.imported("{ replay: access.csv, for: 1h }"), directory: folder,
                stopAt: .milliseconds(milliseconds), target: target)
        }
        #expect(run.wasStopped)
        #expect(run.ledger.made == made)
        #expect(run.total < .milliseconds(milliseconds + 100))
    }

    @Test("data that come to their end, end a replay of more arrivals", arguments: [1, 3])
    func dataEnd(clients: Int) throws {
        let plan = """
            data:
              product: { list: [1, 2, 3], at-end: stop }
            load: [{ replay: access.csv, for: 1h }, { rate: 1/s, for: 1h }]
            client: { clients: \(clients) }
            scenarios:
              main:
                - get: /{{product}}
            """
        let target = ScriptedTarget()
        let run = try Self.withFile("at\n0\n1\n2\n3\n4\n5\n6\n") { folder in
            try PlanRun.of(plan, directory: folder, target: target)
        }
        #expect(run.dataEnded)
        #expect(target.paths == ["/1", "/2", "/3"])
        #expect(run.ledger.scheduled == 3)
        #expect(run.total < .milliseconds(3_100))
    }

    @Test("a recording of a single instant is a run, too")
    func noLength() throws {
        let target = ScriptedTarget()
        let run = try Self.withFile("at,method,path\n0,GET,/0\n0,GET,/1\n") { folder in
            try PlanRun.of(Self.imported("{ replay: access.csv }"), directory: folder, target: target)
        }
        #expect(run.ledger.succeeded == 2)
        #expect(target.sentAt == [run.origin, run.origin])
    }

    @Test("plain scenarios replay without data of their own", arguments: [1, 2])
    func plain(clients: Int) throws {
        let (times, text) = Self.recording(200)
        let target = ScriptedTarget()
        let run = try Self.withFile(text) { folder in
            try PlanRun.of(
                """
                load: [{ replay: access.csv }]
                client: { clients: \(clients) }
                scenarios: { main: [{ get: / }] }
                """, directory: folder, target: target)
        }
        #expect(target.sentAt.map { ($0 - run.origin).nanoseconds } == times)
    }
}
