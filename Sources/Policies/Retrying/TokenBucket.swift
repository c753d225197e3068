/// Tokens from 0 to `most`, in millionths: sums of tenths are exact, so that 51 of them, and no other number, are more than 5.
struct TokenBucket: Sendable {
    static let whole = 1e6

    let most: Int64
    private(set) var tokens: Int64

    /// - Parameter most: what it holds, and has at the start; up to 10^12.
    init(most: Double) {
        self.most = Self.millionths(most)
        tokens = self.most
    }

    static func millionths(_ tokens: Double) -> Int64 {
        tokens > 0 ? Int64((min(tokens, 1e12) * whole).rounded()) : 0
    }

    mutating func add(_ millionths: Int64) { tokens = min(tokens &+ millionths, most) }
    mutating func remove(_ millionths: Int64) { tokens = max(tokens &- millionths, 0) }

    /// 0 to 1.
    var share: Double { most > 0 ? Double(tokens) / Double(most) : 0 }
}
