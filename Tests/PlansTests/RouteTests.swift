import Core
import Model
import Testing

@testable import Plans

/// `routes` of a service: what they read as.
struct RouteTests {
    private func service(_ keys: String) throws -> ServiceDescription {
        let text = """
            lab:
              resources:
                rows: { database: {} }
                pages: { cache: { of: rows } }
                notices: { queue: {} }
                images: { store: {} }
                payment: { service: {} }
              services:
                shop:
                  \(keys)
            """
        let lab = try #require(try PlanInputs.plan(text).lab)
        #expect(lab.flaw == nil)
        return lab.services[0]
    }

    private static func upload(_ change: (inout Upload) -> Void) -> WorkStep {
        var upload = Upload()
        change(&upload)
        return .upload("images", upload)
    }

    private static func call(_ change: (inout ServiceCall) -> Void) -> WorkStep {
        var call = ServiceCall()
        change(&call)
        return .call("payment", call)
    }

    private static func breaker(_ failures: Int, _ open: Span, _ successes: Int) -> CallBreaker {
        var breaker = CallBreaker()
        (breaker.failures, breaker.open, breaker.successes) = (failures, open, successes)
        return breaker
    }

    @Test(
        arguments: [
            ("{ read: rows }", .read("rows", time: nil)), ("{ read: pages }", .read("pages", time: nil)),
            ("{ read: rows, time: 3s }", .read("rows", time: .constant(.seconds(3)))),
            ("{ write: rows }", .write("rows", time: nil)),
            (
                "{ write: pages, time: 1ms to 2ms }",
                .write("pages", time: .uniform(from: .milliseconds(1), to: .milliseconds(2)))
            ),
            ("{ invalidate: pages }", .invalidate("pages", .key)),
            ("{ invalidate: pages, by: key }", .invalidate("pages", .key)),
            ("{ invalidate: pages, by: tag }", .invalidate("pages", .tag)),
            ("{ invalidate: pages, by: prefix }", .invalidate("pages", .prefix)),
            ("{ invalidate: pages, related: 3 }", .invalidate("pages", .related(3))),
            ("{ send: notices }", .send("notices", messages: 1)),
            ("{ send: notices, messages: 5 }", .send("notices", messages: 5)),
            ("{ upload: images }", upload { _ in }), ("{ upload: images, size: 2MB }", upload { $0.bytes = 2_000_000 }),
            (
                "{ upload: images, attempts: 3, wait: 1s }",
                upload { ($0.attempts, $0.wait) = (3, .seconds(1)) }
            ),
            (
                "{ upload: images, compress-to: 40%, compress-at: 100MB/s }",
                upload { ($0.compression, $0.compressing) = (0.4, 100_000_000) }
            ),
            ("{ call: payment }", call { _ in }),
            (
                "{ call: payment, timeout: 2s, attempts: 2, wait: 100ms }",
                call { ($0.timeout, $0.attempts, $0.wait) = (.seconds(2), 2, .milliseconds(100)) }
            ),
            ("{ call: payment, fallback: 202 }", call { $0.fallback = 202 }),
            ("{ call: payment, breaker: {} }", call { $0.breaker = CallBreaker() }),
            ("{ call: payment, breaker: none }", call { _ in }),
            (
                "{ call: payment, breaker: { failures: 2, open: 5s, successes: 1 } }",
                call { $0.breaker = breaker(2, .seconds(5), 1) }
            ),
            ("{ work: 20ms }", .work(.constant(.milliseconds(20)))),
            ("{ parallel: [{ read: rows }] }", .parallel([[.read("rows", time: nil)]])),
            (
                "{ parallel: [[{ work: 1ms }, { read: rows }], { parallel: [{ write: rows }] }] }",
                .parallel([
                    [.work(.constant(.milliseconds(1))), .read("rows", time: nil)],
                    [.parallel([[.write("rows", time: nil)]])],
                ])
            ),
        ] as [(String, WorkStep)])
    func aStepIsReadAsItIsWritten(yaml: String, step: WorkStep) throws {
        let routes = try service("routes: { /any: [\(yaml)] }").routes
        #expect(routes == [RouteDescription(method: nil, path: "/any", steps: [step])])
    }

    @Test(
        arguments: [
            ("/", nil, "/"), ("/any/path", nil, "/any/path"), ("GET /products", "GET", "/products"),
            ("GET /products/{id}", "GET", "/products/{id}"), ("/{key}", nil, "/{key}"), ("PURGE /a", "PURGE", "/a"),
            ("/a.b/c-d_e~f/", nil, "/a.b/c-d_e~f/"),
        ] as [(String, String?, String)])
    func aRouteIsAPathThatMayHaveAMethod(name: String, method: String?, path: String) throws {
        let routes = try service("routes: { \"\(name)\": [{ read: rows }] }").routes
        #expect(routes.map(\.method) == [method])
        #expect(routes.map(\.path) == [path])
    }

    @Test(arguments: [
        "products", "GET  /a", "GET /a /b", "get /a", "/a b c", "/{id}/reviews", "/a/{id}x", "/a/x{id}", "/a/{}",
        "/a/{i}{j}",
        "/{a}/{b}", "/a?b=c", "/a#b", "G@T /a", "CONNECT /a", "", " /a", "/a/}id{", "/ä",
    ])
    func whatIsNoRouteIsRefused(name: String) {
        #expect(throws: Complaint.self) { try RouteText.parse(name) }
    }

    @Test func routesAndStepsKeepTheirOrder() throws {
        let service = try service("routes: { /b: [{ read: rows }, { work: 1ms }], /a: [{ write: rows }] }")
        #expect(service.routes.map(\.path) == ["/b", "/a"])
        #expect(service.routes[0].steps == [.read("rows", time: nil), .work(.constant(.milliseconds(1)))])
    }

    @Test func oneShapeMayHaveARouteForEachMethodAndALastOneForAll() throws {
        let routes =
            "routes: { \"GET /a/{id}\": [{ read: rows }], \"PUT /a/{key}\": [{ write: rows }], \"/a/{x}\": [{ work: 1ms }] }"
        #expect(try service(routes).routes.count == 3)
    }

    @Test(arguments: [("text", false, false), ("echo", true, false), ("state", false, true)])
    func anAnswerIsATextAnEchoOrAState(word: String, echoes: Bool, answersState: Bool) throws {
        let service = try service("{ answer: \(word), routes: { /a: [{ read: rows }] } }")
        #expect(service.echoes == echoes)
        #expect(service.answersState == answersState)
    }

    // MARK: Doubts

    private func doubts(_ lab: String) -> [String] {
        PlanInputs.problems(PlanInputs.framed("target: lab/shop\nlab: \(lab)"))?.problems.map(\.message) ?? []
    }

    @Test func whatNoRequestComesToIsDoubted() {
        #expect(
            doubts("{ resources: { a: { database: {} } }, services: { shop: {} } }") == [
                "no service has a route, and no request comes to the resources"
            ])
        #expect(
            doubts(
                "{ resources: { a: { database: {} }, b: { queue: {} } }, services: { shop: { routes: { /: [{ read: a }] } } } }"
            )
                == ["no step of a route comes to `b`"])
        #expect(
            doubts("{ services: { shop: { answer: state } } }") == [
                "the service has no route, and without one there is no state to answer"
            ])
    }

    @Test func routesThatNoStepFitsAreDoubted() {
        func doubts(_ step: String) -> [String] {
            let text =
                "target: lab/shop\nlab: { resources: { a: { database: {} } }, services: { shop: { routes: { GET /items: [{ read: a }], "
                + "'PUT /items/{id}': [{ write: a }] } } } }\nscenarios: { s: [\(step)] }"
            return PlanInputs.problems(PlanInputs.framed(text))?.problems.map(\.message) ?? []
        }
        #expect(doubts("{ get: /items }").isEmpty)
        #expect(doubts("{ get: '/items?page=2' }").isEmpty)
        #expect(doubts("{ get: /other }, { put: /items/3 }").isEmpty)
        #expect(
            doubts("{ get: /items/17 }") == [
                "no step fits one of these routes, and nothing behind the service is asked: the first step asks for `/items/17`"
            ])
    }

    @Test func whatARequestComesToRaisesNoDoubt() {
        let resources = "{ a: { database: {} }, c: { cache: { of: a } }, q: { queue: {} } }"
        let route = "[{ parallel: [{ read: c }, [{ work: 1ms }, { send: q }]] }]"
        #expect(
            doubts("{ resources: \(resources), services: { shop: { answer: state, routes: { /: \(route) } } } }") == [])
    }
}
