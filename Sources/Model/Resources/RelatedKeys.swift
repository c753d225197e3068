/// A key that ends in a number, and those with the next numbers: `user:17`, `user:18`, … The number keeps its width where
/// it begins with zeros. A key without a number at its end, or with one beyond 64 bits, stands alone.
struct RelatedKeys: Sequence, IteratorProtocol {
    private let stem: Substring
    private let width: Int
    private var number: Int?
    private var left: Int
    /// The key itself, which comes first as it is written.
    private var own: String?

    /// - Parameter count: how many follow the key.
    init(of key: String, count: Int) {
        let digits = key.utf8.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        let start = key.utf8.index(key.endIndex, offsetBy: -digits)
        stem = key[..<start]
        width = digits
        number = Int(key[start...])
        left = count
        own = key
    }

    mutating func next() -> String? {
        if let own {
            self.own = nil
            return own
        }
        guard left > 0, let last = number, last < .max else { return nil }
        left -= 1
        number = last + 1
        let text = String(last + 1)
        return "\(stem)\(String(repeating: "0", count: Swift.max(0, width - text.utf8.count)))\(text)"
    }
}
