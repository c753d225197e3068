import Core

/// A portable hash of keys: the same on every machine and in every process.
package enum KeyHash {
    /// FNV-1a, 64 bits, then mixed, since FNV alone leaves the low bits of short keys regular.
    /// - Parameter salt: keys of two purposes with two salts fall independently.
    package static func of(_ key: String, salt: UInt64 = 0) -> UInt64 {
        let folded = key.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return SeededRandom.value(seed: folded, stream: salt, at: 0)
    }
    /// One of `count` places, at least 1.
    package static func place(of key: String, among count: Int, salt: UInt64 = 0) -> Int {
        Int(truncatingIfNeeded: of(key, salt: salt) % UInt64(max(1, count)))
    }
}
