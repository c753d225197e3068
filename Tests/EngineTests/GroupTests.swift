import Core
import Recording
import Testing

@Suite("Transactions and parallel groups")
struct GroupTests {
    // MARK: Transactions

    @Test("a transaction lasts from its intended start to the end of its last call, pauses within included")
    func transaction() throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(
            steps:
                """
                { get: /a, think: 1s },
                { transaction: t, steps: [{ think: 20ms }, { get: /b, think: 50ms }, { get: /c, think: 70ms }] },
                { get: /d }
                """, target: target)
        let measured = try #require(run.transactions["t"])
        #expect(measured.counts.succeeded == 1)
        #expect(measured.response.count == 1)
        #expect(measured.response.max.milliseconds.rounded() == 270)
        #expect(target.times == [0, 1_120, 1_270, 1_440])
        #expect(run.ledger.made == 4, "a transaction is no call")
    }

    @Test(
        "a transaction has failed when a call in it has, and only then",
        arguments: [
            ("end", "{ get: /a }, { transaction: t, steps: [{ get: /bad }, { get: /b }] }, { get: /c }", 0, 1, "a bad"),
            (
                "continue", "{ get: /a }, { transaction: t, steps: [{ get: /bad }, { get: /b }] }, { get: /c }", 0, 1,
                "a bad b c"
            ),
            ("continue", "{ get: /bad }, { transaction: t, steps: [{ get: /b }] }", 1, 0, "bad b"),
            ("continue", "{ transaction: t, steps: [{ get: /a, if: status == 1 }] }, { get: /c }", 0, 0, "c"),
            ("end", "{ transaction: t, steps: [{ get: '/{{none}}', if: status == 0 }, { get: /b }] }", 0, 1, ""),
            ("continue", "{ transaction: t, steps: [{ get: '/{{none}}' }, { get: /b }] }", 0, 1, "b"),
        ])
    func failedTransaction(onFailure: String, steps: String, succeeded: Int, failed: Int, expected: String) throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(after: .milliseconds(100), status: request.target == "/bad" ? 500 : 200)
        }
        let run = try PlanRun.of(
            steps:
                steps + ", { get: /last, if: status == 1, extract: { none: $.none } }",
            scenario: "on-failure: \(onFailure)",
            target: target)
        let measured = try #require(run.transactions["t"])
        #expect(measured.counts.succeeded == succeeded)
        #expect(measured.counts.failed == failed)
        #expect(target.paths.map { String($0.dropFirst()) }.joined(separator: " ") == expected)
        // A transaction of which nothing was sent has no latency.
        #expect(measured.response.count == (expected.isEmpty ? 0 : succeeded + failed))
    }

    @Test("transactions within transactions, and those that are repeated, are measured each for itself")
    func nestedTransactions() throws {
        let run = try PlanRun.of(
            steps:
                "{ transaction: outer, steps: [{ repeat: 3, steps: [{ transaction: inner, steps: [{ get: /a }, { get: /b }] }] }] }",
            target: ScriptedTarget(after: .milliseconds(100)))
        #expect(run.transactions["outer"]?.response.max.milliseconds.rounded() == 600)
        #expect(run.transactions["outer/inner"]?.response.count == 3)
        #expect(run.transactions["outer/inner"]?.response.max.milliseconds.rounded() == 200)
    }

    // MARK: Parallel

    @Test("parallel requests begin at the same time, and the slowest says when the flow goes on")
    func parallel() throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(after: request.target == "/b" ? .milliseconds(500) : .milliseconds(100))
        }
        let run = try PlanRun.of(
            steps:
                "{ get: /0 }, { parallel: [{ get: /a }, { get: /b }, { get: /c }], name: page }, { get: /d }",
            target: target)
        #expect(target.paths == ["/0", "/a", "/b", "/c", "/d"])
        #expect(target.times == [0, 100, 100, 100, 600])
        #expect(target.mostAtOnce == 3)
        let page = try #require(run.transactions["page"])
        #expect(page.counts.succeeded == 1)
        #expect(page.response.max.milliseconds.rounded() == 500)
        #expect(run.ledger.started == 1)
    }

    @Test("a parallel group fails when one of its requests does, after all have ended", arguments: ["end", "continue"])
    func parallelFailure(onFailure: String) throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(
                after: request.target == "/b" ? .milliseconds(500) : .milliseconds(100),
                status: request.target == "/a" ? 503 : 200)
        }
        let run = try PlanRun.of(
            steps:
                "{ parallel: [{ get: /a }, { get: /b }, { get: /c }], name: page }, { get: /d }",
            scenario: "on-failure: \(onFailure)",
            target: target)
        #expect(target.paths == ["/a", "/b", "/c"] + (onFailure == "end" ? [] : ["/d"]))
        #expect(run.transactions["page"]?.counts.failed == 1)
        #expect(run.transactions["page"]?.response.max.milliseconds.rounded() == 500)
        #expect(run.failures == [.status_5xx: 1])
        #expect(run.ledger.completed == 1)
    }

    @Test("branches of a parallel group may have steps, pauses and branches of their own")
    func parallelBranches() throws {
        let target = ScriptedTarget(after: .milliseconds(100))
        let run = try PlanRun.of(
            steps:
                """
                { parallel: [
                    { group: x, steps: [{ get: /a, think: 50ms }, { get: /b }] },
                    { parallel: [{ get: /c }, { get: /d, think: 400ms }] },
                    { get: /e, if: status == 1 }] },
                { get: /f }
                """, target: target)
        #expect(target.paths == ["/a", "/c", "/d", "/b", "/f"])
        #expect(target.times == [0, 0, 0, 150, 500])
        #expect(run.transactions.isEmpty)
    }

    @Test("what parallel requests find is there for the step that follows")
    func parallelExtractions() throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(
                after: .milliseconds(request.target == "/a" ? 300 : 100),
                body: "{\"v\": \"\(request.target.dropFirst())\"}")
        }
        _ = try PlanRun.of(
            steps:
                "{ parallel: [{ get: /a, extract: { x: $.v } }, { get: /b, extract: { y: $.v } }] }, { get: '/{{x}}{{y}}' }",
            target: target)
        #expect(target.paths.last == "/ab")
    }
}
