extension SeededRandom {
    /// The numbers of draw `ordinal` alone, for draws that need more than one.
    package init(seed: UInt64, stream: UInt64, ordinal: Int) {
        self.init(seed: Self.value(seed: seed, stream: stream, at: UInt64(bitPattern: Int64(ordinal))), stream: stream)
    }

    /// A uniform number below `bound`, at least 1: Lemire 2019, "Fast random integer generation in an interval". The
    /// standard library has the same, but does not promise the same numbers in its next version.
    package mutating func below(_ bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            // 2^64 mod bound of the low halves would make some numbers likelier; they are drawn again.
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
