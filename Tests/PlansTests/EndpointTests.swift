import Core
import Foundation
import Model
import Policies
import Testing

@testable import Plans

/// `endpoints`: what they read as.
struct EndpointTests {
    private func endpoints(_ yaml: String) throws -> PlannedEndpoints? {
        try PlanInputs.plan("target: http://127.0.0.1\nlab: { services: { shop: {} } }\nendpoints: \(yaml)").endpoints
    }

    @Test(
        arguments: [
            ("10.0.0.11:8443", .address(host: "10.0.0.11", port: 8443)),
            ("shop_1.internal:1", .address(host: "shop_1.internal", port: 1)),
            ("\"[::1]:65535\"", .address(host: "::1", port: 65_535)),
            ("lab/shop", .lab(service: "shop")),
            ("{ address: \"[fd00::13]:80\" }", .address(host: "fd00::13", port: 80)),
        ] as [(String, PlannedEndpoint.Place)])
    func anEndpointIsAnAddressOrAServiceOfTheLab(yaml: String, place: PlannedEndpoint.Place) throws {
        #expect(try endpoints("[\(yaml)]") == .fixed([PlannedEndpoint(place)]))
    }

    @Test func anEndpointHasAWeightAndAZone() throws {
        let read = try endpoints("[{ address: 10.0.0.1:80, weight: 0, zone: eu west }, 10.0.0.2:80]")
        #expect(
            read
                == .fixed([
                    PlannedEndpoint(.address(host: "10.0.0.1", port: 80), weight: 0, zone: "eu west"),
                    PlannedEndpoint(.address(host: "10.0.0.2", port: 80)),
                ]))
        #expect(read?.count == 2)
    }

    @Test(
        arguments: [
            (
                "{ dns: shop.internal:8443 }",
                .dns(host: "shop.internal", port: 8443, server: nil, refresh: .seconds(10))
            ),
            (
                "{ dns: shop:80, refresh: 100ms }",
                .dns(host: "shop", port: 80, server: nil, refresh: .milliseconds(100))
            ),
            ("{ srv: _http._tcp.shop }", .service(name: "_http._tcp.shop", server: nil, refresh: .seconds(10))),
            (
                "{ srv: _http._tcp.shop, server: 127.0.0.1:8600 }",
                .service(
                    name: "_http._tcp.shop", server: NameServer(address: 0x7F00_0001, port: 8_600),
                    refresh: .seconds(10))
            ),
            (
                "{ file: endpoints.txt }",
                .file(path: "\(PlanInputs.inputs.path())/endpoints.txt", refresh: .seconds(1))
            ),
        ] as [(String, EndpointSource)])
    func aMapSaysWhereEndpointsAreFound(yaml: String, source: EndpointSource) throws {
        let read = try endpoints(yaml)
        #expect(read == .source(source))
        #expect(read?.count == nil)
    }

    @Test func withoutEndpointsTheTargetsAddressStands() throws {
        #expect(try PlanInputs.plan("name: a").endpoints == nil)
        #expect(try endpoints("none") == nil)
    }

    /// What an address is, `EndpointText` says and its tests prove.
    @Test(arguments: [
        "10.0.0.11", "\":80\"", "shop:0", "\"shop:8 0\"", "\"::1:80\"", "a b:80", "shop:80/x", "http://shop:80",
        "{ address: shop }", "lab", "lab/", "lab/other", "~", "[10.0.0.1:80]",
    ])
    func whatIsNoAddressIsRefused(yaml: String) throws {
        #expect(throws: PlanProblems.self) { try endpoints("[\(yaml)]") }
    }

    @Test func oneAddressWrittenInTwoWaysIsOne() throws {
        let text = PlanInputs.framed("endpoints: [\"[::1]:80\", \"[0:0::1]:80\"]")
        #expect(try #require(PlanInputs.problems(text)).problems.map(\.rule) == [.conflict])
    }

    @Test(arguments: [
        ("10.0.0.1:80 weight=5\n10.0.0.1:81 wait=5\n", "line 2: `wait=5` is no option of an endpoint"),
        ("10.0.0.1\n", "line 1: the endpoint `10.0.0.1` has no port"),
    ])
    func aFileOfEndpointsIsLookedAtWithThePlan(file: String, message: String) throws {
        try Folder.with(["endpoints.txt": file]) { folder in
            do throws(PlanProblems) {
                _ = try PlanReader.read(
                    text: PlanInputs.framed("endpoints: { file: endpoints.txt }"), file: "plan.yaml", directory: folder,
                    abilities: PlanInputs.new)
                Issue.record("the plan was read")
            } catch {
                #expect(error.description.contains(message))
            }
        }
    }

    @Test func tooManyEndpointsAreRefused() throws {
        let many = (0...EndpointKeys.maximum).map { "10.0.\($0 / 256).\($0 % 256):80" }.joined(separator: ", ")
        let problems = try #require(PlanInputs.problems(PlanInputs.framed("endpoints: [\(many)]")))
        #expect(problems.problems.map(\.rule) == [.range])
    }

    @Test func aLabThatIsAnEndpointIsOfUse() {
        let text = """
            target: https://shop.example
            lab: { services: { shop: { reports-load: true } } }
            endpoints: [lab/shop]
            """
        #expect(PlanInputs.problems(PlanInputs.framed(text)) == nil)
    }

    @Test func aServiceSaysWhatItsLoadIs() throws {
        let lab = try PlanInputs.plan("lab: { services: { shop: { reports-load: true }, b: {} } }\ntarget: lab/b").lab
        #expect(lab?.services.map(\.reportsLoad) == [true, false])
    }
}
