import Core

/// Draws the parts of a plan from a seed. Times are multiples of 10 ms, so that timers, answers and the schedule meet at the
/// same instants often.
struct PlanDraw {
    private var random: SeededRandom
    /// Of the groups, so that no two have one name.
    var serial = 0

    init(seed: UInt64, stream: UInt64 = 0) { random = SeededRandom(seed: seed, stream: stream) }

    /// A whole number of the range.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(random.below(UInt64(range.count)))
    }

    /// True in so many of a hundred draws.
    mutating func chance(_ percent: Int) -> Bool { random.below(100) < UInt64(percent) }

    /// One of the choices, each as likely as the others.
    mutating func one<Value>(of choices: [Value]) -> Value { choices[number(0...choices.count - 1)] }

    /// Each of the choices, taken or left out; at least one.
    mutating func some<Value>(of choices: [Value]) -> [Value] {
        let taken = choices.filter { _ in chance(50) }
        return taken.isEmpty ? [one(of: choices)] : taken
    }

    /// A multiple of 10 ms.
    mutating func time(_ range: ClosedRange<Int>) -> String { "\(10 * number(range))ms" }

    /// The same as a value; the range is of tens of milliseconds.
    mutating func span(_ range: ClosedRange<Int>) -> Span { .milliseconds(10 * Int64(number(range))) }

    /// A time as services and pauses take it, up to 10 ms times `most`: mostly a multiple of 10 ms.
    mutating func distribution(upTo most: Int) -> String {
        let least = time(0...most)
        switch number(0...9) {
        case 0: return "{ p50: \(time(1...max(1, most / 2))), p99: \(10 * (most + 1))ms }"
        case 1: return "{ mean: \(time(1...max(1, most))) }"
        case 2: return "{ fast: \(least), slow: \(10 * (most + 1))ms, share: \(number(1...50))% }"
        case 3: return "0ms to \(time(1...most))"
        default: return least
        }
    }
}

/// A map of YAML in braces, written entry by entry.
struct PlanMap {
    private var entries: [String] = []

    var isEmpty: Bool { entries.isEmpty }

    mutating func add(_ key: String, _ value: String) { entries.append("\(key): \(value)") }

    /// What is in braces.
    var text: String { entries.isEmpty ? "{}" : "{ " + entries.joined(separator: ", ") + " }" }
}

extension [String] {
    /// A list of YAML in brackets.
    var listed: String { "[" + joined(separator: ", ") + "]" }
}
