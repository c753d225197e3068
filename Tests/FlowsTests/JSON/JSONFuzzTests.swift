import Core
import Flows
import Foundation
import Testing

/// Random documents and paths, against a slow evaluation on Foundation's tree, and with bytes changed.
@Suite("JSONPath on random documents")
struct JSONFuzzTests {
    // MARK: Documents

    private func document(_ random: inout SeededRandom, depth: Int = 0) -> String {
        let blank = ["", "", " ", "\n\t"].randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<(depth > 3 ? 6 : 10), using: &random) {
        case 0: return "null"
        case 1: return Bool.random(using: &random) ? "true" : "false"
        case 2: return "\(Int.random(in: -20...20, using: &random))"
        case 3: return ["0.5", "-1.25e2", "1E3", "7e-1"].randomElement(using: &random) ?? "0"
        case 4, 5: return "\"" + text(&random) + "\""
        case 6, 7:
            let items = (0..<Int.random(in: 0..<5, using: &random)).map { _ in document(&random, depth: depth + 1) }
            return "[" + blank + items.joined(separator: "," + blank) + blank + "]"
        default:
            let names = ["a", "b", "c", "d e", "é"].shuffled(using: &random).prefix(
                Int.random(in: 0...4, using: &random))
            let members = names.map {
                "\"\($0 == "a" && Bool.random(using: &random) ? "\\u0061" : $0)\"" + blank + ":" + blank
                    + document(&random, depth: depth + 1)
            }
            return "{" + members.joined(separator: blank + ",") + blank + "}"
        }
    }

    private func text(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
            ["x", "y", "\\n", "\\u00e9", "é", "\\ud83d\\ude00", "\\\"", "\\\\"].randomElement(using: &random) ?? ""
        }.joined()
    }

    // MARK: The slow evaluation

    private enum Step { case name(String), index(Int), all, within, slice(Int, Int) }

    private func steps(_ random: inout SeededRandom) -> [Step] {
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
            switch Int.random(in: 0..<8, using: &random) {
            case 0...2: .name(["a", "b", "c", "d e", "é", "z"].randomElement(using: &random) ?? "a")
            case 3: .index(Int.random(in: -3...3, using: &random))
            case 4: .slice(Int.random(in: -3...3, using: &random), Int.random(in: -3...3, using: &random))
            case 5, 6: .all
            default: .within
            }
        }
    }

    private func path(_ steps: [Step]) -> String {
        "$"
            + steps.map { step in
                switch step {
                case .name(let name): "['\(name)']"
                case .index(let index): "[\(index)]"
                case .slice(let lower, let upper): "[\(lower):\(upper)]"
                case .all: "[*]"
                case .within: "..[*]"
                }
            }.joined()
    }

    private func children(_ node: Any) -> [Any] {
        if let object = node as? [String: Any] { Array(object.values) } else { node as? [Any] ?? [] }
    }

    private func within(_ node: Any) -> [Any] { children(node) + children(node).flatMap(within) }

    /// The matches, in any order: Foundation's objects have none.
    private func reference(_ steps: [Step], _ root: Any) -> [Any] {
        steps.reduce([root]) { nodes, step in
            nodes.flatMap { node -> [Any] in
                let array = node as? [Any] ?? []
                switch step {
                case .name(let name): return (node as? [String: Any])?[name].map { [$0] } ?? []
                case .index(let index):
                    let position = index < 0 ? array.count + index : index
                    return array.indices.contains(position) ? [array[position]] : []
                case .slice(let lower, let upper):
                    let from = min(max(lower < 0 ? array.count + lower : lower, 0), array.count)
                    let to = min(max(upper < 0 ? array.count + upper : upper, 0), array.count)
                    return from < to ? Array(array[from..<to]) : []
                case .all: return children(node)
                case .within: return within(node)
                }
            }
        }
    }

    private func canonical(_ value: Any) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: [value], options: [.sortedKeys, .fragmentsAllowed]),
            as: UTF8.self)
    }

    @Test("a path finds what a tree finds", arguments: 0..<20)
    func agrees(round: Int) throws {
        var random = SeededRandom(seed: UInt64(round), stream: 1)
        for _ in 0..<100 {
            let text = document(&random)
            let root = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
            let steps = steps(&random)
            let found = try Found(path(steps), in: text)
            let expected = try Set(reference(steps, root).map(canonical))
            #expect(found.value(.count).text == "\(reference(steps, root).count)", "\(path(steps)) in \(text)")
            for pick in [Pick.first, .last, .random] {
                guard let json = try found.json(pick) else {
                    #expect(expected.isEmpty, "\(path(steps)) in \(text)")
                    continue
                }
                let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: [.fragmentsAllowed])
                #expect(try expected.contains(canonical(value)), "\(path(steps)) in \(text)")
            }
        }
    }

    @Test("a document equals itself, written again by Foundation, and nothing that Foundation tells from it")
    func equality() throws {
        var random = SeededRandom(seed: 3, stream: 2)
        for _ in 0..<500 {
            let (left, right) = (document(&random), document(&random))
            let trees = try [left, right].map {
                try JSONSerialization.jsonObject(with: Data($0.utf8), options: [.fragmentsAllowed])
            }
            let again = String(try canonical(trees[0]).dropFirst().dropLast())
            #expect(
                try Found("$[?@.l == @.r]", in: "[{\"l\":\(left),\"r\":\(again)}]").value(.count).text == "1",
                "\(left) is \(again)")
            let same = try canonical(trees[0]) == canonical(trees[1])
            #expect(
                try Found("$[?@.l == @.r]", in: "[{\"l\":\(left),\"r\":\(right)}]").value(.count).text
                    == (same ? "1" : "0"), "\(left) and \(right)")
        }
    }

    // MARK: Changed bytes

    private func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0..<4, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
            case 1: bytes.insert(Array("[]{}\",:\\u'?@$*.()!=<&|-09 ".utf8).randomElement(using: &random) ?? 0, at: at)
            case 2: bytes.removeLast(bytes.count - at)
            case 3 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
            default: if at < bytes.count { bytes.remove(at: at) }
            }
        }
        return bytes
    }

    static let paths = [
        "$", "$..*", "$.a.b", "$['a','b'][0,-1]", "$[-2:]", "$..[?@.a == 'x' || !(@.b <= -1.5e3)]", "$[?@ == $.a]",
        "$..[?@['a'][0] < \"\\u00e9\" && @.b]['c']", "$[::2]..a",
    ]

    @Test("no change of a document stops the reader", arguments: 0..<10)
    func hostileDocuments(round: Int) throws {
        var random = SeededRandom(seed: UInt64(round), stream: 3)
        let paths = try Self.paths.map { try JSONPath($0) }
        for _ in 0..<100 {
            let body = mutated(Array(document(&random).utf8), &random)
            for path in paths {
                for pick in Pick.allCases {
                    let value = Found(path, in: body).value(pick)
                    #expect(value.isMissing == (value.kind == .missing) && (!value.isMissing || value.bytes.isEmpty))
                }
            }
        }
    }

    @Test("a changed path is read or refused with a place inside it", arguments: 0..<10)
    func hostilePaths(round: Int) throws {
        var random = SeededRandom(seed: UInt64(round), stream: 4)
        let body = Array(#"{"a":[{"a":["x"],"b":1,"c":[1]},"x"],"b":-2}"#.utf8)
        for _ in 0..<500 {
            let base = Self.paths.randomElement(using: &random) ?? "$"
            let text = String(decoding: mutated(Array(base.utf8), &random), as: UTF8.self)
            do {
                let value = Found(try JSONPath(text), in: body).value(.first)
                #expect(!value.isMissing || value.bytes.isEmpty)
            } catch {
                #expect(error.offset >= 0 && error.offset <= text.utf8.count, "\(text): \(error)")
                #expect(error.length >= 0 && error.offset + error.length <= text.utf8.count, "\(text): \(error)")
            }
        }
    }
}
