import Core

/// Rendezvous hashing (Thaler, Ravishankar 1998): a key belongs to the shard for which the hash of both is the highest.
/// A shard that goes leaves its keys to others in proportion to their weights, and no other key moves.
struct RendezvousRanks: Sendable {
    private struct Candidate {
        let shard: Int
        /// XXH64 of the id.
        let hash: UInt64
        /// The largest weight over its own.
        let inverse: Double
    }

    /// Those with a weight above 0, by id.
    private let candidates: [Candidate]
    /// The hashes of the candidates, close together.
    private let hashes: [UInt64]
    private let isWeighted: Bool

    init(_ ids: [[UInt8]], weights: [Int]) {
        let heaviest = Double(weights.max() ?? 1)
        candidates = zip(ids, weights).enumerated().filter { $0.element.1 > 0 }.map { shard, entry in
            Candidate(shard: shard, hash: StableHash.of(entry.0), inverse: heaviest / Double(entry.1))
        }
        hashes = candidates.map(\.hash)
        isWeighted = candidates.contains { $0.inverse != 1 }
    }

    /// - Precondition: there are shards.
    func owner(of hash: UInt64) -> Int {
        isWeighted ? bestByWeight(for: hash) { _ in true } ?? 0 : bestOfAll(for: hash)
    }

    /// The open shard with the highest rank; the owner is not asked again.
    func next(after owner: Int, for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        best(for: hash) { $0 != owner && isOpen($0) }
    }

    /// A shard is asked only if it is better than the best so far, so most of them never are.
    @inline(__always)
    private func best(for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        isWeighted ? bestByWeight(for: hash, where: isOpen) : bestByHash(for: hash, where: isOpen)
    }

    /// Without a branch on the ranks: how often a rank is the highest so far is nothing that a processor could foretell.
    private func bestOfAll(for hash: UInt64) -> Int {
        hashes.withUnsafeBufferPointer { hashes in
            var best = 0
            var highest: UInt64 = 0
            for index in 0..<hashes.count {
                let rank = StableHash.mixed(hash, hashes[index])
                best = rank > highest ? index : best
                highest = max(highest, rank)
            }
            return candidates[best].shard
        }
    }

    @inline(__always)
    private func bestByHash(for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        var best: Int?
        var highest: UInt64 = 0
        for candidate in candidates {
            let rank = StableHash.mixed(hash, candidate.hash)
            guard rank > highest || best == nil, isOpen(candidate.shard) else { continue }
            best = candidate.shard
            highest = rank
        }
        return best
    }

    /// With u uniform in (0, 1), −ln u / w is exponential with the rate w, and the least of several such numbers is that
    /// of each shard with a probability of w / Σw (Schindelhauer, Schomaker 2005, the logarithmic method).
    ///
    /// −ln u is at least 1 − u, so a shard for which that is too much already needs no logarithm. Few others are left; what is
    /// taken off for rounding is far more than there can be.
    @inline(__always)
    private func bestByWeight(for hash: UInt64, where isOpen: (Int) -> Bool) -> Int? {
        var best: Int?
        var least = Double.infinity
        for candidate in candidates {
            let rank = StableHash.mixed(hash, candidate.hash)
            // 52 bits and a half: neither 0 nor 1 is possible.
            let unit = (Double(Int64(truncatingIfNeeded: rank &>> 12)) + 0.5) * 0x1p-52
            if (1 - unit) * candidate.inverse * 0.999_999 >= least { continue }
            let cost = -PortableMath.logarithm(unit) * candidate.inverse
            guard cost < least, isOpen(candidate.shard) else { continue }
            best = candidate.shard
            least = cost
        }
        return best
    }
}
