import Core
import Model
import Testing

@testable import Plans

/// Services of the lab that are modelled more closely: queues, connections, networks, replicas that listen.
struct ServiceTests {
    private static func service(_ change: (inout ServiceDescription) -> Void) -> ServiceDescription {
        var service = ServiceDescription(name: "shop")
        change(&service)
        return service
    }

    @Test(
        arguments: [
            ("listen: each", service { $0.listening = .each }), ("listen: together", service { _ in }),
            ("order: lifo", service { $0.order = .lastIn }), ("order: fifo", service { _ in }),
            ("serves-abandoned: true", service { $0.servesAbandoned = true }),
            ("optimistic: true", service { $0.isOptimistic = true }),
            ("connection: 2ms", service { $0.connection = .milliseconds(2) }),
            ("network: {}", service { _ in }),
            ("network: { delay: 500us }", service { $0.network.delay = .constant(.microseconds(500)) }),
            (
                "network: { delay: 1ms to 2ms, loss: 0.1% }",
                service {
                    $0.network.delay = .uniform(from: .milliseconds(1), to: .milliseconds(2))
                    $0.network.loss = 0.001
                }
            ),
        ] as [(String, ServiceDescription)])
    func aKeyOfAServiceIsReadAsItIsWritten(yaml: String, service: ServiceDescription) throws {
        let text = "target: http://127.0.0.1\nlab: { services: { shop: { \(yaml) } } }"
        #expect(try PlanInputs.plan(text).lab?.services == [service])
    }

    // MARK: Replicas as endpoints

    private func places(_ endpoints: String) throws -> [String] {
        let text = """
            target: lab/shop
            lab: { services: { shop: { replicas: 3, listen: each }, stock: { replicas: 2 } } }
            endpoints: \(endpoints)
            """
        guard case .fixed(let endpoints)? = try PlanInputs.plan(text).endpoints else { return [] }
        return endpoints.map { endpoint in
            switch endpoint.place {
            case .lab(let service):
                service + (endpoint.weight == 1 ? "" : "*\(endpoint.weight)") + (endpoint.zone ?? "")
            case .address(let host, let port): "\(host):\(port)"
            }
        }
    }

    @Test(
        arguments: [
            ("[lab/shop]", ["shop/0", "shop/1", "shop/2"]), ("[lab/shop/2]", ["shop/2"]),
            ("[lab/shop/2, lab/shop/0]", ["shop/2", "shop/0"]), ("[lab/stock]", ["stock"]),
            ("[lab/stock, lab/shop]", ["stock", "shop/0", "shop/1", "shop/2"]),
            ("[127.0.0.1:80, lab/shop/1]", ["127.0.0.1:80", "shop/1"]),
            ("[{ address: lab/shop, weight: 5, zone: b }]", ["shop/0*5b", "shop/1*5b", "shop/2*5b"]),
        ] as [(String, [String])])
    func aServiceOfWhichEachListensIsAllItsReplicas(endpoints: String, places: [String]) throws {
        #expect(try self.places(endpoints) == places)
    }

    @Test func thePlanKnowsHowManyReplicasAreEndpoints() throws {
        let text = """
            lab: { services: { shop: { replicas: 100, listen: each } } }
            endpoints: [lab/shop]
            """
        let plan = try PlanInputs.plan(text)
        #expect(plan.endpoints?.count == 100)
        #expect(plan.endpoints?.areOfLab == true)
        #expect(plan.target == .lab(service: "shop"))
    }

    /// Range sharding needs as many shards as its bounds make.
    @Test(arguments: [("[10, 20]", true), ("[10]", false)])
    func shardsAreCountedByTheirReplicas(bounds: String, isRight: Bool) {
        let text = """
            lab: { services: { shop: { replicas: 3, listen: each } } }
            endpoints: [lab/shop]
            client: { shard: { by: range, bounds: \(bounds) } }
            scenarios: { a: [{ get: /, key: "7" }] }
            """
        let problems = PlanInputs.problems(PlanInputs.framed(text))?.problems ?? []
        #expect(problems.contains { $0.severity == .error } == !isRight)
    }

    @Test func theTargetOfTheCommandLineNeedsAnAddressToo() throws {
        let text = "target: lab/b\nlab: { services: { a: { listen: each }, b: {} } }"
        func target(_ plan: Plan) throws -> Target { try Overrides(target: .lab(service: "a")).apply(to: plan).target }
        let problem = #expect(throws: OptionProblem.self) { try target(PlanInputs.plan(text)) }
        #expect(
            problem?.description
                == "--target: each replica of `a` has an address of its own, and the service has none: write "
                + "`endpoints: [lab/a]` in the plan")
        #expect(try target(PlanInputs.plan(text + "\nendpoints: [lab/a]")) == .lab(service: "a"))
    }

    // MARK: Doubts

    @Test(arguments: [(true, ["ignored"]), (false, [])])
    func aModelledNetworkIsDoubtedWhereTimeIsReal(isRealTime: Bool, rules: [String]) {
        var abilities = PlanInputs.new
        abilities.isRealTime = isRealTime
        let text = "lab: { services: { shop: { network: { delay: 1ms } }, b: { network: {} } } }\ntarget: lab/shop"
        let problems = PlanInputs.problems(PlanInputs.framed(text), abilities: abilities)?.problems ?? []
        #expect(problems.map(\.rule.rawValue) == rules)
        #expect(problems.allSatisfy { $0.severity == .warning && $0.remedy.contains("gale simulate") })
    }

    @Test func anAnnouncementThatIsHeardRaisesNoDoubt() {
        let text = """
            lab:
              services:
                shop: { replicas: 2, listen: each, episodes: [{ restart: 1s, every: 2s, announced: true }] }
            endpoints: [lab/shop]
            """
        #expect(PlanInputs.problems(PlanInputs.framed(text)) == nil)
    }
}
