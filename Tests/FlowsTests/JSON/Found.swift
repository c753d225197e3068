import Core
import Flows

/// What a path finds, by each way of picking.
struct Found {
    let path: JSONPath
    let body: [UInt8]

    init(_ path: String, in body: String) throws {
        self.path = try JSONPath(path)
        self.body = Array(body.utf8)
    }

    init(_ path: JSONPath, in body: [UInt8]) {
        self.path = path
        self.body = body
    }

    func value(_ pick: Pick, seed: UInt64 = 1) -> Value {
        var random = SeededRandom(seed: seed)
        var value = Value(text: "what was there before")
        path.read(body, pick: pick, using: &random, into: &value)
        return value
    }

    /// As JSON; nil when nothing was found.
    func json(_ pick: Pick, seed: UInt64 = 1) throws -> String? {
        let value = value(pick, seed: seed)
        guard !value.isMissing else { return nil }
        var variables = Variables(count: 1)
        variables[0] = value
        var output: [UInt8] = []
        let fault = try Template("{{x}}", escape: .json) { _ in 0 }.render(variables, into: &output)
        return fault == nil ? String(decoding: output, as: UTF8.self) : nil
    }
}
