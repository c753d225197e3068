import Core
import Testing

@Suite("Cookies of users")
struct CookieTests {
    /// Gives every request without a cookie a new one.
    private func shop() -> ScriptedTarget {
        .answering { number, request in
            Reply(
                after: .milliseconds(10),
                headers: request.header("Cookie") == nil ? ["Set-Cookie: user=\(number); Path=/"] : [])
        }
    }

    @Test("a user of a closed phase keeps its cookies over all its flows")
    func closedJars() throws {
        let target = shop()
        try PlanRun.of(
            """
            client: { cookies: true, clients: 2 }
            load: [{ users: 3, count: 12 }]
            scenarios: { main: [{ get: /a }, { get: /b }] }
            """, target: target)
        let cookies = target.log.map { $0.header("Cookie") }
        #expect(cookies.filter { $0 == nil }.count == 3)
        let counts = Dictionary(grouping: cookies.compactMap { $0 }, by: \.self).mapValues(\.count)
        #expect(counts == ["user=0": 7, "user=1": 7, "user=2": 7])
    }

    @Test("every arrival of an open phase is a new user with an empty jar")
    func openJars() throws {
        let target = shop()
        try PlanRun.of(
            """
            client: { cookies: true }
            load: [{ rate: 10/s, for: 1s }]
            scenarios: { main: [{ get: /a }, { get: /b }, { get: /c }] }
            """, target: target)
        let first = target.log.filter { $0.target == "/a" }
        let later = Dictionary(grouping: target.log.filter { $0.target != "/a" }) { $0.header("Cookie") }
        #expect(first.count == 10)
        #expect(first.allSatisfy { $0.header("Cookie") == nil })
        #expect(later.count == 10)
        #expect(later.values.allSatisfy { $0.count == 2 })
        #expect(later[nil] == nil)
    }

    @Test("a step's own cookies stand beside those of the jar; without jars nothing is kept")
    func ownCookies() throws {
        for (jars, expected) in [(true, ["own=1", "user=0; own=1"]), (false, ["own=1", "own=1"])] {
            let target = ScriptedTarget.answering { number, _ in
                Reply(after: .milliseconds(10), headers: ["Set-Cookie: user=\(number)"])
            }
            try PlanRun.of(
                """
                client: { cookies: \(jars) }
                load: [{ users: 1, count: 2 }]
                scenarios: { main: [{ get: /a, cookies: { own: "1" } }] }
                """, target: target)
            #expect(target.log.map { $0.header("Cookie") } == expected)
        }
    }

    @Test("a cookie that has expired is not sent any more")
    func expiredCookies() throws {
        let target = ScriptedTarget.answering { number, _ in
            Reply(
                after: .milliseconds(10),
                headers: number == 0 ? ["Set-Cookie: short=1; Max-Age=5", "Set-Cookie: long=1; Max-Age=500"] : [])
        }
        try PlanRun.of(
            """
            client: { cookies: true }
            load: [{ users: 1, count: 3, think: 4s }]
            scenarios: { main: [{ get: /a }] }
            """, target: target)
        #expect(target.log.map { $0.header("Cookie") } == [nil, "short=1; long=1", "long=1"])
    }

    @Test("a cookie goes to the paths it was set for, whether they have places or not")
    func cookiePaths() throws {
        let target = ScriptedTarget.answering { _, request in
            Reply(
                after: .milliseconds(10),
                headers: request.target == "/shop/in" ? ["Set-Cookie: a=1", "Set-Cookie: b=2; Path=/shop/x"] : [])
        }
        try PlanRun.of(
            """
            client: { cookies: true }
            data: { p: { list: [x] } }
            load: [{ users: 1, count: 1 }]
            scenarios:
              main: [{ get: /shop/in }, { get: "/shop/{{p}}/y?q=/z" }, { get: "/{{p}}" }, { get: /shop/a }, { get: /b }]
            """, target: target)
        #expect(target.log.map { $0.header("Cookie") } == [nil, "b=2; a=1", nil, "a=1", nil])
    }
}
