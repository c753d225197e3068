import Arrivals
import Core
import Foundation
import Testing

@testable import Plans

/// The curve of a plan's load, as a person sees it.
struct RatePictureTests {
    private static func picture(_ load: String) throws -> String {
        RatePicture.text(try PlanInputs.plan("load: [\(load)]\nclient: { in-flight: 1_000_000 }").load)
    }

    @Test func aConstantRateIsABlock() throws {
        let lines = try Self.picture("{ rate: 500/s, for: 10s }").split(separator: "\n").map(String.init)
        let bar = String(repeating: "#", count: 64)
        #expect(lines[0] == "500/s |" + bar)
        #expect(lines[4] == "250/s |" + bar)
        #expect(lines[1...7].filter { $0.hasSuffix(" |" + bar) }.count == 6 + 1)
        #expect(lines[8] == "    0 +" + String(repeating: "-", count: 63) + "+")
        #expect(lines[9] == "      0s" + String(repeating: " ", count: 62) + "10s")
    }

    /// Every shape of load in one plan.
    @Test func allShapesAreDrawn() throws {
        let load = """
            { rate: 0/s to 800/s, for: 1m }, { rate: 100/s to 400/s, step: 100/s, every: 10s },
            { rate: 400/s, wave: 300/s, period: 20s, for: 40s }, { rate: 200/s, spike: 1000/s, at: 10s, lasts: 1ms, for: 20s },
            { users: 10 to 200, for: 40s }, { rate: 300/s, burst: 10, for: 20s }
            """
        let golden = PlanInputs.inputs.appending(path: "all-shapes.picture")
        let (found, expected) = try PlanInputs.matches(try Self.picture(load), golden: golden)
        #expect(found == expected)
    }

    @Test(arguments: [
        "{ rate: 1/h, for: 30d }", "{ users: 1, count: 1 }", "{ users: 5 to 1, for: 1ns }",
        "{ rate: 10_000_000/s, for: 30d }",
        "{ rate: 5/s, spike: 0/s, at: 0s, lasts: 1s, for: 1s }",
        "{ users: 1_000_000, for: 1s }, { rate: 1/s, for: 1s }",
        "{ users: 3, count: 10 }, { users: 3, for: 1m }", "{ rate: 1/s to 10_000/s, step: 1/s, every: 1s }",
    ])
    func aPictureHasItsSize(load: String) throws {
        let picture = try Self.picture(load)
        let lines = picture.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect((10...11).contains(lines.count))
        #expect(picture.utf8.allSatisfy { $0 == 10 || (0x20..<0x7F).contains($0) })
        #expect(lines.allSatisfy { $0.count <= 110 && !$0.hasSuffix(" ") })
        #expect(lines.allSatisfy { !$0.contains("#") || $0.contains("|") || $0.contains("per second") })
        #expect(picture.contains("#") || picture.contains("o"))
    }

    @Test func aShortSpikeIsSeen() throws {
        let lines = try Self.picture("{ rate: 10/s, spike: 1000/s, at: 10m, lasts: 1ms, for: 1h }").split(
            separator: "\n")
        #expect(lines[0].count { $0 == "#" } == 1)
        #expect(lines[0].hasPrefix("1_000/s |"))
    }

    @Test func usersHaveAMarkAndAScaleOfTheirOwn() throws {
        let lines = try Self.picture("{ users: 200, for: 10s }, { rate: 50/s, for: 10s }").split(separator: "\n")
        #expect(
            lines[0] == " 50/s |" + String(repeating: "o", count: 32) + String(repeating: "#", count: 32) + " 200 users"
        )
        #expect(lines.last == "       # arrivals per second, o users, @ both")
    }

    @Test func afterAPhaseThatEndsByACountNoTimeIsKnown() throws {
        let lines = try Self.picture("{ rate: 1/s, for: 10s }, { users: 2, count: 100 }, { rate: 1/s, for: 10s }")
            .split(separator: "\n")
        #expect(lines[9].split(separator: " ") == ["0s", "10s", "?", "?"])
    }

    @Test func aLoadOfNoLengthHasNoPicture() {
        #expect(RatePicture.text([]).isEmpty)
    }
}
