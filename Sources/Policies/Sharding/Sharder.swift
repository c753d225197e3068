/// Which shard a key belongs to.
///
/// A shard is known by its id, the endpoint's address: in whatever order the same set is given, each key has the same
/// owner. Only `range` goes by order. Lookups allocate nothing; they take a constant or logarithmic time, those of
/// `rendezvous` a time in proportion to the number of shards.
package struct Sharder: Sendable {
    package struct Shard: Hashable, Sendable {
        /// Where the endpoint stands in the client, 0 to 4,095.
        package var place: Int
        /// What it is known by for ever.
        package var id: String
        /// Share of the keys relative to the others; at least 0, more than 1,000,000 reads as that. With 0 a shard owns
        /// nothing, unless all have 0. `range` and `modulo` do not look at it.
        package var weight: Int

        package init(place: Int, id: String, weight: Int = 1) {
            self.place = place
            self.id = id
            self.weight = weight
        }
    }

    private enum Layout: Sendable {
        case range(RangeBounds)
        case modulo
        case ring(HashRing)
        case maglev(MaglevTable)
        case rendezvous(RendezvousRanks)
    }

    package let settings: ShardSettings
    /// The shards there are now: by id, for `range` as given.
    package private(set) var shards: [Shard] = []
    private var layout: Layout = .modulo
    /// The place of each shard.
    private var places: [Int] = []
    /// By place: the bound times the shard's share of all weights.
    private var shares: [Double] = []

    /// A sharder without shards: no key has an owner yet.
    package init(_ settings: ShardSettings) {
        self.settings = settings
    }

    /// Takes the shards there are now. They may be others than before; what stays the same of the owners is the rule's
    /// merit. Tables are built anew: up to some milliseconds for 100 shards.
    /// - Parameter shards: at most 4,096, no two of the same id or place; for `range` in the order of its bounds.
    package mutating func setShards(_ shards: [Shard]) {
        precondition(shards.count <= ShardSet.capacity, "there are at most \(ShardSet.capacity) shards")
        self.shards = shards
        var isWeighted = true
        switch settings.rule {
        case .range: isWeighted = false
        case .modulo:
            isWeighted = false
            self.shards.sort { $0.id < $1.id }
        case .ring, .maglev, .rendezvous: self.shards.sort { $0.id < $1.id }
        }
        places = self.shards.map(\.place)
        let weights = Self.weights(of: self.shards, isWeighted: isWeighted)
        let ids = self.shards.map { Array($0.id.utf8) }
        layout =
            switch settings.rule {
            case .range(let bounds): .range(RangeBounds(bounds))
            case .modulo: .modulo
            case .ring(let nodes): .ring(HashRing(ids, weights: weights, nodes: nodes))
            case .maglev(let size): .maglev(MaglevTable(ids, weights: weights, size: size))
            case .rendezvous: .rendezvous(RendezvousRanks(ids, weights: weights))
            }
        setShares(weights)
    }

    /// The weights that count: none of them below 0, not all of them 0.
    private static func weights(of shards: [Shard], isWeighted: Bool) -> [Int] {
        guard isWeighted, shards.contains(where: { $0.weight > 0 }) else { return shards.map { _ in 1 } }
        return shards.map { min(max(0, $0.weight), 1_000_000) }
    }

    private mutating func setShares(_ weights: [Int]) {
        shares = [Double](repeating: 0, count: (places.max() ?? -1) + 1)
        guard let bound = settings.bound else { return }
        let sum = Double(weights.reduce(0, +))
        for (place, weight) in zip(places, weights) { shares[place] = bound * Double(weight) / sum }
    }

    // MARK: Owners

    /// The place of the key's owner; nil when there is no shard for it: there are none at all, or (`range`) the key is no
    /// whole number or fewer shards are there than bounds.
    package func owner(of key: borrowing [UInt8]) -> Int? { owner(of: key.span.bytes) }

    /// The place of the key's owner.
    package func owner(of key: RawSpan) -> Int? { find(key).map { places[$0.owner] } }

    /// The place where the key goes: its owner, unless that is not open; then the next in the rule's own order for that
    /// key. That is the following shard of `range` and `modulo`, the next other shard on the ring or in Maglev's
    /// table, and the next lower rank of rendezvous.
    /// - Parameter isOpen: whether a place takes more now; asked once for a place at most.
    /// - Returns: nil when the key has no owner or no place is open.
    package func place(for key: borrowing [UInt8], isOpen: (Int) -> Bool) -> Int? {
        place(for: key.span.bytes, isOpen: isOpen)
    }

    /// The place where the key goes.
    package func place(for key: RawSpan, isOpen: (Int) -> Bool) -> Int? {
        guard let (owner, hash) = find(key) else { return nil }
        if isOpen(places[owner]) { return places[owner] }
        let next =
            switch layout {
            case .range, .modulo: following(owner) { isOpen(places[$0]) }
            case .ring(let ring): ring.next(after: owner, for: hash) { isOpen(places[$0]) }
            case .maglev(let table): table.next(after: owner, for: hash) { isOpen(places[$0]) }
            case .rendezvous(let ranks): ranks.next(after: owner, for: hash) { isOpen(places[$0]) }
            }
        return next.map { places[$0] }
    }

    /// The owner as an index of `shards`, and the key's hash (0 where it does not matter).
    private func find(_ key: RawSpan) -> (owner: Int, hash: UInt64)? {
        if places.isEmpty { return nil }
        if case .range(let bounds) = layout {
            guard let owner = bounds.owner(of: key), owner < places.count else { return nil }
            return (owner, 0)
        }
        let hash = StableHash.of(key)
        let owner =
            switch layout {
            case .range, .modulo: Int(truncatingIfNeeded: hash % UInt64(places.count))
            case .ring(let ring): ring.owner(of: hash)
            case .maglev(let table): table.owner(of: hash)
            case .rendezvous(let ranks): ranks.owner(of: hash)
            }
        return (owner, hash)
    }

    private func following(_ owner: Int, where isOpen: (Int) -> Bool) -> Int? {
        for index in (owner + 1)..<places.count where isOpen(index) { return index }
        for index in 0..<owner where isOpen(index) { return index }
        return nil
    }

    // MARK: Bounded load

    /// How much a place may have in flight so that no shard has more than `settings.bound` times the mean, the call that
    /// is to come included: ⌈(total + 1) · bound · share of the weights⌉ and at least 1 (Mirrokni, Thorup, Zadimoghaddam
    /// 2018, "Consistent hashing with bounded loads"; HAProxy's `hash-balance-factor`). The limits of all places exceed
    /// the total together, so one place is always below its own.
    /// - Parameter total: what all places have in flight now.
    /// - Returns: `Int.max` without a bound.
    package func limit(of place: Int, inFlight total: Int) -> Int {
        guard settings.bound != nil else { return .max }
        guard shares.indices.contains(place) else { return 1 }
        // What rounding added to a product that is a whole number must not make it the next one.
        let limit = (Double(max(0, total)) + 1) * shares[place] * (1 - 1e-12)
        guard limit < 0x1p62 else { return .max }
        // Rounded up by hand: without SSE4.1 the standard library calls a function for it.
        let whole = Int(limit)
        return max(1, Double(whole) < limit ? whole + 1 : whole)
    }

    /// Whether a place with that much in flight takes one more, of all that is in flight: below its limit.
    package func hasRoom(_ place: Int, inFlight own: Int, of total: Int) -> Bool {
        own < limit(of: place, inFlight: total)
    }

    // MARK: Moved keys

    /// The share, 0 to 1, of fixed sample keys whose owner was another one in `earlier`: what a change of the shards
    /// costs the caches behind them. The keys are the numbers from 0 as text, 10,000 of them and fewer with more than 400
    /// shards of `rendezvous`; for `range` one key of each of its intervals.
    package func movedShare(from earlier: Sharder) -> Double {
        let samples = sampleKeys(with: max(places.count, earlier.places.count))
        let moved = samples.count { owner(of: $0) != earlier.owner(of: $0) }
        return Double(moved) / Double(samples.count)
    }

    private func sampleKeys(with shardCount: Int) -> [[UInt8]] {
        switch settings.rule {
        case .range(let bounds):
            let last = bounds.last.map { $0 == .max ? $0 : $0 + 1 } ?? 0
            return (bounds + [last]).map { Array(String($0).utf8) }
        case .rendezvous:
            return (0..<min(10_000, 4_000_000 / max(1, shardCount))).map { Array(String($0).utf8) }
        case .modulo, .ring, .maglev: return (0..<10_000).map { Array(String($0).utf8) }
        }
    }
}
