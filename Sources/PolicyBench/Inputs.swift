import Core

/// Inputs that no compiler can foresee, drawn before the measurement: reading one costs next to nothing.
struct Inputs {
    /// A power of two.
    private static let count = 4_096

    /// About log-uniform between 1 and 100 ms.
    private var latencies: [Span] = []
    private var failures: [Bool] = []
    /// 16 bytes each.
    private var keys: [[UInt8]] = []
    private var numbers: [[UInt8]] = []

    /// - Parameters:
    ///   - failing: share of failed attempts, 0 to 1.
    init(failing: Double = 0.01, seed: UInt64 = 7) {
        var random = SeededRandom(seed: seed)
        let hexadecimal = Array("0123456789abcdef".utf8)
        for _ in 0..<Self.count {
            latencies.append(Span(seconds: PortableMath.exponential(4.6 * random.nextUnit()) / 1_000))
            failures.append(random.nextUnit() < failing)
            keys.append((0..<16).map { _ in hexadecimal[Int(random.below(16))] })
            // 16 digits.
            numbers.append(Array(String(1_000_000_000_000_000 + random.below(9_000_000_000_000_000)).utf8))
        }
    }

    func latency(_ index: Int) -> Span { latencies[index & (Self.count - 1)] }
    func failed(_ index: Int) -> Bool { failures[index & (Self.count - 1)] }
    func key(_ index: Int) -> [UInt8] { keys[index & (Self.count - 1)] }
    func number(_ index: Int) -> [UInt8] { numbers[index & (Self.count - 1)] }
}

/// A clock that goes by a hundred microseconds with each decision: 10,000 calls a second.
struct Ticks {
    private(set) var now = Instant(nanoseconds: 1_000_000_000)
    private(set) var count = 0

    static let step = Span.microseconds(100)

    mutating func next() {
        now = now + Self.step
        count &+= 1
    }
}
