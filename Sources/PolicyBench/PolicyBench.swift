import Core

/// `policy-bench [--only TEXT] [--rounds 9] [--milliseconds 20] [--endpoints 100]`: what a decision of each policy costs,
/// one JSON object per line. `Benchmarks/policies.py` holds it against the bars.
@main
enum PolicyBench {
    static func main() {
        var (rounds, milliseconds, endpoints, only) = (9, 20, 100, "")
        var arguments = CommandLine.arguments.dropFirst()
        while let option = arguments.popFirst() {
            guard let text = arguments.popFirst() else { fatalError("`\(option)` needs a value") }
            switch option {
            case "--only": only = text
            case "--rounds": rounds = positive(text, option, upTo: 1_001)
            case "--milliseconds": milliseconds = positive(text, option, upTo: 10_000)
            case "--endpoints": endpoints = positive(text, option, upTo: 4_096)
            default:
                fatalError("`\(option)` is no option; they are --only, --rounds, --milliseconds and --endpoints")
            }
        }
        guard Benchmark.countsAllocations() else { fatalError("this C library's allocator cannot be counted") }
        for benchmark in Self.all(endpoints: endpoints) where only.isEmpty || benchmark.name.contains(only) {
            print(benchmark.line(benchmark.measure(rounds: rounds, milliseconds: milliseconds)))
        }
    }

    static func all(endpoints: Int) -> [Benchmark] {
        balancing(endpoints) + sharding(endpoints) + breaking() + retrying() + timing() + limiting(endpoints)
            + health(endpoints)
    }

    private static func positive(_ text: String, _ option: String, upTo most: Int) -> Int {
        guard let number = Int(text), 1...most ~= number else {
            fatalError("`\(option) \(text)`: it takes a whole number from 1 to \(most)")
        }
        return number
    }
}
