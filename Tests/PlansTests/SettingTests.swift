import Core
import Flows
import Foundation
import Model
import Testing

@testable import Plans

/// Changes of a plan before it is read: variants and `--set`.
struct SettingTests {
    static let text = """
        name: shop
        target: https://shop.example
        client: { clients: 2, timeout: { total: 9s } }
        load:
          - { rate: 10/s, for: 10s, warm-up: true }
          - { rate: 200/s, for: 10s }
        scenarios:
          browse.all: [{ get: /products }]
        variants:
          staging:
            target: https://staging.example
            client: { timeout: { attempt: 1s } }
          rush: { load: [{ rate: 900/s, for: 1s }] }

        """

    static func read(variant: String? = nil, _ settings: String...) throws(PlanProblems) -> Plan {
        try PlanReader.read(
            text: text, file: "plan.yaml", directory: PlanInputs.inputs.path(), abilities: PlanInputs.new,
            variant: variant, settings: settings
        ).plan
    }

    static func problems(variant: String? = nil, _ settings: String...) -> String {
        do throws(PlanProblems) {
            let reading = try PlanReader.read(
                text: text, file: "plan.yaml", directory: PlanInputs.inputs.path(), abilities: PlanInputs.new,
                variant: variant, settings: settings)
            return reading.warnings?.description ?? ""
        } catch {
            return error.description
        }
    }

    // MARK: Variants

    @Test func aVariantChangesTheKeysThatItNamesAndNoOthers() throws {
        let plan = try Self.read(variant: "staging")
        #expect(plan.target == .url("https://staging.example"))
        #expect(plan.client.clients == 2)
        #expect(plan.client.totalTimeout == .seconds(9))
        #expect(plan.client.attemptTimeout == .seconds(1))
        #expect(plan.load.count == 2)
        #expect(plan.variant == "staging")
    }

    @Test func aListIsReplacedAsAWhole() throws {
        #expect(try Self.read(variant: "rush").load.map(\.text) == ["900/s for 1s"])
    }

    @Test func withoutAVariantThePlanIsItself() throws {
        let plan = try Self.read()
        #expect(plan.target == .url("https://shop.example"))
        #expect(plan.client.attemptTimeout == nil)
        #expect(plan.variant == nil)
        #expect(plan.hash == PlanHash.of(Self.text))
    }

    @Test func aVariantThatIsNotThereNamesThoseThatAre() {
        #expect(
            Self.problems(variant: "stagin", "name=a") == """
                --variant stagin: the plan has no variant `stagin`: did you mean `staging`?
                   | --variant stagin
                   |           ^^^^^^

                """)
        #expect(Self.problems(variant: "production").contains("known are `staging`, `rush`"))
    }

    @Test func aVariantIsCheckedWithoutBeingChosen() throws {
        let text = PlanInputs.framed("variants: { a: { client: { clients: 0 } }, b: { client: { clients: 2 } } }")
        let problems = try #require(PlanInputs.problems(text))
        #expect(problems.problems.map(\.rule) == [.range])
        #expect(problems.problems[0].place == Place(line: 1, column: 37))
    }

    @Test func aProblemOfThePlanIsNotRepeatedForItsVariants() throws {
        let text = PlanInputs.framed("nmae: a\nvariants: { a: { name: b }, b: { name: c } }")
        #expect(try #require(PlanInputs.problems(text)).problems.count == 1)
    }

    @Test func aChosenVariantIsTheOnlyOneThatIsRead() throws {
        let text = PlanInputs.framed("variants: { good: { name: b }, bad: { nmae: c } }")
        let reading = try PlanReader.read(
            text: text, file: "plan.yaml", abilities: PlanInputs.new, variant: "good")
        #expect(reading.plan.name == "b")
        #expect(reading.warnings == nil)
        #expect(throws: PlanProblems.self) {
            try PlanReader.read(text: text, file: "plan.yaml", abilities: PlanInputs.new, variant: "bad")
        }
    }

    @Test func aPlanOfManyVariantsIsRefused() throws {
        let variants = (0..<65).map { "  v\($0): { nmae: x }\n" }.joined()
        let problems = try #require(PlanInputs.problems(PlanInputs.framed("variants:\n" + variants)))
        #expect(problems.problems.count { $0.rule == .variant } == 1)
        #expect(problems.problems.count { $0.rule == .unknownKey } == VariantKeys.maximum)
    }

    // MARK: Settings

    @Test func aSettingReplacesOneValue() throws {
        let plan = try Self.read("load.0.rate=100/s", "client.timeout.total=5s", "name=other")
        #expect(plan.load.map(\.text) == ["100/s for 10s, warm-up", "200/s for 10s"])
        #expect(plan.client.totalTimeout == .seconds(5))
        #expect(plan.client.clients == 2)
        #expect(plan.name == "other")
    }

    @Test func aSettingReplacesAMapAsAWhole() throws {
        let client = try Self.read("client.timeout={ attempt: 1s }").client
        #expect(client.totalTimeout == ClientSettings().totalTimeout)
        #expect(client.attemptTimeout == .seconds(1))
    }

    @Test func mapsOnTheWayAreMade() throws {
        #expect(try Self.read("tls.insecure=true").transport.tls.insecure)
        let plan = try Self.read("lab.services.\"shop.eu\".time=5ms", "target=lab/shop.eu")
        #expect(plan.lab?.services.map(\.name) == ["shop.eu"])
    }

    @Test func aKeyWithADotStandsInQuotes() throws {
        let plan = try Self.read("scenarios.\"browse.all\".0.get=/other")
        #expect(plan.scenarios[0].steps[0].path == "/other")
    }

    @Test func aLaterSettingWinsAndAllWinOverAVariant() throws {
        let plan = try Self.read(variant: "staging", "client.clients=3", "client.clients=4", "target=https://a.example")
        #expect(plan.client.clients == 4)
        #expect(plan.target == .url("https://a.example"))
        #expect(plan.client.attemptTimeout == .seconds(1))
    }

    @Test func aValueIsYAML() throws {
        let plan = try Self.read("budgets=[p99 < 250ms, errors < 1%]", "load=[{ users: 3, for: 1s }]", "name='a=b'")
        #expect(plan.budgets.count == 2)
        #expect(plan.load.map(\.text) == ["3 users for 1s"])
        #expect(plan.name == "a=b")
    }

    @Test(arguments: [
        (
            "client.tiemout=1s", "unknown key `tiemout` in `client`: did you mean `timeout`?",
            "             ^^^^^^^"
        ),
        ("clinet.clients=1", "unknown key `clinet` in the plan: did you mean `client`?", "      ^^^^^^"),
        ("client.clients=many", "`many` is not a number of clients", "                     ^^^^"),
        ("load.2.rate=1/s", "`2` is no item of `load`, a list of 2: write a number from 0 to 1", "           ^"),
        ("load.first.rate=1/s", "`first` is no item of `load`", "           ^^^^^"),
        ("load.99999999999999999999.rate=1/s", "is no item of `load`", "           ^^^^^^^^^^^^^^^^^^^^"),
        (
            "name.first=x", "`first` leads into `name`, which is a text and has no keys: write `name=...`",
            "           ^^^^^"
        ),
        ("name", "`name` has no `=`: write it like", "      ^^^^"),
        ("", "`` has no `=`", "      ^"),
        ("=x", "`=` stands where a key belongs", "      ^"),
        ("client..clients=1", "`.` stands where a key belongs", "             ^"),
        ("client .clients=1", "has a blank before `=`", "            ^"),
        ("\"client=1", "`\"` is not closed", "      ^"),
        ("\"client\"x=1", "a quoted key ends here, and `x` follows", "              ^"),
        ("name=", "`name` has no value", "      ^^^^"),
        ("load=[{ rate: 1/s", "this is not YAML", "                       ^"),
        ("client={ *a : 1 }", "`*` begins an alias here", "               ^"),
        ("budgets.0=p99 < 1s", "`0`: ", ""),
        ("load.1={ rate: 5/s, for: 1sec }", "`1sec` is not a duration", "                               ^^^^"),
    ])
    func aWrongSettingIsReportedInItsOwnText(setting: String, message: String, marker: String) {
        let text = Self.problems(setting)
        if marker.isEmpty {
            // A list is not made of keys; a map is, and the reader says what is wrong with it.
            #expect(text.hasPrefix("--set \(setting): a list of budgets belongs here"))
            return
        }
        let lines = (text + "\n\n").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasPrefix("--set \(setting): "))
        #expect(lines[0].contains(message))
        #expect(lines[1] == "   | --set \(setting)")
        #expect(lines[2] == "   | " + marker)
    }

    @Test func onlyTheFirstLineOfASettingIsShiftedInItsPlaces() {
        let text = Self.problems("client=\n  clients: none\n")
        #expect(text.contains("--set client=\\n  clients: none\\n: `none` is not"))
        #expect(text.hasSuffix("   |   clients: none\n   |            ^^^^\n"))
    }

    @Test func aPasswordInASettingIsNotRepeated() {
        let text = Self.problems("target=https://user:hunter2@shop.example")
        #expect(text.contains("the URL holds a user or a password"))
        #expect(!text.contains("hunter2"))
    }

    @Test func aPathIsNoDeeperThanAPlan() {
        let path = Array(repeating: "a", count: 65).joined(separator: ".")
        #expect(Self.problems("\(path)=1").contains("the path has more than 64 parts"))
    }

    @Test func theRuleOfSettingsHasASettingThatBreaksIt() throws {
        #expect(throws: PlanProblem.self) { try PlanSetting("name", option: 0) }
        do throws(PlanProblem) {
            _ = try PlanSetting("name", option: 7)
        } catch {
            #expect(error.rule == .setting)
            #expect(error.place.origin == .option(7))
        }
    }
}
