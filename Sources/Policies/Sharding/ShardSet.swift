/// Which shards were asked already on a walk; on the stack.
struct ShardSet {
    /// Shards are numbered from 0 to below this: a client has at most so many endpoints.
    static let capacity = 4_096

    private var words = InlineArray<64, UInt64>(repeating: 0)

    /// - Returns: whether it was not in the set before.
    mutating func insert(_ shard: Int) -> Bool {
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: shard & 63)
        let word = words[shard &>> 6]
        words[shard &>> 6] = word | bit
        return word & bit == 0
    }
}
